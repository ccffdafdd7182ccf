internal import VectorIndex

/// Average-linkage grouping of a whole library along its similar pairs.
///
/// The same rule as ``Agglomeration``: the pair with the largest gain first, until none is
/// positive. Only groups with a similar pair between them are considered, and their average
/// similarity over all pairs, seen or not, is the inner product of their mean vectors.
///
/// A large group that takes in a small one hardly changes, so its similarities to its neighbours
/// are computed anew only after it has grown by ``driftLimit``. A join is always decided by the
/// similarity of the moment; only its turn may come late.
struct GraphAgglomeration {
  private struct Candidate {
    let gain: Float
    let a: Int32
    let b: Int32
    /// How often both together had offered their neighbours.
    let offers: Int32

    /// Larger gains first, then lower positions.
    func precedes(_ other: Candidate) -> Bool {
      if gain != other.gain { return gain > other.gain }
      return a != other.a ? a < other.a : b < other.b
    }
  }

  private let dimension: Int
  private var means: [Float]
  private var sizes: [Float]
  private var tightnesses: [Float]
  private var parents: [Int32]
  /// How often each group has computed the similarities to its neighbours.
  private var offers: [Int32]
  /// What each group has grown by since it last did, as a share.
  private var drifts: [Float]
  /// The lowest position of each group.
  private var lowest: [Int32]
  private var neighbors: [Set<Int32>]
  private var forbidden: [Int32: Set<Int32>] = [:]
  /// Of each group; empty where they do not matter.
  var lifetimes: [Lifetime] = []
  /// Of each group; empty where no time is known.
  private var eras: [Eras]
  private var heap: [Candidate] = []
  private let policy: ClusteringPolicy
  private let level: LibraryLevel
  private(set) var weakestGain: [Float]

  /// A group is larger by a fiftieth when its similarities are computed anew; those with a stranger
  /// have changed by 0.005 or so then.
  private static let driftLimit: Float = 0.02

  /// - Parameters:
  ///   - rows: `n × dimension`, the mean embedding of each node.
  ///   - dimension: of the embeddings.
  ///   - sizes: how many faces each node stands for.
  ///   - eras: of each node; none where no time is known.
  ///   - edges: the pairs of nodes that are alike.
  ///   - policy: the numbers to decide by.
  ///   - level: of the library.
  init(
    rows: [Float], dimension: Int, sizes: [Float], eras: [Eras], edges: [SimilarityEdge],
    policy: ClusteringPolicy, level: LibraryLevel
  ) {
    self.dimension = dimension
    self.eras = eras
    means = rows
    self.sizes = sizes
    self.policy = policy
    self.level = level
    parents = sizes.indices.map { Int32($0) }
    lowest = parents
    let all = rows.span
    tightnesses = sizes.indices.map { node in
      let mean = all.extracting(node * dimension..<(node + 1) * dimension)
      return policy.tightness(ofMeanLength: length(of: mean))
    }
    offers = [Int32](repeating: 0, count: sizes.count)
    drifts = [Float](repeating: 0, count: sizes.count)
    weakestGain = [Float](repeating: .infinity, count: sizes.count)
    neighbors = [Set<Int32>](repeating: [], count: sizes.count)
    for edge in edges {
      neighbors[Int(edge.a)].insert(edge.b)
      neighbors[Int(edge.b)].insert(edge.a)
      offer(edge.a, edge.b, similarity: edge.similarity)
    }
  }

  /// Keeps two nodes, and all that joins either, apart.
  mutating func forbid(_ a: Int, _ b: Int) {
    guard a != b else { return }
    forbidden[Int32(a), default: []].insert(Int32(b))
    forbidden[Int32(b), default: []].insert(Int32(a))
  }

  /// Joins two nodes whatever their similarity.
  mutating func join(_ a: Int, _ b: Int) {
    let (left, right) = (root(Int32(a)), root(Int32(b)))
    guard left != right else { return }
    offerNeighbors(of: merge(left, right))
  }

  /// Runs to the end.
  ///
  /// - Returns: for each node the lowest position of its group; `nil` if cancelled.
  mutating func run(isCancelled: () -> Bool) -> [Int]? {
    var joins = 0
    repeat {
      while let best = pop() {
        guard let gain = presentGain(best) else { continue }
        if gain < best.gain, let next = heap.first, gain < next.gain {
          push(best.a, best.b, gain: gain)
          continue
        }
        joins += 1
        if joins.isMultiple(of: 1024), isCancelled() { return nil }
        let kept = merge(best.a, best.b)
        weakestGain[Int(kept)] = min(weakestGain[Int(kept)], gain)
        if drifts[Int(kept)] > Self.driftLimit { offerNeighbors(of: kept) }
      }
    } while offerDrifted()
    let roots = sizes.indices.map { root(Int32($0)) }
    for root in Set(roots) {
      weakestGain[Int(lowest[Int(root)])] = weakestGain[Int(root)]
    }
    return roots.map { Int(lowest[Int($0)]) }
  }

