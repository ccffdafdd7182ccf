internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

// What users do to clusters and faces. Each is one event of the log.

extension Curation {
  /// Merges clusters into another, which inherits what it lacks; the merged ones stay as links.
  func merge(_ sources: [ClusterRecord], into target: ClusterRecord) throws {
    var retracted: [IdentityStatement] = []
    var stated: [IdentityStatement] = []
    var placements: [FigureID: ClusterID?] = [:]
    for source in sources {
      for figure in faces.read({ $0.figures(of: source.id) }) {
        placements.updateValue(target.id, forKey: figure)
      }
      for statement in try transaction.statements(of: source.id) {
        retracted.append(statement)
        switch statement {
        case .pin(let figure, _): stated.append(.pin(figure, target.id))
        case .exclude(let figure, _): stated.append(.exclude(figure, target.id))
        case .mustLink, .cannotLink, .notAFace: break
        }
      }
      try inherit(from: source, to: target.id)
    }
    for statement in retracted { try transaction.retract(statement, in: library) }
    let new = try stated.filter { try transaction.state($0, in: library) }
    for source in sources { try transaction.merge(source.id, into: target.id) }
    try impose(
      Imposition(
        placements: placements, released: retracted.compactMap(Constraint.init),
        stated: new.compactMap(Constraint.init),
        protection: Dictionary(
          uniqueKeysWithValues: sources.map { ($0.id, false) } + [(target.id, true)])))
    try confirm([target.id])
    try checkStatements(in: target.id)
  }

  /// Refuses a merger that contradicts what was said: nobody guesses which of the two is wrong.
  private func checkStatements(in cluster: ClusterID) throws {
    for statement in try transaction.statements(in: library) {
      let contradicting =
        switch statement {
        case .exclude(let figure, cluster): [figure]
        case .cannotLink(let a, let b): [a, b]
        default: [FigureID]()
        }
      guard !contradicting.isEmpty,
        try contradicting.allSatisfy({ try transaction.figure($0)?.cluster == cluster })
      else { continue }
      throw WireError(
        .identityConflict,
        "Faces of these clusters were said to show different people.",
        hint: "If that was wrong, undo it first: ListIdentityEvents with a FigureId finds it.")
    }
  }

  private func inherit(from source: ClusterRecord, to target: ClusterID) throws {
    guard let heir = try transaction.cluster(target) else { return }
    var update = ClusterUpdate()
    if heir.name == nil, source.name != nil { update.name = .set(source.name) }
    if heir.customID == nil, source.customID != nil { update.customID = .set(source.customID) }
    if heir.birthDate == nil, source.birthDate != nil { update.birthDate = .set(source.birthDate) }
    if heir.entity == nil, source.entity != nil { update.entity = .set(source.entity) }
    if source.isFavourite, !heir.isFavourite { update.isFavourite = .set(true) }
    let labels = heir.customLabels.merging(source.customLabels) { own, _ in own }
    if labels != heir.customLabels { update.customLabels = .set(labels) }
    guard update != ClusterUpdate() else { return }
    try transaction.updateCluster(target, update, expectedLockVersion: nil)
  }

  /// Takes figures out of their cluster into one of their own.
  ///
  /// - Parameters:
  ///   - source: which keeps at least one figure.
  ///   - figures: of the cluster.
  ///   - name: of the new cluster.
  /// - Returns: the new cluster.
  /// - Throws: ``ErrorCode/invalidParameter`` if a figure is not in the cluster, or all of it are.
  func split(
    _ source: ClusterRecord, _ figures: [FigureRecord], name: String?
  ) throws -> ClusterID {
    for figure in figures where figure.cluster != source.id {
      throw WireError(
        .invalidParameter,
        "Figure \(figure.publicID.asFigure) is not in \(source.publicID.asCluster).",
        field: "Figures", hint: "MoveFigures moves figures of several clusters.")
    }
    guard figures.count < source.faceCount else {
      throw WireError(
        .invalidParameter, "All \(source.faceCount) figures of the cluster are named.",
        field: "Figures", hint: "Leave at least one of them out.")
    }
    try confirm([source.id])
    let new = try makeCluster(named: name)
    try move(figures, to: new)
    return new
  }

  /// Puts figures into a cluster for good.
  func move(_ figures: [FigureRecord], to target: ClusterID) throws {
    var retracted: [IdentityStatement] = []
    for figure in figures {
      for statement in try transaction.statements(of: figure.id) {
        switch statement {
        case .pin(_, let cluster) where cluster != target: retracted.append(statement)
        case .exclude(_, target), .notAFace: retracted.append(statement)
        default: break
        }
      }
    }
    try bringBack(retracted)
    try confirm([target])
    try state(figures.map { .pin($0.id, target) }, retracting: retracted)
    // The machine's guess of how sure it is no longer matters.
    try transaction.assign(
      figures.map { ClusterAssignment(figure: $0.id, cluster: target, confidence: 1) })
  }

  /// Says that figures do not show a cluster's person; each finds another place, or waits.
  func reject(_ figures: [FigureRecord], from cluster: ClusterID) throws {
    try state(
      figures.map { .exclude($0.id, cluster) },
      retracting: figures.map { .pin($0.id, cluster) })
    try endIfForgotten(cluster)
  }

