internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Who asks for a change of identity, and whether it is only to be tried.
struct CurationRequest: Sendable {
  /// The user id of who asks.
  let requestedBy: UInt32
  /// Answers what would happen, and changes nothing.
  let isRehearsal: Bool
}

/// A change of identity in the making: the store, the faces in memory and who asked.
struct Curation {
  let library: LibraryID
  let transaction: Transaction
  let faces: LibraryFaces
  let model: FaceLibraries.Model

  // MARK: Statements

  /// Takes down what a user said and does what follows from it, in the store and in memory.
  ///
  /// - Parameters:
  ///   - statements: new ones; those that stand already are passed over.
  ///   - retracted: earlier ones that no longer hold.
  /// - Throws: ``ErrorCode/identityConflict`` if they contradict others.
  func state(
    _ statements: [IdentityStatement], retracting retracted: [IdentityStatement] = []
  )
    throws
  {
    for statement in retracted { try transaction.retract(statement, in: library) }
    let new = try statements.filter { try transaction.state($0, in: library) }
    let released = retracted.compactMap(Constraint.init)
    let stated = new.compactMap(Constraint.init)
    let (changes, conflicts) = faces.change { clusterer in
      _ = clusterer.impose(Imposition(released: released))
      return clusterer.constrain(stated)
    }
    if let conflict = conflicts.first { throw try error(conflict) }
    try transaction.apply(changes, in: library)
  }

  /// Follows in memory what was done in the store, without deciding anything.
  ///
  /// - Throws: ``ErrorCode/identityConflict`` if statements contradict others.
  func impose(_ imposition: Imposition) throws {
    var imposition = imposition
    for cluster in imposition.protection.keys {
      let birth = try transaction.cluster(cluster)?.birth
      imposition.births.updateValue(birth, forKey: cluster)
    }
    let (ended, conflicts) = faces.change { [imposition] in $0.impose(imposition) }
    if let conflict = conflicts.first { throw try error(conflict) }
    for cluster in ended {
      guard let record = try transaction.cluster(cluster), record.mergedInto == nil else {
        continue
      }
      try transaction.endCluster(cluster)
    }
  }

  /// Says in memory whether clusters are users' now and when their people were born; figures that
  /// were photographed before that find another place.
  func followProtection(of clusters: [ClusterID]) throws {
    var protection: [ClusterID: Bool] = [:]
    for cluster in clusters { protection[cluster] = try transaction.isCurated(cluster) }
    try impose(Imposition(protection: protection))
    try transaction.apply(
      faces.change { $0.dismissTooEarly(from: clusters) }, in: library)
  }

  // MARK: Whom it is about

  /// The figures with these public identifiers, in their order.
  ///
  /// - Parameters:
  ///   - identifiers: as the client named them.
  ///   - field: that named them.
  /// - Returns: the figures.
  /// - Throws: ``ErrorCode/resourceNotFound`` for one that does not exist, or not in this library.
  func figures(_ identifiers: [PublicIdentifier], field: String) throws -> [FigureRecord] {
    try identifiers.map { identifier in
      guard let figure = try transaction.figure(withPublicID: identifier),
        figure.library == library
      else {
        throw WireError(
          .resourceNotFound, "There is no figure \(identifier.asFigure) in this library.",
          field: field, hint: "ListFigures lists those that exist.")
      }
      return figure
    }
  }

  /// Makes a cluster that a user puts together.
  func makeCluster(named name: String?) throws -> ClusterID {
    let cluster = faces.read { $0.nextCluster }
    try transaction.insertCluster(cluster, in: library)
    try transaction.updateCluster(
      cluster, ClusterUpdate(name: .set(name), isConfirmed: .set(true)), expectedLockVersion: nil)
    try impose(Imposition(protection: [cluster: true]))
    return cluster
  }

  /// Marks clusters as put together by a user, so that the machine only adds to them.
  func confirm(_ clusters: [ClusterID]) throws {
    for cluster in clusters {
      guard let record = try transaction.cluster(cluster), !record.isConfirmed else { continue }
      try transaction.updateCluster(
        cluster, ClusterUpdate(isConfirmed: .set(true)), expectedLockVersion: nil)
    }
    try followProtection(of: clusters)
  }

  private func error(_ conflict: ConstraintConflict) throws -> WireError {
    WireError(
      .identityConflict,
      "This contradicts what was said before: \(try words(conflict.reason)).",
      hint: "ListIdentityEvents with the FigureId tells who said it and when; "
        + "UndoIdentityEvent takes it back.")
  }

  /// Why two statements cannot both be true, as a clause.
  func words(_ reason: ConstraintConflict.Reason) throws -> String {
    func name(_ cluster: ClusterID) throws -> String {
      guard let record = try transaction.cluster(cluster) else { return "a cluster" }
      return record.name.map { "\(JSONValue.string($0).shown)" } ?? record.publicID.asCluster
    }
    return switch reason {
    case .pinnedApart(let a, let b):
      "a face that is the same person's was put into \(try name(a)), not \(try name(b))"
    case .pinnedAndExcluded(let cluster):
      "it was both put into \(try name(cluster)) and said not to be in it"
    case .linkedAndKeptApart: "the faces were said to show one person, and two people"
    }
  }
}

extension FaceLibraries {
  /// Makes one change of identity: one transaction, one event of the log.
  ///
  /// - Parameters:
  ///   - library: where.
  ///   - kind: what is being done.
  ///   - request: who asks.
  ///   - body: does it, and returns what the answer needs.
  /// - Returns: what `body` returned, and what has changed.
  /// - Throws: what `body` throws; nothing is changed then.
  func curate<Result>(
    _ library: LibraryID, _ kind: IdentityEventKind, _ request: CurationRequest,
    _ body: (Curation) throws -> Result
  ) throws -> (Result, IdentityChangeMessage) {
    try change(library, isRehearsal: request.isRehearsal) { transaction, faces in
      transaction.beginIdentityEvent(kind, in: library, requestedBy: request.requestedBy)
      let result = try body(
        Curation(library: library, transaction: transaction, faces: faces, model: model))
      let event = try transaction.recordedIdentityEvent()
      return (
        result,
        IdentityChangeMessage(
          undoID: request.isRehearsal ? nil : event?.publicID.asEvent,
          dryRun: request.isRehearsal ? true : nil,
          event: try event.map { try transaction.message($0, withFigures: false) })
      )
    }
  }

  /// The library that clusters are in.
  ///
  /// - Throws: ``ErrorCode/resourceNotFound`` without such a cluster,
  ///   ``ErrorCode/invalidParameter`` if they are not all of one library.
  func library(
    ofClusters identifiers: [PublicIdentifier], field: String
  ) throws -> LibraryID {
    try store.read { snapshot in
      let libraries = Set(
        try identifiers.map { try snapshot.existingCluster($0, field: field).library })
      guard let library = libraries.first, libraries.count == 1 else {
        throw WireError(
          .invalidParameter, "\(field) must name clusters of one library.", field: field)
      }
      return library
    }
  }

  /// The library that figures are in.
  ///
  /// - Throws: ``ErrorCode/resourceNotFound`` without such a figure.
  func library(ofFigures identifiers: [PublicIdentifier], field: String) throws -> LibraryID {
    guard let first = identifiers.first else {
      throw WireError(.missingParameter, "\(field) must name at least one figure.", field: field)
    }
    return try store.read { snapshot in
      guard let figure = try snapshot.figure(withPublicID: first) else {
        throw WireError(
          .resourceNotFound, "There is no figure \(first.asFigure).", field: field,
          hint: "ListFigures lists those that exist.")
      }
      return figure.library
    }
  }
}
