internal import Clustering
internal import EventLog
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging
internal import Synchronization
internal import Threading
internal import VectorIndex
internal import WireProtocol

/// The one writer of what concerns people: index, clusters and store change together or not at
/// all.
///
/// A change runs in one transaction of the store; the faces in memory follow within it. If the
/// transaction fails after that, the library's faces are read anew from the store, so that memory
/// never stays ahead of the disk.
final class FaceLibraries: Sendable {
  /// What makes embeddings comparable.
  struct Model: Sendable {
    let fingerprint: ModelFingerprint
    let dimension: Int
    /// The networks that are asked for more than whose a face is.
    var attributes: [AttributeKind: ModelFingerprint] = [:]
    /// The same of videos.
    var videoAttributes: [AttributeKind: ModelFingerprint] = [:]
  }

  let store: FaceStore
  private let policy: ClusteringPolicy
  let log: Log
  private let modelInUse: Mutex<Model>
  /// Held during every change: decisions are taken one after the other.
  private let writer = Condition()
  private let loaded = Mutex<[LibraryID: LibraryFaces]>([:])
  private let arrivals = Atomic(0)
  /// Libraries whose faces could not be saved; not tried again before the next start.
  private let unsaved = Mutex<Set<LibraryID>>([])
  let isSaving = Atomic(false)

  /// Reads every library's faces from `store`, and makes the default library if it is missing.
  init(store: FaceStore, policy: ClusteringPolicy, model: Model, log: Log) throws {
    self.store = store
    self.policy = policy
    self.log = log
    modelInUse = Mutex(model)
    let libraries = try store.read { try $0.libraries() }.map(\.id)
    SavedIndex.removeStrays(in: store, except: libraries)
    for library in libraries { try load(library) }
    if try store.read({ try $0.library(named: defaultLibraryName) }) == nil {
      _ = try createLibrary(named: defaultLibraryName, description: "")
    }
  }

  /// The model by whose embeddings faces are compared.
  var model: Model { modelInUse.withLock { $0 } }

  /// Whether no earlier attempt to save a library's faces has failed.
  func canSave(_ library: LibraryID) -> Bool { unsaved.withLock { !$0.contains(library) } }

  /// Notes that a library's faces cannot be saved.
  func reportUnsaved(_ library: LibraryID, _ error: any Error) {
    unsaved.withLock { _ = $0.insert(library) }
    log.warning(
      "faces are not saved for the next start, which takes longer", ["error": "\(error)"])
  }

  /// How many media came or came again since the start.
  var arrivalCount: Int { arrivals.load(ordering: .relaxed) }

  private func load(_ library: LibraryID, readsSaved: Bool = true) throws {
    let faces = try store.read {
      try readFaces(of: library, by: model, from: $0, readsSaved: readsSaved)
    }
    loaded.withLock { $0[library] = faces }
    log.info(
      "faces read",
      ["library": library, "count": faces.read(\.figureCount), "saved": faces.isSaved])
  }

  /// Reads a library's faces, as a model sees them, from the store.
  func readFaces(
    of library: LibraryID, by model: Model, from snapshot: Snapshot, readsSaved: Bool = true
  ) throws -> LibraryFaces {
    try LibraryFaces(
      library, policy: policy, dimension: model.dimension, fingerprint: model.fingerprint,
      file: RowFile(directory: store.directoryPath) { [log] errorNumber in
        log.warning("embeddings stay in memory", ["error": systemMessage(errorNumber)])
      },
      index: readsSaved ? SavedIndex(of: library, in: store) : nil, from: snapshot)
  }

  /// Reads the faces of all libraries anew by another model, within a transaction that may change
  /// them, and uses them and the model from then on.
  ///
  /// - Parameters:
  ///   - model: takes the place of the present one.
  ///   - body: makes the changes; gets each library's faces when it asks for them.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws; nothing is changed then.
  func replaceFaces<Result>(
    by model: Model,
    _ body: (Transaction, @escaping (LibraryID) throws -> LibraryFaces) throws -> Result
  ) throws -> Result {
    try writer.withLock {
      var read: [LibraryID: LibraryFaces] = [:]
      let result = try store.write { transaction in
        func faces(of library: LibraryID) throws -> LibraryFaces {
          if let faces = read[library] { return faces }
          let faces = try readFaces(of: library, by: model, from: transaction)
          read[library] = faces
          return faces
        }
        let result = try body(transaction, faces)
        for library in try transaction.libraries() { _ = try faces(of: library.id) }
        return result
      }
      loaded.withLock { $0 = read }
      modelInUse.withLock { $0 = model }
      return result
    }
  }

  /// Reads a library's faces anew from the store, which is right if the two differ, and not what was
  /// saved of them.
  func reload(_ library: LibraryID) throws {
    try writer.withLock { try load(library, readsSaved: false) }
  }

  /// The faces of a library, to search in.
  ///
  /// - Throws: ``StoreError/notFound(_:key:)`` for a library that was dropped.
  func faces(of library: LibraryID) throws -> LibraryFaces {
    guard let faces = loaded.withLock({ $0[library] }) else {
      throw StoreError.notFound(.library, key: "\(library)")
    }
    return faces
  }