  /// What a candidate has beyond its demand now; `nil` if there is nothing to join.
  private func presentGain(_ candidate: Candidate) -> Float? {
    let (a, b) = (candidate.a, candidate.b)
    guard offers[Int(a)] + offers[Int(b)] == candidate.offers, parents[Int(a)] == a,
      parents[Int(b)] == b, forbidden[a]?.contains(b) != true,
      lifetimes.isEmpty || !lifetimes[Int(a)].contradicts(lifetimes[Int(b)])
    else { return nil }
    guard drifts[Int(a)] > 0 || drifts[Int(b)] > 0 else { return candidate.gain }
    let gain = gain(a, b, similarity: similarity(a, b))
    return gain > 0 ? gain : nil
  }

  /// Offers the neighbours of every group that has changed since it last did.
  ///
  /// - Returns: whether there is something to join again.
  private mutating func offerDrifted() -> Bool {
    for node in sizes.indices where parents[node] == node && drifts[node] > 0 {
      offerNeighbors(of: Int32(node))
    }
    return !heap.isEmpty
  }

  private func root(_ position: Int32) -> Int32 {
    var current = position
    while parents[Int(current)] != current { current = parents[Int(current)] }
    return current
  }

  private mutating func offerNeighbors(of a: Int32) {
    offers[Int(a)] += 1
    drifts[Int(a)] = 0
    for other in neighbors[Int(a)] { offer(a, other, similarity: similarity(a, other)) }
  }

  private func range(of node: Int) -> Range<Int> { node * dimension..<(node + 1) * dimension }

  private func similarity(_ a: Int32, _ b: Int32) -> Float {
    let all = means.span
    return innerProduct(all.extracting(range(of: Int(a))), all.extracting(range(of: Int(b))))
  }

  private func gain(_ a: Int32, _ b: Int32, similarity: Float) -> Float {
    let (left, right) = (Int(a), Int(b))
    return policy.gain(
      similarity: similarity, tightness: tightnesses[left] * tightnesses[right],
      near: nearPairs(left, right), at: level)
  }

  private func nearPairs(_ a: Int, _ b: Int) -> NearPairs {
    guard !eras.isEmpty else { return NearPairs() }
    // All pairs of two groups of one era each are as many years apart.
    if case .one = eras[a], case .one = eras[b] { return NearPairs() }
    let all = means.span
    return eras[a].nearPairs(
      mean: all.extracting(range(of: a)), size: sizes[a], eras[b],
      mean: all.extracting(range(of: b)), size: sizes[b])
  }

  private func joinedEras(_ a: Int, _ b: Int) -> Eras {
    let all = means.span
    return eras[a].joined(
      mean: all.extracting(range(of: a)), size: sizes[a], eras[b],
      mean: all.extracting(range(of: b)), size: sizes[b])
  }

  private mutating func offer(_ a: Int32, _ b: Int32, similarity: Float) {
    let gain = gain(a, b, similarity: similarity)
    if gain > 0 { push(a, b, gain: gain) }
  }

  /// Joins two living groups; the one with fewer neighbours goes.
  ///
  /// - Returns: the one that lives on.
  private mutating func merge(_ first: Int32, _ second: Int32) -> Int32 {
    let counts = (neighbors[Int(first)].count, neighbors[Int(second)].count)
    let isFirstKept = counts.0 != counts.1 ? counts.0 > counts.1 : first < second
    let (a, b) = isFirstKept ? (first, second) : (second, first)
    let (left, right) = (Int(a), Int(b))
    if !eras.isEmpty {
      eras[left] = joinedEras(left, right)
      eras[right] = .unknown
    }
    let total = sizes[left] + sizes[right]
    let (shareA, shareB) = (sizes[left] / total, sizes[right] / total)
    for column in 0..<dimension {
      means[left * dimension + column] =
        shareA * means[left * dimension + column] + shareB * means[right * dimension + column]
    }
    sizes[left] = total
    tightnesses[left] = policy.tightness(ofMeanLength: similarity(a, a).squareRoot())
    if !lifetimes.isEmpty { lifetimes[left] = lifetimes[left].joined(lifetimes[right]) }
    parents[right] = a
    lowest[left] = min(lowest[left], lowest[right])
    drifts[left] += shareB
    weakestGain[left] = min(weakestGain[left], weakestGain[right])
    for other in neighbors[right] {
      neighbors[Int(other)].remove(b)
      guard other != a else { continue }
      neighbors[Int(other)].insert(a)
      if neighbors[left].insert(other).inserted {
        offer(a, other, similarity: similarity(a, other))
      }
    }
    neighbors[left].remove(b)
    neighbors[right] = []
    for other in forbidden.removeValue(forKey: b) ?? [] {
      forbidden[other]?.remove(b)
      if other != a {
        forbidden[other, default: []].insert(a)
        forbidden[a, default: []].insert(other)
      }
    }
    return a
  }

  // MARK: The heap

  /// Children of each place in the heap: four are in one line of the cache.
  private static let fanOut = 4

  private mutating func push(_ a: Int32, _ b: Int32, gain: Float) {
    let (low, high) = (min(a, b), max(a, b))
    let candidate = Candidate(
      gain: gain, a: low, b: high, offers: offers[Int(low)] + offers[Int(high)])
    heap.append(candidate)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / Self.fanOut
      guard candidate.precedes(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = candidate
  }

  private mutating func pop() -> Candidate? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var parent = 0
    while true {
      let start = Self.fanOut * parent + 1
      guard start < heap.count else { break }
      var child = start
      for other in start..<min(start + Self.fanOut, heap.count)
      where heap[other].precedes(heap[child]) {
        child = other
      }
      guard heap[child].precedes(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return first
  }
}