  /// Ends a cluster that nobody named and that has no figure left: to keep figures out of nothing
  /// says nothing.
  private func endIfForgotten(_ cluster: ClusterID) throws {
    guard let record = try transaction.cluster(cluster), record.faceCount == 0,
      try !transaction.isCurated(cluster)
    else { return }
    let statements = try transaction.statements(of: cluster)
    for statement in statements { try transaction.retract(statement, in: library) }
    try impose(
      Imposition(
        released: statements.compactMap(Constraint.init), protection: [cluster: false]))
  }

  /// Forgets where users put figures: each finds its place anew, as if it had just come.
  func release(_ figures: [FigureRecord]) throws {
    var retracted: [IdentityStatement] = []
    for figure in figures {
      for statement in try transaction.statements(of: figure.id) {
        switch statement {
        case .pin, .notAFace: retracted.append(statement)
        case .exclude, .mustLink, .cannotLink: break
        }
      }
    }
    for statement in retracted { try transaction.retract(statement, in: library) }
    try bringBack(retracted)
    try impose(Imposition(released: retracted.compactMap(Constraint.init)))
    // It waits as any other now, should it find no place.
    try transaction.assign(
      retracted.compactMap { statement in
        guard case .notAFace(let figure) = statement else { return nil }
        return ClusterAssignment(
          figure: figure, cluster: nil, waitingReason: WaitingReason.tooUnclearToFound.rawValue)
      })
    let released = figures.map(\.id)
    try transaction.apply(faces.change { $0.replace(released) }, in: library)
  }

  /// Says that figures are no faces: they leave index and clusters, and stay out.
  func markNotFaces(_ figures: [FigureRecord]) throws {
    for figure in figures {
      for statement in try transaction.statements(of: figure.id)
      where statement != .notAFace(figure.id) {
        try transaction.retract(statement, in: library)
      }
    }
    let new = try figures.filter { try transaction.state(.notAFace($0.id), in: library) }
    try transaction.apply(faces.remove(new.map(\.id)), in: library)
    try transaction.assign(
      new.map {
        ClusterAssignment(figure: $0.id, cluster: nil, waitingReason: Self.notAFaceReason)
      })
  }

  /// Why a figure is in no cluster that a user said is no face.
  static let notAFaceReason = "NotAFace"

  /// Lets figures be faces again of which a user had said that they are none.
  private func bringBack(_ retracted: [IdentityStatement]) throws {
    for case .notAFace(let figure) in retracted {
      try restoreToMemory(figure)
    }
  }

  private func restoreToMemory(_ figure: FigureID) throws {
    guard
      let embedded = try transaction.embeddedFigure(figure, fingerprint: model.fingerprint),
      !faces.read({ $0.contains(figure) })
    else { return }
    let returning = ClusterableFigure(embedded)
    faces.change { $0.insertWaiting(returning) }
  }

  /// Takes an event of the log back, as far as nothing later has changed the same again.
  ///
  /// - Returns: how much of it stays.
  func undo(_ event: IdentityEventRecord, requestedBy: UInt32) throws -> Int {
    let reversal = try transaction.reverse(event, requestedBy: requestedBy)
    try bringBack(reversal.retracted)
    let leaving = reversal.stated.compactMap { statement in
      if case .notAFace(let figure) = statement { figure } else { nil }
    }
    faces.change { $0.forget(leaving) }
    var protection: [ClusterID: Bool] = [:]
    for cluster in reversal.clusters {
      protection[cluster] = try transaction.isCurated(cluster)
    }
    try impose(
      Imposition(
        placements: reversal.placements,
        released: reversal.retracted.compactMap(Constraint.init),
        stated: reversal.stated.compactMap(Constraint.init), protection: protection))
    return reversal.keptCount
  }
}

extension FaceLibraries {
  /// Changes what a user says about a cluster.
  ///
  /// A cluster that bears a user's mark is the user's: from then on the machine only adds to it.
  ///
  /// - Parameters:
  ///   - identifier: of the cluster.
  ///   - field: that named it.
  ///   - update: what to change.
  ///   - cover: the figure to be its cover; `nil` keeps it.
  ///   - expectedLockVersion: that the client read; `nil` overwrites whatever is there.
  ///   - request: who asks, and whether it is only tried.
  /// - Returns: the cluster as it is now, and what has changed.
  /// - Throws: ``WireError`` or ``StoreError``.
  func updateCluster(
    _ identifier: PublicIdentifier, field: String, _ update: ClusterUpdate,
    cover: PublicIdentifier? = nil, expectedLockVersion: Int64?, _ request: CurationRequest
  ) throws -> (FigureClusterMessage, IdentityChangeMessage) {
    let library = try library(ofClusters: [identifier], field: field)
    return try curate(library, .update, request) { curation in
      let transaction = curation.transaction
      let found = try transaction.existingCluster(identifier, field: field)
      var update = update
      if let cover {
        guard let figure = try transaction.figure(withPublicID: cover) else {
          throw WireError(
            .resourceNotFound, "There is no figure \(cover.asFigure).",
            field: "FigureCluster.Cover.Figures.FigureId")
        }
        update.cover = .set(figure.id)
      }
      let cluster = try transaction.updateCluster(
        found.id, update, expectedLockVersion: expectedLockVersion)
      guard let library = try transaction.library(cluster.library) else {
        throw StoreError.notFound(.library, key: "\(cluster.library)")
      }
      if cluster.mergedInto == nil { try curation.followProtection(of: [cluster.id]) }
      return try transaction.message(cluster, in: library)
    }
  }
}
