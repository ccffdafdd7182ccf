public import FaceTypes
public import VectorIndex
public struct ClusterMatch: Sendable { public let cluster: ClusterID; public let similarity: Float; public let probability: Float; public let isConfident: Bool }
extension IncrementalClusterer {
  public mutating func recluster(progress: (Double) -> Void, isCancelled: () -> Bool) -> [ClusterChange] { [] }
  public func matches(for embedding: [Float], norm: Float, count: Int) -> [ClusterMatch] { [] }
  public func neighbors(of embedding: [Float], minimumSimilarity: Float) -> [Neighbor] { [] }
  public var figures: [FigureID] { clusters.flatMap { figures(of: $0) } }
}
extension ClusteringPolicy { public func probability(average: Float, nearest: Float?) -> Float { 1 } }
