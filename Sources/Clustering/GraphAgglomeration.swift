internal import VectorIndex

/// Average-linkage grouping of a whole library along its similar pairs.
///
/// The same rule as ``Agglomeration``: the pair with the largest gain first, until none is
/// positive. Only groups with a similar pair between them are considered, and their average
/// similarity over all pairs, seen or not, is the inner product of their mean vectors.
struct GraphAgglomeration {
  private struct Candidate {
    let gain: Float
    let a: Int32
    let b: Int32
    let versionA: Int32
    let versionB: Int32

    /// Larger gains first, then lower positions.
    func precedes(_ other: Candidate) -> Bool {
      if gain != other.gain { return gain > other.gain }
      return a != other.a ? a < other.a : b < other.b
    }
  }

  private let dimension: Int
  private var means: [Float]
  private var sizes: [Float]
  private var parents: [Int32]
  private var versions: [Int32]
  private var neighbors: [Set<Int32>]
  private var forbidden: [Int32: Set<Int32>] = [:]
  private var heap: [Candidate] = []
  private let policy: ClusteringPolicy
  private let level: SizeLevel
  private(set) var weakestGain: [Float]

  /// - Parameters:
  ///   - rows: `n × dimension`, the mean embedding of each node.
  ///   - dimension: of the embeddings.
  ///   - sizes: how many faces each node stands for.
  ///   - edges: the pairs of nodes that are alike.
  ///   - policy: the numbers to decide by.
  ///   - level: of the library's size.
  init(
    rows: [Float], dimension: Int, sizes: [Float], edges: [SimilarityEdge],
    policy: ClusteringPolicy, level: SizeLevel
  ) {
    self.dimension = dimension
    means = rows
    self.sizes = sizes
    self.policy = policy
    self.level = level
    parents = sizes.indices.map { Int32($0) }
    versions = [Int32](repeating: 0, count: sizes.count)
    weakestGain = [Float](repeating: .infinity, count: sizes.count)
    neighbors = [Set<Int32>](repeating: [], count: sizes.count)
    for edge in edges {
      neighbors[Int(edge.a)].insert(edge.b)
      neighbors[Int(edge.b)].insert(edge.a)
      push(edge.a, edge.b, similarity: edge.similarity)
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
    merge(min(left, right), max(left, right))
    offerNeighbors(of: min(left, right))
  }

  /// Runs to the end.
  ///
  /// - Returns: for each node the lowest position of its group; `nil` if cancelled.
  mutating func run(isCancelled: () -> Bool) -> [Int]? {
    var joins = 0
    while let best = pop() {
      guard versions[Int(best.a)] == best.versionA, versions[Int(best.b)] == best.versionB,
        parents[Int(best.a)] == best.a, parents[Int(best.b)] == best.b,
        forbidden[best.a]?.contains(best.b) != true
      else { continue }
      joins += 1
      if joins.isMultiple(of: 1024), isCancelled() { return nil }
      merge(best.a, best.b)
      weakestGain[Int(best.a)] = min(weakestGain[Int(best.a)], best.gain)
      offerNeighbors(of: best.a)
    }
    return sizes.indices.map { Int(root(Int32($0))) }
  }

  private func root(_ position: Int32) -> Int32 {
    var current = position
    while parents[Int(current)] != current { current = parents[Int(current)] }
    return current
  }

  private mutating func offerNeighbors(of a: Int32) {
    for other in neighbors[Int(a)] {
      push(min(a, other), max(a, other), similarity: similarity(a, other))
    }
  }

  private func similarity(_ a: Int32, _ b: Int32) -> Float {
    let all = means.span
    let (left, right) = (Int(a) * dimension, Int(b) * dimension)
    return innerProduct(
      all.extracting(left..<left + dimension), all.extracting(right..<right + dimension))
  }

  private mutating func push(_ a: Int32, _ b: Int32, similarity: Float) {
    let (left, right) = (sizes[Int(a)], sizes[Int(b)])
    let needed = policy.minimumSimilarity(
      harmonicMean: 2 * left * right / (left + right), at: level)
    guard similarity > needed else { return }
    push(
      Candidate(
        gain: similarity - needed, a: a, b: b, versionA: versions[Int(a)],
        versionB: versions[Int(b)]))
  }

  /// Joins the living group `b` into the living group `a`.
  private mutating func merge(_ a: Int32, _ b: Int32) {
    let (left, right) = (Int(a), Int(b))
    let total = sizes[left] + sizes[right]
    let (shareA, shareB) = (sizes[left] / total, sizes[right] / total)
    for column in 0..<dimension {
      means[left * dimension + column] =
        shareA * means[left * dimension + column] + shareB * means[right * dimension + column]
    }
    sizes[left] = total
    parents[right] = a
    versions[left] += 1
    weakestGain[left] = min(weakestGain[left], weakestGain[right])
    for other in neighbors[right] {
      neighbors[Int(other)].remove(b)
      guard other != a else { continue }
      neighbors[Int(other)].insert(a)
      neighbors[left].insert(other)
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
  }

  // MARK: The heap

  private mutating func push(_ candidate: Candidate) {
    heap.append(candidate)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
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
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return first
  }
}
