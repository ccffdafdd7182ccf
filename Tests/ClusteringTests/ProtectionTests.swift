import Clustering
import FaceTypes
import Testing

@Suite struct ProtectionTests {
  /// One person in two clusters, as when a user named both before they were found alike.
  private func divided() throws -> (IncrementalClusterer, Crowd, ClusterID, ClusterID) {
    let crowd = Crowd(people: 1, picturesEach: 8, share: 0.8, seed: 20)
    var clusterer = Crowd.clusterer()
    let (left, right) = (ClusterID(rawValue: 1), ClusterID(rawValue: 2))
    clusterer.restore(
      crowd.figures.enumerated().map { index, figure in (figure, index < 5 ? left : right) })
    return (clusterer, crowd, left, right)
  }

  @Test func twoNamedClustersOfOnePersonStayTwo() throws {
    var (clusterer, crowd, left, right) = try divided()
    clusterer.setProtected(left, true)
    clusterer.setProtected(right, true)
    _ = clusterer.recluster()
    for _ in 0..<10 { _ = clusterer.add([crowd.add(0, share: 0.8)]) }
    #expect(clusterer.clusters == [left, right])
    #expect(clusterer.figures(of: left).count + clusterer.figures(of: right).count == 18)
    #expect(clusterer.figures(of: left).count >= 5 && clusterer.figures(of: right).count >= 3)
  }

  @Test func aNamedClusterAbsorbsAnUnnamedLargerOne() throws {
    var (clusterer, _, left, right) = try divided()
    clusterer.setProtected(right, true)
    #expect(clusterer.recluster() == [.merged(left, into: right)])
    #expect(clusterer.figures(of: right).count == 8)
  }

  @Test func withoutNamesTheLargerGivesItsIdentifier() throws {
    var (clusterer, _, left, right) = try divided()
    #expect(clusterer.recluster() == [.merged(right, into: left)])
  }

  @Test func aNamedClusterOutlivesItsLastFigure() throws {
    var (clusterer, crowd, left, right) = try divided()
    clusterer.setProtected(left, true)
    _ = clusterer.remove(crowd.figures.map(\.figure))
    #expect(clusterer.clusters == [left])
    #expect(!clusterer.clusters.contains(right))
    #expect(clusterer.setProtected(left, false) == [.dissolved(left)])
  }

  @Test func namingACreatedClusterMakesItAndKeepsItsIdentifierForIt() {
    var clusterer = Crowd.clusterer()
    let cluster = ClusterID(rawValue: 7)
    #expect(clusterer.setProtected(cluster, true) == [.founded(cluster, figures: [])])
    #expect(clusterer.nextCluster == ClusterID(rawValue: 8))
    #expect(clusterer.setProtected(ClusterID(rawValue: 99), false).isEmpty)
  }
}
