import Clustering
import FaceTypes
import Synchronization
import Testing

@Suite struct RegroupingTests {
  @Test func aFullClusteringAgreesWithTheIncrementalOne() {
    let crowd = Crowd(people: 40, picturesEach: 6, seed: 40)
    var clusterer = Crowd.clusterer()
    for figure in crowd.figures { _ = clusterer.add([figure]) }
    let before = clusterer.partition
    #expect(clusterer.recluster().isEmpty)
    #expect(clusterer.partition == before)
  }

  @Test func identifiersFollowMostOfTheFigures() {
    let crowd = Crowd(people: 3, picturesEach: 6, share: 0.8, seed: 41)
    var clusterer = Crowd.clusterer()
    // Everybody in a wrong cluster now and then.
    clusterer.restore(
      crowd.figures.enumerated().map { index, figure in
        let person = Int64(crowd.personOf[figure.figure] ?? 0) + 1
        return (figure, ClusterID(rawValue: index < 3 ? person % 3 + 1 : person))
      })
    _ = clusterer.recluster()
    for figure in crowd.figures.map(\.figure) {
      let person = Int64(crowd.personOf[figure] ?? 0) + 1
      #expect(clusterer.cluster(of: figure) == ClusterID(rawValue: person))
    }
  }

  @Test func cancelledItChangesNothing() {
    let crowd = Crowd(people: 10, picturesEach: 5, seed: 42)
    var clusterer = Crowd.clusterer()
    clusterer.restore(crowd.figures.map { ($0, nil) })
    #expect(clusterer.recluster(isCancelled: { true }).isEmpty)
    #expect(clusterer.clusters.isEmpty)
  }

  @Test func progressRisesToOne() {
    let crowd = Crowd(people: 100, picturesEach: 8, seed: 43)
    var clusterer = Crowd.clusterer()
    clusterer.restore(crowd.figures.map { ($0, nil) })
    let told = Mutex<[Double]>([])
    _ = clusterer.recluster(progress: { share in told.withLock { $0.append(share) } })
    let shares = told.withLock { $0 }
    #expect(shares == shares.sorted() && shares.last == 1 && shares.count > 2)
  }

  @Test func theOutcomeIsTheSameInEveryRunWhoeverComputesWhat() {
    let crowd = Crowd(people: 150, picturesEach: 6, share: 0.45, seed: 44)
    let outcomes = (0..<4).map { _ in
      var clusterer = Crowd.clusterer()
      clusterer.restore(crowd.figures.map { ($0, nil) })
      return clusterer.recluster()
    }
    #expect(outcomes.allSatisfy { $0 == outcomes[0] })
  }
}
