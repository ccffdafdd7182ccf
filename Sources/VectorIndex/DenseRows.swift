/// Rows of numbers in blocks, row-major, without padding.
///
/// Storage is cut into blocks, so growing never copies what is there. With a file, blocks go there when
/// they are full, so that a small matrix is in memory and of a large one hardly anything.
public struct DenseRows: Sendable {
  /// The number of columns.
  public let dimension: Int
  public private(set) var count = 0
  /// `rowsPerBlock × dimension` numbers each; only the last block in use is partly filled.
  private var blocks: [Block] = []
  private let file: RowFile?

  /// A block of 128-dimensional rows is 1 MiB: large for one scan step, small for one allocation.
  static let rowsPerBlock = 2048

  private enum Block: Sendable {
    case memory([Float])
    case file(StoredRows)
  }

  /// An empty matrix.
  ///
  /// - Parameters:
  ///   - dimension: the number of columns.
  ///   - file: takes in full blocks; without one, all are in memory.
  /// - Precondition: `dimension` is positive.
  public init(dimension: Int, file: RowFile? = nil) {
    precondition(dimension > 0, "an embedding has at least one dimension")
    self.dimension = dimension
    self.file = file
  }

  /// Rows as they were saved; blocks that are full stay there until they are changed.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  public init(
    dimension: Int, file: RowFile?, count: Int, saved source: SectionFile, section: Int
  ) throws(SectionFileError) {
    self.init(dimension: dimension, file: file)
    self.count = count
    let saved = try source.saved(section, byteCount: 4 * count * dimension, isPrivate: false)
    let numbersPerBlock = Self.rowsPerBlock * dimension
    for start in stride(from: 0, to: count * dimension, by: numbersPerBlock) {
      let rows = StoredRows(
        mapping: saved.mapping, offset: saved.range.lowerBound + 4 * start,
        count: min(numbersPerBlock, count * dimension - start))
      if rows.count == numbersPerBlock {
        blocks.append(.file(rows))
      } else {
        let zeros = [Float](repeating: 0, count: numbersPerBlock - rows.count)
        blocks.append(.memory(rows.all + zeros))
      }
    }
  }

  /// Writes a section, the rows one after the other.
  ///
  /// - Throws: ``SectionFileError``.
  public func save(to file: SectionFileWriter) throws(SectionFileError) {
    for first in stride(from: 0, to: count, by: Self.rowsPerBlock) {
      let used = 0..<min(Self.rowsPerBlock, count - first) * dimension
      switch blocks[first / Self.rowsPerBlock] {
      case .memory(let numbers): try file.append(Array(numbers[used]))
      case .file(let rows): try file.append(rows.withNumbers(used) { [Float]($0) })
      }
    }
    try file.endSection()
  }

  /// Overwrites a row of what was saved with zeros, in the file.
  ///
  /// - Throws: ``SectionFileError``.
  public static func erase(
    row: Int, dimension: Int, in file: SectionFile, section: Int
  ) throws(SectionFileError) {
    try file.overwrite(
      section, at: 4 * row * dimension, [UInt8](repeating: 0, count: 4 * dimension))
  }

  /// Adds a row at position ``count``.
  ///
  /// - Precondition: `row` has ``dimension`` numbers.
  public mutating func append(_ row: [Float]) {
    precondition(row.count == dimension, "a row has \(dimension) numbers, not \(row.count)")
    if count == blocks.count * Self.rowsPerBlock {
      blocks.append(.memory([Float](repeating: 0, count: Self.rowsPerBlock * dimension)))
    }
    count += 1
    replace(row: count - 1, with: row)
    if count % Self.rowsPerBlock == 0 { moveToFile(count / Self.rowsPerBlock - 1) }
  }

  /// Overwrites a row.
  ///
  /// - Precondition: `row` is a position in use and `values` has ``dimension`` numbers.
  public mutating func replace(row: Int, with values: [Float]) {
    precondition(row >= 0 && row < count && values.count == dimension, "row or length out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let start = place * dimension
    let old = blocks[block]
    // So that this is the only owner, if no other matrix is.
    blocks[block] = .memory([])
    switch consume old {
    case .memory(var numbers):
      Self.overwrite(&numbers, from: start, values)
      blocks[block] = .memory(numbers)
    case .file(var rows):
      if rows.isReadOnly || !isKnownUniquelyReferenced(&rows) {
        guard let copy = file?.store(rows.all) else {
          blocks[block] = .memory(Self.overwritten(rows.all, from: start, values))
          return
        }
        rows = copy
      }
      let isWritten = rows.overwrite(from: start, values)
      blocks[block] =
        isWritten ? .file(rows) : .memory(Self.overwritten(rows.all, from: start, values))
    }
  }

  private static func overwrite(_ numbers: inout [Float], from start: Int, _ values: [Float]) {
    var numbers = numbers.mutableSpan
    for column in values.indices { numbers[start + column] = values[column] }
  }

  private static func overwritten(
    _ numbers: [Float], from start: Int, _ values: [Float]
  ) -> [Float] {
    var numbers = numbers
    overwrite(&numbers, from: start, values)
    return numbers
  }

  private mutating func moveToFile(_ block: Int) {
    guard let file, case .memory(let numbers) = blocks[block], let rows = file.store(numbers)
    else { return }
    blocks[block] = .file(rows)
  }

  /// Removes the last row; nothing is left of its numbers.
  ///
  /// - Precondition: there is one.
  mutating func removeLast() {
    precondition(count > 0, "no row to remove")
    erase(row: count - 1)
    count -= 1
    if blocks.count > (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock + 1 {
      blocks.removeLast()
    }
  }

  /// Overwrites a row with zeros.
  ///
  /// - Precondition: `row` is a position in use.
  public mutating func erase(row: Int) {
    replace(row: row, with: [Float](repeating: 0, count: dimension))
  }

  /// A copy of one row.
  ///
  /// - Precondition: `row` is a position in use.
  public subscript(row: Int) -> [Float] { withRow(row) { [Float]($0) } }

  /// The inner product of `query` with one row.
  ///
  /// - Precondition: `row` is a position in use and `query` has ``dimension`` numbers.
  public func dot(_ query: Span<Float>, row: Int) -> Float {
    precondition(query.count == dimension, "length out of range")
    return withRow(row) { innerProduct(query, $0) }
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
    let range = place * dimension..<(place + 1) * dimension
    switch blocks[block] {
    case .memory(let numbers):
      let all = numbers.span
      return body(all.extracting(range))
    case .file(let rows):
      return rows.withNumbers(range, body)
    }
  }
}