  /// Runs one transaction that changes a library's faces in the store and in memory alike.
  ///
  /// - Parameters:
  ///   - library: whose faces.
  ///   - isRehearsal: takes everything back at the end, in the store and in memory.
  ///   - body: makes the changes.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; nothing is changed then.
  func change<Result>(
    _ library: LibraryID, isRehearsal: Bool = false,
    _ body: (Transaction, LibraryFaces) throws -> Result
  ) throws -> Result {
    try writer.withLock {
      let faces = try self.faces(of: library)
      if isRehearsal {
        let copy = LibraryFaces(copying: faces)
        return try store.rehearse { try body($0, copy) }
      }
      let revision = faces.revision
      do {
        let result = try store.write { try body($0, faces) }
        eraseRemoved(faces)
        return result
      } catch {
        if faces.revision != revision { try load(library) }
        throw error
      }
    }
  }

  /// Uses another curve from cosines to probabilities for a library, also after a restart.
  ///
  /// - Parameters:
  ///   - calibration: fitted to the library; `nil` goes back to the model's own.
  ///   - library: whose faces.
  /// - Throws: ``StoreError``; nothing is changed then.
  func setCalibration(_ calibration: PairCalibration?, of library: LibraryID) throws {
    try change(library) { transaction, faces in
      try transaction.setCalibration(
        calibration, of: library, fingerprint: model.fingerprint)
      faces.calibration = calibration ?? policy.calibration
    }
  }

  // MARK: Libraries

  func createLibrary(named name: String, description: String) throws -> LibraryRecord {
    try writer.withLock {
      let library = try store.write { transaction in
        try transaction.createLibrary(named: name, description: description)
      }
      try load(library.id)
      return library
    }
  }

  /// Makes a library vanish with everybody in it; the default one comes back empty.
  func dropLibrary(_ library: LibraryRecord) throws {
    try writer.withLock {
      loaded.withLock { $0[library.id] = nil }
      SavedIndex(of: library.id, in: store).remove()
      try store.dropLibrary(library.id)
    }
    if library.name == defaultLibraryName {
      _ = try createLibrary(named: defaultLibraryName, description: "")
    }
  }

  // MARK: Media

  /// Stores analysed media with their faces and clusters them, in one transaction that is on disk
  /// when this returns.
  ///
  /// - Parameters:
  ///   - arrivals: in the order in which they are to be clustered.
  ///   - library: where they go.
  ///   - closing: what else belongs to the transaction, such as the items of a task.
  /// - Returns: what became of each arrival, in their order.
  /// - Throws: ``StoreError``, or what `closing` throws; nothing is stored then.
  func record(
    _ arrivals: [Arrival], in library: LibraryID,
    closing: (Transaction, [Recorded]) throws -> Void = { _, _ in }
  ) throws -> [Recorded] {
    let recorded = try change(library) { transaction, faces in
      let recorded = try arrivals.map {
        try record($0, in: library, transaction, faces)
      }
      try closing(transaction, recorded)
      return recorded
    }
    self.arrivals.add(arrivals.count, ordering: .relaxed)
    return recorded
  }

  private func record(
    _ arrival: Arrival, in library: LibraryID, _ transaction: Transaction, _ faces: LibraryFaces
  ) throws -> Recorded {
    let fingerprint = model.fingerprint
    guard arrival.faces.allSatisfy({ $0.face.embedding.fingerprint == fingerprint }) else {
      throw ModelSwitched()
    }
    var known = try transaction.media(in: library, uri: arrival.uri)
    let details = try arrival.details(known?.details ?? MediaDetails())
    if let old = known, old.mediaType != arrival.mediaType {
      // Another medium under the same name.
      let removed = try transaction.deleteMedia([old.id])
      try transaction.apply(faces.remove(removed.figures), in: library)
      known = nil
    }
    let media: MediaID
    if let known {
      media = known.id
      if known.details != details { try transaction.setDetails(of: media, details) }
      if !arrival.isRepeated,
        try transaction.isUnchanged(known, arrival.facts, model: model)
      {
        let count = try transaction.figures(of: media).count
        return Recorded(media: media, outcome: .unchanged, faceCount: count)
      }
    } else {
      media = try transaction.insertMedia(
        NewMedia(
          library: library, uri: arrival.uri, mediaType: arrival.mediaType, status: .analysing,
          details: details))
    }
    let replaced = try transaction.setAnalysis(
      of: media, content: arrival.content,
      figures: arrival.faces.map { NewFigure(face: $0.face, crop: $0.crop) },
      isSameFace: isSameFace)
    if let video = arrival.video { try transaction.setVideo(video, of: media) }
    if !replaced.removed.figures.isEmpty {
      try transaction.apply(faces.remove(replaced.removed.figures), in: library)
    }
    let captured = arrival.content.captureTime?.moment
    var arrived: [ClusterableFigure] = []
    var kept: [(figure: ClusterableFigure, saved: ClusterID?)] = []
    for (figure, found) in zip(replaced.figures, arrival.faces) {
      if let track = found.track { try transaction.setTrack(track, of: figure) }
      let clusterable = ClusterableFigure(
        figure, in: media, found.face, captureTime: captured, interval: found.track?.interval)
      guard replaced.kept.contains(figure) else {
        arrived.append(clusterable)
        continue
      }
      guard try !transaction.statements(of: figure).contains(.notAFace(figure)) else { continue }
      kept.append((clusterable, try transaction.figure(figure)?.cluster))
    }
    if !kept.isEmpty { try transaction.apply(faces.replace(kept), in: library) }
    try transaction.apply(faces.add(arrived), in: library)
    return Recorded(
      media: media, outcome: known == nil ? .added : .changed, faceCount: replaced.figures.count)
  }

