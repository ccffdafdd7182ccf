/// Average-linkage grouping of a few hundred nodes with all their similarities at hand.
///
/// A node is a face or a whole cluster. The pair with the largest gain
/// (``ClusteringPolicy/gain(similarity:tightness:near:at:allowance:)``) is joined again and again until no gain is positive. Ties go to the
/// lower positions, so that the result depends on the nodes alone.
struct Agglomeration {
  /// `count × count`, row-major: the average similarity of the two groups at these positions; on
  /// the diagonal that of a group with itself, the squared length of its mean.
  private var similarities: [Float]
  /// `count × count`: whether the two groups must stay apart.
  private var forbidden: [Bool]
  private var sizes: [Float]
  private var tightnesses: [Float]
  /// Of each group; empty where they do not matter.
  var lifetimes: [Lifetime] = []
  /// `count × count`: the pairs of faces not many years apart; empty where no time is known.
  var nearPairs: [NearPairs] = []
  private var isAlive: [Bool]
  /// For each position the one it was joined into; itself while alive.
  private var parents: [Int]
  private var bestPartner: [Int]
  private var bestGain: [Float]
  private let count: Int
  private let policy: ClusteringPolicy
  private let level: LibraryLevel
  /// The smallest gain that led into the group at each position; infinite for what was given.
  private(set) var weakestGain: [Float]

  /// - Parameters:
  ///   - similarities: `n × n`, symmetric, with the squared lengths of the nodes on the diagonal.
  ///   - sizes: how many faces each node stands for.
  ///   - policy: the numbers to decide by.
  ///   - level: of the library.
  init(similarities: [Float], sizes: [Float], policy: ClusteringPolicy, level: LibraryLevel) {
    count = sizes.count
    precondition(similarities.count == count * count, "a similarity for each pair of nodes")
    self.similarities = similarities
    self.sizes = sizes
    self.policy = policy
    self.level = level
    let side = count
    tightnesses = (0..<side).map {
      policy.tightness(ofMeanLength: similarities[$0 * side + $0].squareRoot())
    }
    forbidden = [Bool](repeating: false, count: count * count)
    isAlive = [Bool](repeating: true, count: count)
    parents = Array(0..<count)
    bestPartner = [Int](repeating: -1, count: count)
    bestGain = [Float](repeating: 0, count: count)
    weakestGain = [Float](repeating: .infinity, count: count)
  }

  /// Keeps two nodes, and all that joins either, apart.
  mutating func forbid(_ a: Int, _ b: Int) {
    guard a != b else { return }
    forbidden[a * count + b] = true
    forbidden[b * count + a] = true
  }

  /// Joins two nodes whatever their similarity.
  mutating func join(_ a: Int, _ b: Int) {
    let (left, right) = (root(a), root(b))
    if left != right { merge(min(left, right), max(left, right)) }
  }

  /// Runs to the end.
  ///
  /// - Returns: for each node the lowest position of its group.
  mutating func run() -> [Int] {
    for row in 0..<count where isAlive[row] { refreshBest(row) }
    while true {
      var best = -1
      for row in 0..<count where isAlive[row] && bestPartner[row] >= 0 {
        if best < 0 || bestGain[row] > bestGain[best] { best = row }
      }
      guard best >= 0 else { break }
      let (a, b) = (min(best, bestPartner[best]), max(best, bestPartner[best]))
      let gain = bestGain[best]
      merge(a, b)
      weakestGain[a] = min(gain, weakestGain[a])
      refreshBest(a)
      for row in 0..<count where isAlive[row] && row != a {
        if bestPartner[row] == a || bestPartner[row] == b {
          refreshBest(row)
        } else {
          offer(a, to: row)
        }
      }
    }
    return (0..<count).map(root)
  }

  private func root(_ position: Int) -> Int {
    var current = position
    while parents[current] != current { current = parents[current] }
    return current
  }

  private func gain(_ a: Int, _ b: Int) -> Float {
    policy.gain(
      similarity: similarities[a * count + b], tightness: tightnesses[a] * tightnesses[b],
      near: nearPairs.isEmpty ? NearPairs() : nearPairs[a * count + b], at: level)
  }

  private mutating func refreshBest(_ row: Int) {
    bestPartner[row] = -1
    bestGain[row] = 0
    for other in 0..<count where other != row && isAlive[other] { offer(other, to: row) }
  }

  private mutating func offer(_ other: Int, to row: Int) {
    guard !forbidden[row * count + other],
      lifetimes.isEmpty || !lifetimes[row].contradicts(lifetimes[other])
    else { return }
    let gain = gain(row, other)
    guard gain > 0 else { return }
    if bestPartner[row] < 0 || gain > bestGain[row]
      || (gain == bestGain[row] && other < bestPartner[row])
    {
      bestPartner[row] = other
      bestGain[row] = gain
    }
  }

  /// Joins the living group `b` into the living group `a`.
  private mutating func merge(_ a: Int, _ b: Int) {
    let total = sizes[a] + sizes[b]
    let (shareA, shareB) = (sizes[a] / total, sizes[b] / total)
    for other in 0..<count where isAlive[other] && other != a && other != b {
      let joined =
        shareA * similarities[a * count + other] + shareB * similarities[b * count + other]
      similarities[a * count + other] = joined
      similarities[other * count + a] = joined
      if !nearPairs.isEmpty {
        nearPairs[a * count + other] += nearPairs[b * count + other]
        nearPairs[other * count + a] = nearPairs[a * count + other]
      }
      if forbidden[b * count + other] { forbid(a, other) }
    }
    let squaredLength =
      shareA * shareA * similarities[a * count + a] + shareB * shareB * similarities[b * count + b]
      + 2 * shareA * shareB * similarities[a * count + b]
    similarities[a * count + a] = squaredLength
    tightnesses[a] = policy.tightness(ofMeanLength: max(0, squaredLength).squareRoot())
    sizes[a] = total
    if !lifetimes.isEmpty { lifetimes[a] = lifetimes[a].joined(lifetimes[b]) }
    isAlive[b] = false
    parents[b] = a
    weakestGain[a] = min(weakestGain[a], weakestGain[b])
  }
}
