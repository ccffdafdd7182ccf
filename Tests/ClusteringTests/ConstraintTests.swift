import Clustering
import FaceTypes
import Testing

@Suite struct ConstraintTests {
  /// Two people, five pictures each: those of the first have odd numbers.
  private func twoPeople() -> (IncrementalClusterer, Crowd) {
    let crowd = Crowd(people: 2, picturesEach: 5, share: 0.8, seed: 30)
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    return (clusterer, crowd)
  }

  private func figure(_ number: Int) -> FigureID { FigureID(rawValue: Int64(number)) }

  @Test func aPinnedFigureGoesToItsClusterAndStaysThroughReclustering() throws {
    var (clusterer, _) = twoPeople()
    let target = try #require(clusterer.cluster(of: figure(2)))
    let (changes, conflicts) = clusterer.constrain([.pin(figure(1), to: target)])
    #expect(conflicts.isEmpty && !changes.isEmpty)
    #expect(clusterer.cluster(of: figure(1)) == target)
    _ = clusterer.recluster()
    _ = clusterer.settle()
    #expect(clusterer.cluster(of: figure(1)) == target)
    #expect(clusterer.cluster(of: figure(2)) == target)
    #expect(clusterer.cluster(of: figure(3)) != target)
  }

  @Test func aRejectedFigureLeavesAndNeverComesBack() throws {
    var (clusterer, crowd) = twoPeople()
    let cluster = try #require(clusterer.cluster(of: figure(1)))
    _ = clusterer.constrain([.exclude(figure(1), from: cluster)])
    #expect(clusterer.cluster(of: figure(1)) != cluster)
    for _ in 0..<5 { _ = clusterer.add([crowd.add(0, share: 0.8)]) }
    _ = clusterer.recluster()
    #expect(clusterer.cluster(of: figure(1)) != cluster)
    #expect(clusterer.cluster(of: figure(3)) == cluster)
  }

  @Test func linkedFiguresAreTogetherAlsoThroughOthers() {
    var (clusterer, _) = twoPeople()
    _ = clusterer.constrain([.mustLink(figure(1), figure(2)), .mustLink(figure(2), figure(4))])
    for _ in 0..<2 {
      #expect(clusterer.cluster(of: figure(1)) == clusterer.cluster(of: figure(2)))
      #expect(clusterer.cluster(of: figure(1)) == clusterer.cluster(of: figure(4)))
      _ = clusterer.recluster()
    }
  }

  @Test func aUsersLinkOverridesTheRuleOfOneMedium() {
    var crowd = Crowd(people: 1, picturesEach: 0, seed: 31)
    let first = crowd.add(0, media: 1)
    let second = crowd.add(0, media: 1)
    var clusterer = Crowd.clusterer()
    _ = clusterer.add([first, second])
    _ = clusterer.constrain([.mustLink(first.figure, second.figure)])
    #expect(clusterer.cluster(of: first.figure) == clusterer.cluster(of: second.figure))
    _ = clusterer.recluster()
    #expect(clusterer.cluster(of: first.figure) == clusterer.cluster(of: second.figure))
  }

  @Test func figuresKeptApartStayApart() {
    var (clusterer, crowd) = twoPeople()
    _ = clusterer.constrain([.cannotLink(figure(1), figure(3))])
    #expect(clusterer.cluster(of: figure(1)) != clusterer.cluster(of: figure(3)))
    for _ in 0..<5 { _ = clusterer.add([crowd.add(0, share: 0.8)]) }
    _ = clusterer.recluster()
    #expect(clusterer.cluster(of: figure(1)) != clusterer.cluster(of: figure(3)))
  }

  @Test func contradictionsAreReportedAndRefused() {
    var (clusterer, _) = twoPeople()
    let (one, two) = (ClusterID(rawValue: 1), ClusterID(rawValue: 2))
    let (_, conflicts) = clusterer.constrain([
      .mustLink(figure(1), figure(2)), .cannotLink(figure(1), figure(2)),
      .pin(figure(1), to: one), .pin(figure(2), to: two), .exclude(figure(2), from: one),
      .mustLink(figure(2), figure(4)), .cannotLink(figure(4), figure(1)),
    ])
    #expect(
      conflicts == [
        .init(refused: .cannotLink(figure(1), figure(2)), reason: .linkedAndKeptApart),
        .init(refused: .pin(figure(2), to: two), reason: .pinnedApart(one, two)),
        .init(refused: .exclude(figure(2), from: one), reason: .pinnedAndExcluded(one)),
        .init(refused: .cannotLink(figure(4), figure(1)), reason: .linkedAndKeptApart),
      ])
    #expect(
      clusterer.acceptedConstraints == [
        .mustLink(figure(1), figure(2)), .pin(figure(1), to: one), .mustLink(figure(2), figure(4)),
      ])
  }

  @Test func whatWasTakenBackNoLongerBinds() {
    var (clusterer, _) = twoPeople()
    _ = clusterer.constrain([.cannotLink(figure(1), figure(3))])
    _ = clusterer.release([.cannotLink(figure(1), figure(3))])
    _ = clusterer.recluster()
    #expect(clusterer.cluster(of: figure(1)) == clusterer.cluster(of: figure(3)))
    #expect(clusterer.acceptedConstraints.isEmpty)
  }
}
