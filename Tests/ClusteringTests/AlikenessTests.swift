import Clustering
import Evaluation
import FaceTypes
import Testing

/// Libraries whose people resemble each other.
@Suite struct AlikenessTests {
  /// People who share `common` of their squared length, five pictures each.
  private func family(
    people count: Int, common: Float, seed: UInt64
  ) -> (figures: [ClusterableFigure], people: [Int]) {
    var numbers = Numbers(state: seed)
    let shared = numbers.direction(Crowd.dimension)
    var people: [[Float]] = []
    for _ in 0..<count {
      let own = numbers.direction(Crowd.dimension)
      people.append(
        unit(zip(shared, own).map { common.squareRoot() * $0 + (1 - common).squareRoot() * $1 }))
    }
    var figures: [ClusterableFigure] = []
    var labels: [Int] = []
    for picture in 0..<5 {
      for person in 0..<count {
        figures.append(
          face(picture * count + person + 1, of: people[person], share: 0.65, using: &numbers))
        labels.append(person)
      }
    }
    return (figures, labels)
  }

  private func clustered(
    _ figures: [ClusterableFigure], alikenessWeight: Float
  ) -> IncrementalClusterer {
    var policy = Crowd.policy
    policy.alikenessWeight = alikenessWeight
    var clusterer = IncrementalClusterer(
      policy: policy, dimension: Crowd.dimension, nextCluster: ClusterID(rawValue: 1))
    for figure in figures { _ = clusterer.add([figure]) }
    while !clusterer.settle().isSettled {}
    return clusterer
  }

  private func score(
    _ clusterer: IncrementalClusterer, _ family: ([ClusterableFigure], [Int])
  )
    -> Double
  {
    bCubed(clusters: family.0.map { clusterer.cluster(of: $0.figure)?.rawValue }, labels: family.1)
      .f
  }

  @Test(arguments: [1, 2, 3])
  func moreIsDemandedWhereAllAreAlike(seed: UInt64) {
    let family = family(people: 60, common: 0.4, seed: seed)
    let plain = score(clustered(family.figures, alikenessWeight: 0), family)
    let careful = score(
      clustered(family.figures, alikenessWeight: ClusteringPolicy().alikenessWeight), family)
    #expect(careful > plain + 0.05, "\(careful) and \(plain)")
  }

  @Test(arguments: [1, 2, 3])
  func nothingChangesAmongOrdinaryPeople(seed: UInt64) {
    let family = family(people: 60, common: 0, seed: seed)
    let plain = clustered(family.figures, alikenessWeight: 0)
    let careful = clustered(
      family.figures, alikenessWeight: ClusteringPolicy().alikenessWeight)
    #expect(plain.partition == careful.partition)
  }

  /// One person's pictures are alike, but that does not make people alike.
  @Test func onePersonsLibraryIsOneCluster() {
    let crowd = Crowd(people: 1, picturesEach: 150, share: 0.6, seed: 4)
    var clusterer = Crowd.clusterer()
    for figure in crowd.figures { _ = clusterer.add([figure]) }
    #expect(clusterer.clusterCount == 1)
    _ = clusterer.recluster()
    #expect(clusterer.clusterCount == 1)
  }

  @Test func theOrderOfArrivalHardlyMattersAmongTheAlike() {
    let family = family(people: 60, common: 0.4, seed: 5)
    var numbers = Numbers(state: 6)
    let weight = ClusteringPolicy().alikenessWeight
    let full = clustered(family.figures, alikenessWeight: weight)
    for _ in 0..<3 {
      let other = clustered(family.figures.shuffled(using: &numbers), alikenessWeight: weight)
      let agreement = bCubed(
        clusters: family.figures.map { other.cluster(of: $0.figure)?.rawValue },
        labels: family.figures.map { full.cluster(of: $0.figure)?.rawValue })
      #expect(agreement.f > 0.95)
    }
  }

  /// A large cluster's similarities are computed anew only now and then.
  @Test func aFullClusteringFindsLargeClustersWhole() {
    var crowd = Crowd(people: 30, picturesEach: 10, share: 0.6, seed: 7)
    for _ in 0..<700 { crowd.add(0, share: 0.6) }
    var clusterer = Crowd.clusterer()
    clusterer.restore(crowd.figures.map { ($0, nil) })
    _ = clusterer.recluster()
    let score = bCubed(
      clusters: crowd.figures.map { clusterer.cluster(of: $0.figure)?.rawValue },
      labels: crowd.figures.map { crowd.personOf[$0.figure] })
    #expect(score.f > 0.99)
  }
}
