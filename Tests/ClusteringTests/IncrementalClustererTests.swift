import Clustering
import FaceTypes
import Testing

@Suite struct IncrementalClustererTests {
  private func people(_ crowd: Crowd) -> Set<[FigureID]> {
    Set(
      Dictionary(grouping: crowd.figures.map(\.figure)) { crowd.personOf[$0] ?? -1 }.values
        .map { $0.sorted() })
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func findsThePeopleInAnyOrder(seed: UInt64) {
    let crowd = Crowd(people: 12, picturesEach: 6, seed: 1)
    var numbers = Numbers(state: seed)
    var clusterer = Crowd.clusterer()
    for figure in crowd.figures.shuffled(using: &numbers) { _ = clusterer.add([figure]) }
    #expect(clusterer.partition == people(crowd))
  }

  @Test func aBatchAndSinglesComeToTheSame() {
    let crowd = Crowd(people: 8, picturesEach: 5, seed: 2)
    var one = Crowd.clusterer()
    var other = Crowd.clusterer()
    _ = one.add(crowd.figures)
    for figure in crowd.figures { _ = other.add([figure]) }
    #expect(one.partition == other.partition)
    #expect(one.nextCluster == other.nextCluster)
  }

  @Test func twoFacesOfOneMediumAreNeverTogetherHoweverAlike() {
    var crowd = Crowd(people: 1, picturesEach: 4, seed: 3)
    let first = crowd.add(0, share: 0.95, media: 100)
    let second = crowd.add(0, share: 0.95, media: 100)
    for order in [[first, second], [second, first]] {
      var clusterer = Crowd.clusterer()
      _ = clusterer.add(Array(crowd.figures.prefix(4)))
      _ = clusterer.add(order)
      #expect(clusterer.cluster(of: first.figure) != clusterer.cluster(of: second.figure))
      #expect(clusterer.cluster(of: first.figure) != nil)
      #expect(clusterer.cluster(of: second.figure) != nil)
    }
  }

  @Test func anUnclearFaceWaitsAndJoinsWhenItsPersonComes() throws {
    var crowd = Crowd(people: 2, picturesEach: 0, seed: 4)
    let unclear = crowd.add(0, share: 0.7, mayFound: false)
    let clear = crowd.add(0, share: 0.8)
    var clusterer = Crowd.clusterer()
    #expect(clusterer.add([unclear]) == [.waiting(unclear.figure, from: nil, .tooUnclearToFound)])
    #expect(clusterer.cluster(of: unclear.figure) == nil)
    let changes = clusterer.add([clear])
    let cluster = try #require(clusterer.cluster(of: clear.figure))
    #expect(clusterer.cluster(of: unclear.figure) == cluster)
    #expect(changes.first == .founded(cluster, figures: [clear.figure]))
    guard case .joined(unclear.figure, cluster, let evidence) = changes.last else {
      Issue.record("the unclear face joined: \(changes)")
      return
    }
    #expect(evidence.nearest?.figure == clear.figure)
    #expect(evidence.averageSimilarity > (evidence.minimumSimilarity ?? 1))
  }

  @Test func unclearFacesNeverBridgeTwoPeople() {
    var crowd = Crowd(people: 2, picturesEach: 3, share: 0.8, seed: 5)
    // Halfway between both people, as a smeared face may be.
    let between = unit(zip(crowd.people[0], crowd.people[1]).map { $0 + $1 })
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    let before = clusterer.partition
    for figure in 100..<120 {
      let made = face(figure, of: between, share: 0.9, mayFound: false, using: &crowd.numbers)
      _ = clusterer.add([made])
    }
    let clear = Set(crowd.figures.map(\.figure))
    let after = Set(clusterer.partition.map { $0.filter(clear.contains) }.filter { !$0.isEmpty })
    #expect(after == before)
  }

  @Test func theChangesTellTheWholeStory() {
    var crowd = Crowd(people: 10, picturesEach: 5, share: 0.5, seed: 6)
    for person in 0..<10 { crowd.add(person, share: 0.4, mayFound: false) }
    var numbers = Numbers(state: 9)
    var clusterer = Crowd.clusterer()
    var listener = Listener()
    for figure in crowd.figures.shuffled(using: &numbers) { listener.hear(clusterer.add([figure])) }
    let gone = crowd.figures.shuffled(using: &numbers).prefix(15).map(\.figure)
    listener.forget(gone)
    listener.hear(clusterer.remove(gone))
    listener.hear(clusterer.recluster())
    for figure in crowd.figures.map(\.figure) {
      #expect(listener.clusterOf[figure] == clusterer.cluster(of: figure))
    }
    #expect(listener.clusters == Set(clusterer.clusters))
  }

  @Test func aRemovedFigureIsForgottenAndAnEmptyClusterEnds() throws {
    let crowd = Crowd(people: 2, picturesEach: 2, seed: 7)
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    let mine = crowd.figures.map(\.figure).filter { crowd.personOf[$0] == 0 }
    let cluster = try #require(clusterer.cluster(of: mine[0]))
    #expect(clusterer.remove([mine[0]]).isEmpty)
    #expect(clusterer.figures(of: cluster) == [mine[1]])
    #expect(clusterer.remove([mine[1], mine[1]]) == [.dissolved(cluster)])
    #expect(!clusterer.clusters.contains(cluster))
    #expect(!clusterer.contains(mine[0]))
    _ = clusterer.add([crowd.figures[0]])
    #expect(clusterer.cluster(of: mine[0]) != cluster)
  }

  @Test func aRestoredClustererGoesOnAsIfItHadNeverStopped() {
    let crowd = Crowd(people: 15, picturesEach: 8, share: 0.45, seed: 8)
    var numbers = Numbers(state: 1)
    let order = crowd.figures.shuffled(using: &numbers)
    var running = Crowd.clusterer()
    _ = running.add(Array(order.prefix(60)))
    _ = running.settle()
    var restored = IncrementalClusterer(
      policy: Crowd.policy, dimension: Crowd.dimension, nextCluster: running.nextCluster)
    restored.restore(order.prefix(60).map { ($0, running.cluster(of: $0.figure)) })
    #expect(restored.partition == running.partition)
    for figure in order.dropFirst(60) {
      #expect(restored.add([figure]) == running.add([figure]))
    }
    #expect(restored.partition == running.partition)
  }

  @Test func whatIsFoundOutInIdleTimesChangesNoDecision() {
    let crowd = Crowd(people: 6, picturesEach: 60, share: 0.32, seed: 18)
    var numbers = Numbers(state: 2)
    let order = crowd.figures.shuffled(using: &numbers)
    let (first, rest) = (order.prefix(200), order.dropFirst(200))
    var running = Crowd.clusterer()
    _ = running.add(Array(first))
    _ = running.settle()
    var busy = IncrementalClusterer(
      policy: Crowd.policy, dimension: Crowd.dimension, nextCluster: running.nextCluster)
    busy.restore(first.map { ($0, running.cluster(of: $0.figure)) })
    var idle = busy
    var steps = 1
    while !idle.settle(limit: 1).isSettled { steps += 1 }
    #expect(steps > 1)
    for figure in rest {
      let changes = running.add([figure])
      #expect(busy.add([figure]) == changes)
      #expect(idle.add([figure]) == changes)
    }
    #expect(busy.partition == running.partition && idle.partition == running.partition)
  }

  /// Also where the library grows so much meanwhile that more is demanded of every cluster.
  @Test(arguments: [1, 2, 3])
  func oneMoreImageMovesNobodyWhomItDoesNotConcern(seed: UInt64) {
    var crowd = Crowd(people: 30, picturesEach: 6, share: 0.35, seed: seed &+ 30)
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    while !clusterer.settle().isSettled {}
    var concernedNobody = 0
    for figure in 1000..<1100 {
      let stranger = face(
        figure, of: crowd.numbers.direction(Crowd.dimension), share: 1, using: &crowd.numbers)
      let matches = clusterer.matches(for: stranger.embedding, count: 30)
      let cluster = clusterer.nextCluster
      let changes = clusterer.add([stranger])
      // Neither anybody nor a single picture of somebody is like the stranger.
      guard matches.allSatisfy({ $0.averageSimilarity < 0.2 && $0.similarity < 0.3 }) else {
        continue
      }
      concernedNobody += 1
      #expect(changes == [.founded(cluster, figures: [stranger.figure])])
    }
    #expect(concernedNobody > 5)
  }

  @Test func matchesNameTheMostProbablePersonFirst() throws {
    var crowd = Crowd(people: 6, picturesEach: 5, seed: 10)
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    let known = crowd.figures.count
    let stranger = crowd.numbers.direction(Crowd.dimension)
    for person in 0..<6 {
      let query = crowd.add(person)
      let matches = clusterer.matches(for: query.embedding, count: 3)
      let best = try #require(matches.first)
      let expected = crowd.figures.prefix(known).first { crowd.personOf[$0.figure] == person }
      #expect(best.cluster == clusterer.cluster(of: try #require(expected).figure))
      #expect(best.isConfident && best.probability > 0.5 && matches.count <= 3)
      let nearest = clusterer.neighbors(of: query.embedding, minimumSimilarity: -1, count: 1)
      #expect(nearest.first?.figure == best.nearest)
      #expect(abs((nearest.first?.similarity ?? 0) - best.similarity) < 1e-5)
    }
    let matches = clusterer.matches(for: stranger, count: 3)
    #expect(matches.allSatisfy { !$0.isConfident && $0.probability < 0.2 })
    #expect(clusterer.matches(for: stranger, count: 0).isEmpty)
  }

  @Test func centeringDoesNotChangeTheCosinesThatAreReported() {
    var crowd = Crowd(people: 3, picturesEach: 2, seed: 11)
    var policy = Crowd.policy
    policy.center = crowd.numbers.direction(Crowd.dimension).map { 0.3 * $0 }
    policy.blurDirections = [0, 1].map { axis in
      (0..<Crowd.dimension).map { $0 == axis ? 1 : 0 }
    }
    var clusterer = IncrementalClusterer(
      policy: policy, dimension: Crowd.dimension, nextCluster: ClusterID(rawValue: 1))
    _ = clusterer.add(crowd.figures)
    let query = crowd.figures[0].embedding
    for neighbor in clusterer.neighbors(of: query, minimumSimilarity: -2) {
      let other = crowd.figures[Int(neighbor.figure.rawValue) - 1].embedding
      let cosine = zip(query, other).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      #expect(abs(neighbor.similarity - cosine) < 1e-5)
    }
  }
}
