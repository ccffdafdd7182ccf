internal import FaceTypes

/// What figures and clusters were before a call changed them, noted at the first touch.
struct Journal: Sendable {
  /// For each figure touched, its cluster before.
  private(set) var clusterBefore: [FigureID: ClusterID?] = [:]
  private(set) var founded: Set<ClusterID> = []
  private(set) var ended: Set<ClusterID> = []

  mutating func touch(_ figure: FigureID, in cluster: ClusterID?) {
    if clusterBefore[figure] == nil { clusterBefore[figure] = .some(cluster) }
  }

  mutating func found(_ cluster: ClusterID) { founded.insert(cluster) }

  mutating func end(_ cluster: ClusterID) {
    if founded.remove(cluster) == nil { ended.insert(cluster) }
  }

  /// Forgets figures that are no more.
  mutating func drop(_ figure: FigureID) { clusterBefore[figure] = nil }
}
