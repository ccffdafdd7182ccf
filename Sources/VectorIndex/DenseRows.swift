/// Rows of numbers in blocks, row-major, without padding.
///
/// Storage is cut into blocks, so growing never copies what is there.
public struct DenseRows: Sendable {
  /// The number of columns.
  public let dimension: Int
  public private(set) var count = 0
  /// `rowsPerBlock × dimension` numbers each; only the last block in use is partly filled.
  private var blocks: [[Float]] = []

  /// A block of 128-dimensional rows is 1 MiB: large for one scan step, small for one allocation.
  static let rowsPerBlock = 2048

  /// - Precondition: `dimension` is positive.
  public init(dimension: Int) {
    precondition(dimension > 0, "an embedding has at least one dimension")
    self.dimension = dimension
  }

  /// Adds a row at position ``count``.
  ///
  /// - Precondition: `row` has ``dimension`` numbers.
  public mutating func append(_ row: [Float]) {
    precondition(row.count == dimension, "a row has \(dimension) numbers, not \(row.count)")
    if count == blocks.count * Self.rowsPerBlock {
      blocks.append([Float](repeating: 0, count: Self.rowsPerBlock * dimension))
    }
    count += 1
    replace(row: count - 1, with: row)
  }

  /// Overwrites a row.
  ///
  /// - Precondition: `row` is a position in use and `values` has ``dimension`` numbers.
  public mutating func replace(row: Int, with values: [Float]) {
    precondition(row >= 0 && row < count && values.count == dimension, "row or length out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let start = place * dimension
    var numbers = blocks[block].mutableSpan
    for column in 0..<dimension { numbers[start + column] = values[column] }
  }

  /// Removes the last row.
  ///
  /// - Precondition: there is one.
  mutating func removeLast() {
    precondition(count > 0, "no row to remove")
    count -= 1
    if blocks.count > (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock + 1 {
      blocks.removeLast()
    }
  }

  /// A copy of one row.
  ///
  /// - Precondition: `row` is a position in use.
  public subscript(row: Int) -> [Float] {
    precondition(row >= 0 && row < count, "row out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    return Array(blocks[block][place * dimension..<(place + 1) * dimension])
  }

  /// The inner product of `query` with one row.
  ///
  /// - Precondition: `row` is a position in use and `query` has ``dimension`` numbers.
  public func dot(_ query: Span<Float>, row: Int) -> Float {
    precondition(row >= 0 && row < count && query.count == dimension, "row or length out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let start = place * dimension
    let rows = blocks[block]
    let all = rows.span
    return innerProduct(query, all.extracting(start..<start + dimension))
  }

  /// Adds a multiple of one row to a vector.
  ///
  /// - Precondition: `row` is a position in use and `sum` has ``dimension`` numbers.
  public func add(row: Int, scaledBy factor: Float = 1, to sum: inout [Float]) {
    precondition(row >= 0 && row < count && sum.count == dimension, "row or length out of range")
    withRow(row) { values in
      for column in 0..<dimension { sum[column] += factor * values[column] }
    }
  }

  /// Calls `body` with the numbers of one row.
  ///
  /// - Precondition: `row` is a position in use.
  public func withRow<Result>(_ row: Int, _ body: (Span<Float>) -> Result) -> Result {
    precondition(row >= 0 && row < count, "row out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let rows = blocks[block]
    let all = rows.span
    return body(all.extracting(place * dimension..<(place + 1) * dimension))
  }
}
