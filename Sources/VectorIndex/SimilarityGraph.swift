internal import Kernels
internal import Synchronization

/// Two nodes and their similarity, the lower position first.
public struct SimilarityEdge: Sendable, Hashable {
  public let a: Int32
  public let b: Int32
  public let similarity: Float
}

/// The pairs of similar rows of a matrix.
public enum SimilarityGraph {
  /// Rows compared at once, on either side: two tiles and their products fit the caches.
  private static let tile = 256

  /// Finds, for each row, the most similar of the rows after it.
  ///
  /// The work is cut into strips that are shared among the processors; a strip's outcome does not
  /// depend on who computes it or when, and strips are put together in order.
  ///
  /// - Parameters:
  ///   - rows: `n × dimension`, row-major.
  ///   - dimension: of a row.
  ///   - minimumSimilarity: less similar pairs are left out.
  ///   - limit: the most pairs for each row.
  ///   - progress: told the share done in 0…1, perhaps from several threads.
  ///   - isCancelled: asked for each strip.
  /// - Returns: the pairs by first row, the most similar first; `nil` if cancelled.
  public static func edges(
    among rows: [Float], dimension: Int, minimumSimilarity: Float, limit: Int,
    progress: (Double) -> Void, isCancelled: () -> Bool
  ) -> [SimilarityEdge]? {
    let count = rows.count / dimension
    let stripCount = (count + tile - 1) / tile
    let state = Mutex<(pairs: Int, isCancelled: Bool)>((0, false))
    let pairCount = count * (count + 1) / 2
    let strips = concurrently(stripCount) { strip -> [SimilarityEdge] in
      guard !state.withLock({ $0.isCancelled }) else { return [] }
      let first = strip * tile
      let last = min(count, first + tile)
      let found = edges(ofStrip: first..<last, rows, dimension, minimumSimilarity, limit)
      state.withLock {
        $0.pairs += (last - first) * (count - first)
        progress(min(1, Double($0.pairs) / Double(max(1, pairCount))))
        if isCancelled() { $0.isCancelled = true }
      }
      return found
    }
    return state.withLock { $0.isCancelled } ? nil : Array(strips.joined())
  }

  private static func edges(
    ofStrip range: Range<Int>, _ rows: [Float], _ dimension: Int, _ minimumSimilarity: Float,
    _ limit: Int
  ) -> [SimilarityEdge] {
    let count = rows.count / dimension
    var found = [[SimilarityEdge]](repeating: [], count: range.count)
    var products = [Float](repeating: 0, count: range.count * tile)
    let all = rows.span
    let left = all.extracting(range.lowerBound * dimension..<range.upperBound * dimension)
    for start in stride(from: range.lowerBound, to: count, by: tile) {
      let end = min(count, start + tile)
      let width = end - start
      do {
        var span = products.mutableSpan
        var output = span._mutatingExtracting(0..<range.count * width)
        multiplyTransposed(
          left, all.extracting(start * dimension..<end * dimension), depth: dimension, into: &output
        )
      }
      for row in 0..<range.count {
        let a = range.lowerBound + row
        for column in 0..<width where products[row * width + column] >= minimumSimilarity {
          guard start + column > a else { continue }
          found[row].append(
            SimilarityEdge(
              a: Int32(a), b: Int32(start + column), similarity: products[row * width + column]))
        }
        if found[row].count > 8 * limit { prune(&found[row], to: limit) }
      }
    }
    for row in found.indices { prune(&found[row], to: limit) }
    return Array(found.joined())
  }

  private static func prune(_ edges: inout [SimilarityEdge], to limit: Int) {
    edges.sort { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.b < $1.b }
    if edges.count > limit { edges.removeLast(edges.count - limit) }
  }
}