  /// Whether what lies where a face lay is that face: not if the file is another picture now.
  private func isSameFace(_ old: Embedding, _ new: Embedding) -> Bool {
    guard let similarity = old.cosineSimilarity(new) else { return true }
    return policy.calibration.probability(similarity: similarity, norms: old.norm, new.norm) > 0.5
  }

  /// Deletes media with their faces; those that do not exist are passed over.
  func deleteMedia(_ identifiers: [PublicIdentifier]) throws -> DeleteMediaResult {
    let media = try store.read { snapshot in
      try identifiers.compactMap { try snapshot.media(withPublicID: $0) }
    }
    var result = DeleteMediaResult(deleted: 0, figuresDeleted: 0)
    for (library, media) in Dictionary(grouping: media, by: \.library).sorted(by: {
      $0.key < $1.key
    }) {
      try change(library) { transaction, faces in
        let present = try media.map(\.id).filter { try transaction.media($0) != nil }
        let removed = try transaction.deleteMedia(present)
        try transaction.apply(faces.remove(removed.figures), in: library)
        result.deleted += present.count
        result.figuresDeleted += removed.figures.count
      }
    }
    return result
  }

  // MARK: Clusters

  /// Looks again at what arrivals touched and left for later.
  ///
  /// - Returns: whether nothing is left to look at.
  func settle(_ library: LibraryID) throws -> Bool {
    try change(library) { transaction, faces in
      let (changes, isSettled) = faces.settle(limit: Self.settlingStep)
      try transaction.apply(changes, in: library)
      return isSettled
    }
  }

  /// Looks again at what was left for later, in one library after the other.
  ///
  /// - Parameters:
  ///   - budget: after so much time no further step is begun.
  ///   - isIdle: asked before each step; once `false`, it ends.
  /// - Throws: ``StoreError``.
  func settle(within budget: Duration, while isIdle: () -> Bool) throws {
    let deadline = ContinuousClock.now + budget
    for (library, faces) in loaded.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      while isIdle(), ContinuousClock.now < deadline, !faces.read(\.isSettled) {
        guard loaded.withLock({ $0[library] }) === faces else { break }
        _ = try settle(library)
      }
    }
  }

  /// Neighbourhoods that one transaction looks at again, so that others need not wait long.
  private static let settlingStep = 16

  /// Clusters all faces of a library anew and puts the result in place in one transaction.
  ///
  /// The work is done on a copy, while the library serves and changes as ever; names and ids pass
  /// to the new clusters by overlap.
  ///
  /// - Parameters:
  ///   - library: to be clustered.
  ///   - requestedBy: the user id of who asked.
  ///   - progress: told how much is done, in 0…1.
  ///   - isCancelled: asked often; once `true`, nothing changes.
  /// - Returns: what changed; `nil` if it was cancelled.
  /// - Throws: ``StoreError``; nothing is changed then.
  func recluster(
    _ library: LibraryID, requestedBy: UInt32, progress: @escaping @Sendable (Double) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> ReclusteringOutcome? {
    let faces = try self.faces(of: library)
    var copy = faces.beginReclustering()
    _ = copy.recluster(progress: progress, isCancelled: isCancelled)
    guard !isCancelled() else {
      faces.abandonReclustering()
      return nil
    }
    return try change(library) { transaction, faces in
      transaction.beginIdentityEvent(.reclustering, in: library, requestedBy: requestedBy)
      let moved = faces.finishReclustering(copy)
      return try transaction.apply(moved, in: library)
    }
  }
}

extension Snapshot {
  /// Whether the stored analysis is of this very content, by these very networks.
  func isUnchanged(
    _ medium: MediaRecord, _ facts: ContentFacts, model: FaceLibraries.Model
  ) throws -> Bool {
    guard medium.status == .ready, medium.content.sha256 == facts.sha256 else { return false }
    guard let first = try figures(of: medium.id).first else { return true }
    guard try hasEmbedding(first.id, by: model.fingerprint) else { return false }
    let asked = FaceAttributes(models: try attributeModels(of: first.id))
    return asked.cover(medium.mediaType == .video ? model.videoAttributes : model.attributes)
  }
}
