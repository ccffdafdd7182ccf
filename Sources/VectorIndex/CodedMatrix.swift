internal import KernelTypes

/// Rows of numbers rounded to 8 bits, as a growing matrix that says which rows may be like a query.
public struct CodedMatrix: Sendable {
  /// The number of columns.
  public let dimension: Int
  public private(set) var count = 0
  /// Only the last block in use is partly filled.
  private var blocks: [CodedRows] = []

  static let rowsPerBlock = 2048

  /// - Precondition: `dimension` is positive.
  public init(dimension: Int) {
    precondition(dimension > 0, "an embedding has at least one dimension")
    self.dimension = dimension
  }

  /// Rows as they were saved, in two sections: the blocks' codes and the lengths.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  public init(
    dimension: Int, count: Int, saved file: SectionFile, section: Int
  ) throws(SectionFileError) {
    self.init(dimension: dimension)
    self.count = count
    let blockCount = (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock
    let size = CodedRows.byteCount(count: Self.rowsPerBlock, dimension: dimension)
    let saved = try file.saved(section, byteCount: blockCount * size, isPrivate: true)
    let lengths = try file.numbers(section + 1, UInt32.self)
    guard lengths.count == blockCount else { throw .unfit }
    for (block, length) in lengths.enumerated() {
      blocks.append(
        CodedRows(
          count: Self.rowsPerBlock, dimension: dimension, mapping: saved.mapping,
          offset: saved.range.lowerBound + block * size, largestLength: Float(bitPattern: length)))
    }
  }

  /// Writes two sections.
  ///
  /// - Throws: ``SectionFileError``.
  public func save(to file: SectionFileWriter) throws(SectionFileError) {
    let used = blocks.prefix((count + Self.rowsPerBlock - 1) / Self.rowsPerBlock)
    for block in used { try file.append(block.bytes) }
    try file.endSection()
    try file.writeSection(used.map(\.largestLength.bitPattern))
  }

  /// Whether a row has the codes of some numbers.
  ///
  /// - Precondition: `row` is a position in use and `values` has ``dimension`` numbers.
  public func holds(_ values: [Float], row: Int) -> Bool {
    precondition(row >= 0 && row < count && values.count == dimension, "row or length out of range")
    let (block, place) = row.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
    let lane = place % rowsPerCodeGroup
    var coded = CodedRows(count: rowsPerCodeGroup, dimension: dimension)
    coded.replace(row: lane, with: values)
    return blocks[block].codes(of: place) == coded.codes(of: lane)
  }

  /// Overwrites a row of what was saved with zeros, in the file.
  ///
  /// - Throws: ``SectionFileError``.
  public static func erase(
    row: Int, dimension: Int, in file: SectionFile, section: Int
  ) throws(SectionFileError) {
    let (block, place) = row.quotientAndRemainder(dividingBy: rowsPerBlock)
    let start = block * CodedRows.byteCount(count: rowsPerBlock, dimension: dimension)
    for range in CodedRows.byteRanges(
      row: place, of: rowsPerBlock, codesPerRow: CodedRows.codesPerRow(dimension: dimension))
    {
      try file.overwrite(
        section, at: start + range.lowerBound, [UInt8](repeating: 0, count: range.count))
    }
  }

  /// What a search reads in any case.
  public var bytesPerScan: Int { blocks.reduce(0) { $0 + $1.bytesPerScan } }

  /// Adds a row at position ``count``.
  ///
  /// - Precondition: `row` has ``dimension`` numbers.
  public mutating func append(_ row: [Float]) {
    if count == blocks.count * Self.rowsPerBlock {
      blocks.append(CodedRows(count: Self.rowsPerBlock, dimension: dimension))
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
    blocks[block].replace(row: place, with: values)
  }

  /// Overwrites a row with zeros.
  ///
  /// - Precondition: `row` is a position in use.
  public mutating func erase(row: Int) {
    replace(row: row, with: [Float](repeating: 0, count: dimension))
  }

  /// Removes the last row; nothing is left of its codes.
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
}

extension CodedMatrix {
  /// Calls `body` with each row whose inner product with a query may reach a floor, in order.
  ///
  /// No bound is below the product of the numbers that were coded, as ``innerProduct(_:_:)`` gives it;
  /// for unit vectors of 128 numbers it is about 0.018 above it. Rows and queries are zero or of a
  /// length between 10⁻¹² and 10¹².
  ///
  /// - Parameters:
  ///   - queries: each as long as ``dimension``.
  ///   - floors: the least bound for each query.
  ///   - rows: of ``parts(_:)``; all if there are none.
  ///   - body: gets the query's position, a row's and a bound, and returns that query's floor.
  public func visitBounds(
    each queries: [[Float]], floors: [Float], rows: Range<Int>? = nil,
    _ body: (_ query: Int, _ row: Int, _ bound: Float) -> Float
  ) {
    var floors = floors
    var passes = passes(queries)
    var bounds = RowBounds()
    var step = rowsPerCodeGroup * Self.groupsInFirstStep
    let range = rows ?? 0..<count
    var first = range.lowerBound
    while first < range.upperBound {
      let (block, place) = first.quotientAndRemainder(dividingBy: Self.rowsPerBlock)
      let rowCount = min(step, Self.rowsPerBlock - place, range.upperBound - first)
      let group = place / rowsPerCodeGroup
      let groups = group..<group + (rowCount + rowsPerCodeGroup - 1) / rowsPerCodeGroup
      var position = 0
      for pass in passes.indices {
        passes[pass].setFloors(rowLength: blocks[block].largestLength) { floors[position + $0] }
        blocks[block].bound(
          passes[pass], groups: groups, next: blocks[min(block + 1, blocks.count - 1)],
          into: &bounds)
        for query in 0..<passes[pass].count {
          bounds.forEachCandidate(of: query, count: rowCount) { row, bound in
            guard bound >= floors[position + query] else { return }
            floors[position + query] = body(position + query, first + row, bound)
          }
        }
        position += passes[pass].count
      }
      first += rowCount
      step = min(2 * step, Self.rowsPerBlock)
    }
  }

  /// Ranges that together are all rows, to be shared among threads; fewer where there are few rows.
  ///
  /// Several for each thread, so that one that other work holds up does not hold up the rest.
  public func parts(_ threads: Int) -> [Range<Int>] {
    let all = (count + Self.rowsPerBlock - 1) / Self.rowsPerBlock
    let wanted = threads > 1 ? Self.partsPerThread * threads : 1
    let parts = max(1, min(wanted, all / Self.blocksPerPart))
    return (0..<parts).map { part in
      let (first, end) = (all * part / parts, all * (part + 1) / parts)
      return first * Self.rowsPerBlock..<min(count, end * Self.rowsPerBlock)
    }
  }

  /// A floor that follows the best rows is low at first, so that nearly all of the first rows are
  /// compared exactly: these are few, and each step is twice as long as the one before.
  private static var groupsInFirstStep: Int { 4 }

  private static var partsPerThread: Int { 4 }

  /// So many blocks take about as long as it takes to wake another thread a few times.
  private static var blocksPerPart: Int { 16 }

  /// The queries that are compared with a row while it is in registers.
  private static var queriesPerPass: Int { 8 }

  private func passes(_ queries: [[Float]]) -> [CodedQueries] {
    var passes: [CodedQueries] = []
    for (position, query) in queries.enumerated() {
      precondition(
        query.count == dimension, "a query has \(dimension) numbers, not \(query.count)")
      if position % Self.queriesPerPass == 0 {
        passes.append(CodedQueries(codesPerRow: CodedRows.codesPerRow(dimension: dimension)))
      }
      passes[passes.count - 1].append(query)
    }
    return passes
  }
}
