internal import Clustering
internal import FaceStore
internal import FaceTypes
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
  private enum Change {
    case added([ClusterableFigure])
    case removed([FigureID])
    case protected(ClusterID, Bool)
  }

  let library: LibraryID
  private let lock = ReadWriteLock()
  private var clusterer: IncrementalClusterer
  /// `nil` while no copy is out.
  private var journal: [Change]?

  /// Reads the library's faces that were embedded by the model `fingerprint`.
  ///
  /// - Parameters:
  ///   - library: whose faces.
  ///   - policy: the numbers that the clusterer decides by.
  ///   - dimension: of the model's embeddings.
  ///   - fingerprint: of the model.
  ///   - snapshot: to read from.
  /// - Throws: ``StoreError``.
  init(
    _ library: LibraryID, policy: ClusteringPolicy, dimension: Int, fingerprint: ModelFingerprint,
    from snapshot: Snapshot
  ) throws {
    self.library = library
    var figures: [(ClusterableFigure, ClusterID?)] = []
    try snapshot.forEachEmbeddedFigure(in: library, fingerprint: fingerprint) { figure in
      figures.append((ClusterableFigure(figure), figure.cluster))
    }
    clusterer = IncrementalClusterer(
      policy: policy, dimension: dimension,
      nextCluster: try snapshot.nextClusterID(in: library))
    clusterer.restore(figures)
    for cluster in try snapshot.namedClusterIDs(in: library) {
      _ = clusterer.setProtected(cluster, true)
    }
  }

  /// Looks at the faces, beside other readers.
  func read<Result>(_ body: (IncrementalClusterer) throws -> Result) rethrows -> Result {
    try lock.read { try body(clusterer) }
  }

  /// Clusters new faces.
  func add(_ figures: [ClusterableFigure]) -> [ClusterChange] {
    lock.write {
      journal?.append(.added(figures))
      return clusterer.add(figures)
    }
  }

  /// Takes faces out of index and clusters.
  func remove(_ figures: [FigureID]) -> [ClusterChange] {
    lock.write {
      journal?.append(.removed(figures))
      return clusterer.remove(figures)
    }
  }

  /// Looks again at some of what was left for later.
  func settle(limit: Int) -> (changes: [ClusterChange], isSettled: Bool) {
    lock.write { clusterer.settle(limit: limit) }
  }

  /// Whether a cluster is a user's, so that the clusterer must not dissolve or absorb it.
  func setProtected(_ cluster: ClusterID, _ isProtected: Bool) -> [ClusterChange] {
    lock.write {
      journal?.append(.protected(cluster, isProtected))
      return clusterer.setProtected(cluster, isProtected)
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
      for change in journal ?? [] {
        switch change {
        case .added(let figures): _ = copy.add(figures)
        case .removed(let figures): _ = copy.remove(figures)
        case .protected(let cluster, let isProtected): _ = copy.setProtected(cluster, isProtected)
        }
      }
      journal = nil
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
  fileprivate init(_ figure: EmbeddedFigure) {
    self.init(
      figure: figure.figure, media: figure.media, embedding: figure.embedding, norm: figure.norm,
      quality: figure.quality.value, mayFound: figure.quality.mayFound,
      captureTime: figure.captureTime)
  }

  /// A face that was just stored.
  init(_ figure: FigureID, in media: MediaID, _ face: Face, captureTime: Timestamp?) {
    self.init(
      figure: figure, media: media, embedding: face.embedding.values, norm: face.embedding.norm,
      quality: face.quality.value, mayFound: face.quality.mayFound, captureTime: captureTime)
  }
}
