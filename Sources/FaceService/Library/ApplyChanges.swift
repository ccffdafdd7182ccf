internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import VectorIndex

extension Transaction {
  /// Writes down what the clusterer decided, change by change in its order.
  func apply(_ changes: [ClusterChange], in library: LibraryID) throws {
    for change in changes {
      switch change {
      case .founded(let cluster, let figures):
        try insertCluster(cluster, in: library)
        try assign(figures.map { ClusterAssignment(figure: $0, cluster: cluster, confidence: 1) })
      case .joined(let figure, let cluster, let evidence),
        .moved(let figure, _, let cluster, let evidence):
        try assign([
          ClusterAssignment(
            figure: figure, cluster: cluster, confidence: evidence.probability)
        ])
      case .waiting(let figure, _, let reason):
        try assign([
          ClusterAssignment(figure: figure, cluster: nil, waitingReason: reason.rawValue)
        ])
      case .merged(let cluster, let target):
        try moveFigures(from: cluster, to: target)
        try deleteCluster(cluster)
      case .dissolved(let cluster):
        try endCluster(cluster)
      }
    }
  }

  /// Deletes a cluster that is empty in memory, unless it has figures that the model in use does not
  /// know.
  func endCluster(_ cluster: ClusterID) throws {
    guard try !holdsUnknownFigures(cluster) else { return }
    try deleteCluster(cluster)
  }

  /// Writes down the outcome of a re-clustering.
  ///
  /// - Parameters:
  ///   - moved: each figure whose cluster differs from before, with the new one.
  ///   - library: that was re-clustered.
  /// - Returns: how much changed.
  /// - Throws: ``StoreError``.
  func apply(_ moved: [FigureID: ClusterID?], in library: LibraryID) throws -> ReclusteringOutcome {
    var outcome = ReclusteringOutcome()
    outcome.moved = moved.count
    for cluster in Set(moved.values.compactMap(\.self)).sorted()
    where try self.cluster(cluster) == nil {
      try insertCluster(cluster, in: library)
      outcome.founded += 1
    }
    let sources = Set(try moved.keys.compactMap { try figure($0)?.cluster })
    try assign(
      moved.sorted { $0.key < $1.key }.map { figure, cluster in
        ClusterAssignment(
          figure: figure, cluster: cluster,
          waitingReason: cluster == nil ? WaitingReason.tooUnclearToFound.rawValue : nil)
      })
    for source in sources.sorted() {
      guard let left = try cluster(source), left.faceCount == 0, try !isCurated(source),
        try statements(of: source).isEmpty
      else { continue }
      try deleteCluster(source)
      outcome.dissolved += 1
    }
    return outcome
  }
}

/// What a re-clustering changed.
struct ReclusteringOutcome: Sendable {
  /// Figures that are in another cluster than before.
  var moved = 0
  /// Clusters.
  var founded = 0
  var dissolved = 0
}
