internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import Systemd
internal import Threading
internal import VectorIndex

/// The faces of one library in memory: who resembles whom, and who is in which cluster.
///
/// Derived from the store and rebuilt from it at the start, or when a transaction that changed
/// both has failed. Searches run side by side; a change waits for them and they for it.
///
/// `@unchecked Sendable`: `lock` protects the fields.
final class LibraryFaces: @unchecked Sendable {
  /// A change made while a copy is being re-clustered, to be made to the result as well.
  private typealias Change = (inout IncrementalClusterer) -> Void

  let library: LibraryID
  private let lock = ReadWriteLock()
  private let searches = SharedPass<[FaceToFind], [FoundFaces]>(limit: 16)
  private var clusterer: IncrementalClusterer
  private var changeCount = 0
  private var usedCalibration: PairCalibration
  /// What the next start reads, as far as it is still true; `nil` if nothing is saved.
  private var savedFile: SectionFile?
  /// Figures that are to be erased from it once the transaction that removed them is on disk.
  private var removed: [FigureID] = []
  /// `nil` while no copy is out.
  private var journal: [Change]?

  /// Reads the library's faces that were embedded by the model `fingerprint`, and what users said
  /// of them.
  ///
  /// - Parameters:
  ///   - library: whose faces.
  ///   - policy: the numbers that the clusterer decides by.
  ///   - dimension: of the model's embeddings.
  ///   - fingerprint: of the model.
  ///   - file: where the embeddings of a large library go.
  ///   - index: where they may have been saved; what does not agree with the store is passed over.
  ///   - snapshot: to read from.
  /// - Throws: ``StoreError``.
  init(
    _ library: LibraryID, policy: ClusteringPolicy, dimension: Int, fingerprint: ModelFingerprint,
    file: RowFile?, index: SavedIndex?, from snapshot: Snapshot
  ) throws {
    self.library = library
    usedCalibration =
      try snapshot.calibration(of: library, fingerprint: fingerprint) ?? policy.calibration
    let statements = try snapshot.statements(in: library)
    let notFaces = Set(
      statements.compactMap { statement in
        if case .notAFace(let figure) = statement { figure } else { nil }
      })
    let empty = IncrementalClusterer(
      policy: policy, dimension: dimension,
      nextCluster: try snapshot.nextClusterID(in: library), file: file)
    let source = FigureSource(
      snapshot: snapshot, library: library, fingerprint: fingerprint, notFaces: notFaces)
    if let (restored, saved) = try index.flatMap({
      try source.restored(empty, from: $0, file: file)
    }) {
      (clusterer, savedFile) = (restored, saved)
    } else {
      clusterer = empty
      try clusterer.restore(source.forEach)
    }
    _ = clusterer.restore(statements.compactMap(Constraint.init))
    let curated = try snapshot.curatedClusterIDs(in: library)
    _ = clusterer.impose(
      Imposition(
        protection: Dictionary(uniqueKeysWithValues: curated.map { ($0, true) }),
        births: try snapshot.birthDates(in: library).mapValues(Timestamp.init(birthDate:))))
  }

  /// The same faces, to be changed without changing these: for rehearsals.
  ///
  /// What is not changed is shared, embeddings block by block.
  init(copying faces: LibraryFaces) {
    library = faces.library
    usedCalibration = faces.calibration
    clusterer = faces.read { $0 }
  }

  /// Looks at the faces, beside other readers.
  func read<Result>(_ body: (IncrementalClusterer) throws -> Result) rethrows -> Result {
    try lock.read { try body(clusterer) }
  }

  /// Looks for faces: all who search at the same time share one pass over the embeddings, and all
  /// processors share the pass.
  ///
  /// - Returns: the same for each as if nobody else had searched.
  func find(_ faces: [FaceToFind]) -> [FoundFaces] {
    guard !faces.isEmpty else { return [] }
    return searches.answer(faces) { requests in
      var found = read { $0.find(requests.flatMap { $0 }, threads: Self.processorCount) }[...]
      return requests.map { request in
        defer { found = found.dropFirst(request.count) }
        return Array(found.prefix(request.count))
      }
    }
  }

  private static let processorCount = AvailableResources().processorCount

  /// The curve that turns cosines into probabilities here.
  var calibration: PairCalibration {
    get { lock.read { usedCalibration } }
    set { lock.write { usedCalibration = newValue } }
  }

  /// Whether the next start finds anything saved.
  var isSaved: Bool { lock.read { savedFile != nil } }

  /// How often the faces were changed.
  var revision: Int { lock.read { changeCount } }

