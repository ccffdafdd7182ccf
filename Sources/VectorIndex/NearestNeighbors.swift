internal import FaceTypes

/// The best `limit` neighbours met so far, the worst of them on top of a heap.
struct NearestNeighbors {
  private let limit: Int
  private let minimumSimilarity: Float
  /// A binary heap, worst first, once it holds `limit` elements; a plain list before.
  private var kept: [Neighbor] = []

  init(limit: Int, minimumSimilarity: Float) {
    self.limit = limit
    self.minimumSimilarity = minimumSimilarity
  }

  /// Takes what is good enough of one block's similarities.
  ///
  /// - Parameters:
  ///   - similarities: one for each row of the block.
  ///   - first: the position of the block's first row.
  ///   - figures: all figures by position.
  mutating func offer(_ similarities: Span<Float>, first: Int, of figures: [FigureID]) {
    guard limit > 0 else { return }
    var bar = kept.count < limit ? minimumSimilarity : kept[0].similarity
    for row in similarities.indices where similarities[row] >= bar {
      let neighbor = Neighbor(figure: figures[first + row], similarity: similarities[row])
      if kept.count < limit {
        kept.append(neighbor)
        if kept.count == limit { heapify() }
      } else if neighbor.precedes(kept[0]) {
        kept[0] = neighbor
        sift(from: 0)
      }
      if kept.count == limit { bar = max(minimumSimilarity, kept[0].similarity) }
    }
  }

  /// Most similar first, then by figure.
  func sorted() -> [Neighbor] { kept.sorted { $0.precedes($1) } }

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
