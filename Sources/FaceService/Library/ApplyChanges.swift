internal import Clustering
internal import FaceStore
internal import FaceTypes

extension Transaction {
  /// Writes down what the clusterer decided.
  func apply(_ changes: [ClusterChange], in library: LibraryID) throws {
    for change in changes {
      switch change {
      case .founded(let cluster, let figures):
        try insertCluster(cluster, in: library)
        try assign(figures.map { ClusterAssignment(figure: $0, cluster: cluster, confidence: 1) })
      case .joined(let figure, let cluster, let evidence):
        try assign([
          ClusterAssignment(
            figure: figure, cluster: cluster, confidence: evidence.probability)
        ])
      case .moved(let figure, _, let cluster, let evidence):
        try assign([
          ClusterAssignment(
            figure: figure, cluster: cluster, confidence: evidence.probability)
        ])
      case .waiting(let figure, let reason):
        try assign([
          ClusterAssignment(figure: figure, cluster: nil, waitingReason: reason.rawValue)
        ])
      case .merged(let cluster, let target):
        try moveFigures(from: cluster, to: target)
      case .dissolved(let cluster):
        try deleteCluster(cluster)
      }
    }
  }

  /// Writes down the outcome of a re-clustering.
  ///
  /// - Parameter moved: each figure whose cluster differs from before.
  func apply(
    _ moved: [FigureID: ClusterID?], of faces: LibraryFaces, in library: LibraryID
  ) throws -> ReclusteringOutcome {
    var outcome = ReclusteringOutcome()
    let targets = Set(moved.values.compactMap(\.self)).sorted()
    for cluster in targets where try self.cluster(cluster) == nil {
      try insertCluster(cluster, in: library)
      outcome.founded += 1
    }
    let sources = Set(try moved.keys.compactMap { try figure($0)?.cluster })
    try assign(
      moved.sorted { $0.key < $1.key }.map { figure, cluster in
        ClusterAssignment(figure: figure, cluster: cluster, confidence: nil, waitingReason: nil)
      })
    for source in sources.sorted() {
      guard let left = try cluster(source), left.faceCount == 0, left.name == nil else { continue }
      try deleteCluster(source)
      outcome.dissolved += 1
    }
    outcome.moved = moved.count
    return outcome
  }
}
