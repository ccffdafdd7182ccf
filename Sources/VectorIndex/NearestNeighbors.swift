/// What has a similarity to something, and a place among others of its kind.
public protocol Ranked {
  var similarity: Float { get }
  /// Whether this comes before `other`: a total order in which the more similar go first.
  func precedes(_ other: Self) -> Bool
}

/// The best `limit` neighbours met so far, the worst of them on top of a heap.
public struct NearestNeighbors<Neighbor: Ranked> {
  private let limit: Int
  private let minimumSimilarity: Float
  /// A binary heap, worst first, once it holds `limit` elements; a plain list before.
  private var kept: [Neighbor] = []

  /// - Parameters:
  ///   - limit: how many are kept.
  ///   - minimumSimilarity: of those that ``bar`` lets pass.
  public init(limit: Int, minimumSimilarity: Float) {
    self.limit = limit
    self.minimumSimilarity = minimumSimilarity
  }

  /// The least similarity that is good enough.
  public var bar: Float {
    guard limit > 0 else { return .infinity }
    return kept.count < limit
      ? minimumSimilarity : max(minimumSimilarity, kept[0].similarity)
  }

  /// Takes a neighbour if it is good enough.
  public mutating func offer(_ neighbor: Neighbor) {
    if kept.count < limit {
      kept.append(neighbor)
      if kept.count == limit { heapify() }
    } else if limit > 0, neighbor.precedes(kept[0]) {
      kept[0] = neighbor
      sift(from: 0)
    }
  }

  /// The first first.
  public func sorted() -> [Neighbor] { kept.sorted { $0.precedes($1) } }

  private mutating func heapify() {
    for start in stride(from: kept.count / 2 - 1, through: 0, by: -1) { sift(from: start) }
  }

  private mutating func sift(from start: Int) {
    var parent = start
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < kept.count {
        if kept[worst].precedes(kept[child]) { worst = child }
      }
      if worst == parent { return }
      kept.swapAt(parent, worst)
      parent = worst
    }
  }
}
