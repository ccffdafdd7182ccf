/// A query as 16-bit whole numbers, to be compared with ``CodedRows``.
struct CodedQuery {
  /// As many as a row has codes; zeros behind the numbers of the query.
  let codes: [Int16]
  /// What one step of a code is worth.
  let scale: Float
  /// By how much what a row has lost counts: the query's length.
  let length: Float
  /// By how much a row's length counts: what the query has lost, and what sums of floats lose.
  let error: Float

  /// Codes a query.
  ///
  /// - Parameters:
  ///   - query: finite numbers.
  ///   - codesPerRow: of the rows that it is compared with; at least the count of `query`.
  init(_ query: Span<Float>, codesPerRow: Int) {
    var largest: Float = 0
    for index in query.indices { largest = max(largest, abs(query[index])) }
    // No sum of products with codes of 8 bits leaves 32 bits.
    let limit = Float(min(32_767, Int(Int32.max) / (CodedRows.largestCode * codesPerRow)))
    let scale = largest / limit
    var codes = [Int16](repeating: 0, count: codesPerRow)
    var (length, lost) = (Float(0), Float(0))
    for index in query.indices {
      let code = scale > 0 ? (query[index] / scale).rounded() : 0
      codes[index] = Int16(max(-limit, min(limit, code)))
      let rest = query[index] - Float(codes[index]) * scale
      length += query[index] * query[index]
      lost += rest * rest
    }
    self.codes = codes
    self.scale = scale
    let roundedUp = CodedRows.roundedUp(length.squareRoot())
    self.length = roundedUp
    // Sums of floats are wrong by at most half a unit in the last place for each addition.
    let rounding = Float(query.count + 8) * Float.ulpOfOne
    error = CodedRows.roundedUp(lost.squareRoot()) + rounding * roundedUp
  }
}