  /// Changes the faces, and does the same to a copy that is being re-clustered when it comes back.
  func change<Result>(
    _ body: @escaping (inout IncrementalClusterer) -> Result
  ) -> Result {
    lock.write {
      changeCount += 1
      journal?.append { _ = body(&$0) }
      return body(&clusterer)
    }
  }

  /// Clusters new faces.
  func add(_ figures: [ClusterableFigure]) -> [ClusterChange] { change { $0.add(figures) } }

  /// Takes in faces as a new analysis has them, where they were.
  func replace(_ figures: [(figure: ClusterableFigure, saved: ClusterID?)]) -> [ClusterChange] {
    lock.write { removed += figures.map(\.figure.figure) }
    return change { $0.replace(figures) }
  }

  /// Takes faces out of index and clusters.
  func remove(_ figures: [FigureID]) -> [ClusterChange] {
    lock.write { removed += figures }
    return change { $0.remove(figures) }
  }

  /// Uses another file, from which some figures are erased at once.
  func use(_ saved: SectionFile, erasing figures: [FigureID]) throws {
    try lock.read { try clusterer.erase(figures, from: saved) }
    lock.write { savedFile = saved }
  }

  /// Erases from what is saved the figures that were removed since this was last called.
  ///
  /// - Throws: ``SectionFileError``; the file is not to be used then.
  func eraseRemoved() throws {
    let (saved, figures) = lock.write { () -> (SectionFile?, [FigureID]) in
      defer { removed = [] }
      return (savedFile, removed)
    }
    guard let saved, !figures.isEmpty else { return }
    try lock.read { try clusterer.erase(figures, from: saved) }
  }

  /// Looks again at some of what was left for later.
  func settle(limit: Int) -> (changes: [ClusterChange], isSettled: Bool) {
    lock.write {
      changeCount += 1
      return clusterer.settle(limit: limit)
    }
  }

  /// A copy to be re-clustered; what changes from now on is noted.
  ///
  /// - Precondition: no other copy is out.
  func beginReclustering() -> IncrementalClusterer {
    lock.write {
      precondition(journal == nil, "one re-clustering of a library at a time")
      journal = []
      return clusterer
    }
  }

  /// Puts a re-clustered copy in place, with what changed meanwhile.
  ///
  /// - Returns: each figure whose cluster differs from before, with the cluster it is in now.
  func finishReclustering(_ copy: consuming IncrementalClusterer) -> [FigureID: ClusterID?] {
    lock.write {
      for change in journal ?? [] { change(&copy) }
      journal = nil
      changeCount += 1
      var moved: [FigureID: ClusterID?] = [:]
      for figure in clusterer.figures {
        let now = copy.cluster(of: figure)
        if now != clusterer.cluster(of: figure) { moved.updateValue(now, forKey: figure) }
      }
      clusterer = copy
      return moved
    }
  }

  /// Forgets a copy that is not wanted.
  func abandonReclustering() { lock.write { journal = nil } }
}

extension ClusterableFigure {
  /// A face as the store has it.
  init(_ figure: EmbeddedFigure) {
    self.init(
      figure: figure.figure, media: figure.media, embedding: figure.embedding,
      mayFound: figure.quality.mayFound,
      captureTime: figure.captureTime, interval: figure.interval)
  }

  /// A face that was just stored.
  init(
    _ figure: FigureID, in media: MediaID, _ face: Face, captureTime: Timestamp?,
    interval: ClosedRange<Double>? = nil
  ) {
    self.init(
      figure: figure, media: media, embedding: face.embedding.values,
      mayFound: face.quality.mayFound, captureTime: captureTime,
      interval: interval)
  }
}

extension ClusterRecord {
  /// The first moment at which the cluster's person may have been photographed.
  var birth: Timestamp? { birthDate.flatMap(Timestamp.init(birthDate:)) }
}

extension Timestamp {
  /// A day before a date begins in UTC: it begins earlier in the east, and cameras say rarely where
  /// they are.
  fileprivate init?(birthDate: String) {
    guard let midnight = Timestamp(iso8601: birthDate + "T00:00:00Z") else { return nil }
    self.init(milliseconds: midnight.milliseconds - 86_400_000)
  }
}

extension Constraint {
  /// What a user said, in the clusterer's words; `nil` if it concerns no clustering.
  init?(_ statement: IdentityStatement) {
    switch statement {
    case .pin(let figure, let cluster): self = .pin(figure, to: cluster)
    case .exclude(let figure, let cluster): self = .exclude(figure, from: cluster)
    // In the order of the store, so that a statement read back from it retracts this one.
    case .mustLink(let a, let b): self = .mustLink(min(a, b), max(a, b))
    case .cannotLink(let a, let b): self = .cannotLink(min(a, b), max(a, b))
    case .notAFace: return nil
    }
  }
}
