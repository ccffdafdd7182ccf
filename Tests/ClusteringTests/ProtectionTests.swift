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

  /// Five pictures of one person, born in the year 30, of which the first is of the year 20 and the
  /// others of the year 40.
  private func born() -> (IncrementalClusterer, Crowd, ClusterID) {
    var crowd = Crowd(people: 2, picturesEach: 0, seed: 21)
    let cluster = ClusterID(rawValue: 1)
    for picture in 0..<5 { crowd.add(0, share: 0.8, year: picture == 0 ? 20 : 40) }
    var clusterer = Crowd.clusterer()
    clusterer.restore(crowd.figures.map { ($0, cluster) })
    _ = clusterer.impose(
      Imposition(protection: [cluster: true], births: [cluster: .year(30)]))
    return (clusterer, crowd, cluster)
  }

  @Test func whoeverWasPhotographedBeforeABirthIsSomebodyElse() {
    var (clusterer, crowd, cluster) = born()
    let early = crowd.add(0, share: 0.8, year: 25)
    let unclear = crowd.add(0, share: 0.8, mayFound: false, year: 25)
    let later = crowd.add(0, share: 0.8, year: 35)
    let undated = crowd.add(0, share: 0.95)
    _ = clusterer.add([early, unclear, later, undated])
    func check() {
      #expect(clusterer.cluster(of: early.figure) != nil)
      #expect(clusterer.cluster(of: early.figure) != cluster)
      #expect(clusterer.cluster(of: unclear.figure) != cluster)
      #expect(clusterer.cluster(of: later.figure) == cluster)
      #expect(clusterer.cluster(of: undated.figure) == cluster)
    }
    check()
    while !clusterer.settle().isSettled {}
    check()
    _ = clusterer.recluster()
    check()
  }

  @Test func aBirthLetsGoOfWhoeverIsTooEarlyUnlessAUserSaidSo() {
    var (clusterer, crowd, cluster) = born()
    let early = crowd.figures[0].figure
    var pinned = clusterer
    _ = clusterer.dismissTooEarly(from: [cluster])
    #expect(clusterer.cluster(of: early) != cluster && clusterer.cluster(of: early) != nil)
    #expect(clusterer.figures(of: cluster) == crowd.figures.dropFirst().map(\.figure))
    _ = pinned.constrain([.pin(early, to: cluster)])
    #expect(pinned.dismissTooEarly(from: [cluster]).isEmpty)
    #expect(pinned.figures(of: cluster).count == 5)
    _ = pinned.add([crowd.add(0, share: 0.8, year: 41)])
    #expect(pinned.figures(of: cluster).count == 6)
    // The date was wrong: whoever was let go comes back.
    _ = clusterer.impose(Imposition(births: [cluster: .year(10)]))
    _ = clusterer.dismissTooEarly(from: [cluster])
    #expect(clusterer.cluster(of: early) == cluster)
  }
}
