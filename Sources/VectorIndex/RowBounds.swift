internal import KernelTypes

/// Upper bounds of the products of some queries and some groups of rows.
struct RowBounds {
  let queries: Int
  let groupsPerQuery: Int
  /// `[query][group][row]`.
  private var bounds: [Float]
  /// `[query][group]`: which rows of the group reach the query's floor, the first in the lowest bit.
  private var candidates: [UInt16]

  /// Room for bounds.
  init(queries: Int, groupsPerQuery: Int) {
    self.queries = queries
    self.groupsPerQuery = groupsPerQuery
    bounds = [Float](repeating: 0, count: queries * groupsPerQuery * rowsPerCodeGroup)
    candidates = [UInt16](repeating: 0, count: queries * groupsPerQuery)
  }

  /// The first bounds of a query.
  func withBounds<Result>(
    of query: Int, count: Int, _ body: (Span<Float>) -> Result
  ) -> Result {
    let start = query * groupsPerQuery * rowsPerCodeGroup
    let all = bounds.span
    return body(all.extracting(start..<start + count))
  }

  /// Calls `body` with those of a query's first rows that reached its floor when they were bounded.
  ///
  /// - Parameters:
  ///   - query: which of the queries.
  ///   - count: how many rows.
  ///   - body: gets a row's number and its bound.
  func forEachCandidate(of query: Int, count: Int, _ body: (_ row: Int, _ bound: Float) -> Void) {
    let (marks, all) = (candidates.span, bounds.span)
    let first = query * groupsPerQuery
    for group in 0..<(count + rowsPerCodeGroup - 1) / rowsPerCodeGroup {
      var left = marks[first + group]
      while left != 0 {
        let row = group * rowsPerCodeGroup + left.trailingZeroBitCount
        left &= left &- 1
        if row < count { body(row, all[first * rowsPerCodeGroup + row]) }
      }
    }
  }

  /// Calls `body` with where both are written.
  mutating func withUnsafeMutablePointers(
    _ body: (
      _ bounds: UnsafeMutablePointer<Float>, _ candidates: UnsafeMutablePointer<UInt16>
    ) -> Void
  ) {
    unsafe bounds.withUnsafeMutableBufferPointer { bounds in
      unsafe candidates.withUnsafeMutableBufferPointer { candidates in
        guard let bounds = bounds.baseAddress, let candidates = candidates.baseAddress else {
          return
        }
        unsafe body(bounds, candidates)
      }
    }
  }
}
