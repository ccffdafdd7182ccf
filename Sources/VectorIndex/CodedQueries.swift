/// Queries as 16-bit whole numbers, to be compared with ``CodedRows``.
struct CodedQueries {
  /// `[pair][query]`: two numbers in a word; as many as a row has codes, zeros behind the query's.
  private(set) var words: [Int32] = []
  /// What one step of a query's numbers is worth.
  private(set) var scales: [Float] = []
  /// By how much what a row has lost counts: the query's length.
  private(set) var lengths: [Float] = []
  /// By how much a row's length counts: what the query has lost, and what sums of floats lose.
  private(set) var errors: [Float] = []
  let codesPerRow: Int

  var count: Int { scales.count }

  /// None yet.
  ///
  /// - Parameter codesPerRow: of the rows that they are compared with.
  init(codesPerRow: Int) { self.codesPerRow = codesPerRow }

  /// Codes a query.
  ///
  /// - Parameter query: finite numbers, at most ``codesPerRow``.
  mutating func append(_ query: [Float]) {
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
    var interleaved: [Int32] = []
    interleaved.reserveCapacity(words.count + codesPerRow / 2)
    for pair in 0..<codesPerRow / 2 {
      interleaved += words[pair * count..<(pair + 1) * count]
      let (low, high) = (codes[2 * pair], codes[2 * pair + 1])
      interleaved.append(Int32(high) << 16 | Int32(UInt16(bitPattern: low)))
    }
    words = interleaved
    scales.append(scale)
    let roundedUp = CodedRows.roundedUp(length.squareRoot())
    lengths.append(roundedUp)
    // Sums of floats are wrong by at most half a unit in the last place for each addition.
    let rounding = Float(query.count + 8) * Float.ulpOfOne
    errors.append(CodedRows.roundedUp(lost.squareRoot()) + rounding * roundedUp)
  }
}
