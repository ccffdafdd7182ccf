/// Embeddings as rows of one growing matrix, each of them kept twice: exactly and in 8 bits.
///
/// A search reads halves of the short form of all rows, which bound their products, the rest of it
/// where that may be good enough, and the exact form of the few that still may.
///
/// Rows are addressed by position; a removed row's place is taken by the last row, so that a scan
/// never meets a gap.
public struct EmbeddingMatrix: Sendable {
  private var rows: DenseRows
  /// The same rows in 8 bits.
  private var codes: CodedMatrix

  /// An empty matrix.
  ///
  /// - Parameters:
  ///   - dimension: the number of columns.
  ///   - file: where the exact form of large matrices goes.
  /// - Precondition: `dimension` is positive.
  public init(dimension: Int, file: RowFile? = nil) {
    rows = DenseRows(dimension: dimension, file: file)
    codes = CodedMatrix(dimension: dimension)
  }

  /// A matrix as it was saved, in three sections.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  public init(
    dimension: Int, file: RowFile?, count: Int, saved source: SectionFile, section: Int
  ) throws(SectionFileError) {
    rows = try DenseRows(
      dimension: dimension, file: file, count: count, saved: source, section: section)
    codes = try CodedMatrix(
      dimension: dimension, count: count, saved: source, section: section + 1)
  }

  /// Writes three sections.
  ///
  /// - Throws: ``SectionFileError``.
  public func save(to file: SectionFileWriter) throws(SectionFileError) {
    try rows.save(to: file)
    try codes.save(to: file)
  }

  /// Overwrites a row of what was saved with zeros, in the file.
  ///
  /// - Throws: ``SectionFileError``.
  public static func erase(
    row: Int, dimension: Int, in file: SectionFile, section: Int
  ) throws(SectionFileError) {
    try DenseRows.erase(row: row, dimension: dimension, in: file, section: section)
    try CodedMatrix.erase(row: row, dimension: dimension, in: file, section: section + 1)
  }

  /// The number of columns.
  public var dimension: Int { rows.dimension }
  public var count: Int { rows.count }
  /// What a search reads in any case.
  public var bytesPerScan: Int { codes.bytesPerScan }

  /// Adds a row at position ``count``.
  ///
  /// - Precondition: `row` has ``dimension`` numbers.
  public mutating func append(_ row: [Float]) {
    rows.append(row)
    codes.append(row)
  }

  /// Overwrites a row.
  ///
  /// - Precondition: `row` is a position in use and `values` has ``dimension`` numbers.
  public mutating func replace(row: Int, with values: [Float]) {
    rows.replace(row: row, with: values)
    codes.replace(row: row, with: values)
  }

  /// Overwrites a row with zeros.
  ///
  /// - Precondition: `row` is a position in use.
  public mutating func erase(row: Int) {
    rows.erase(row: row)
    codes.erase(row: row)
  }

  /// Removes a row by moving the last row into its place.
  ///
  /// - Returns: the old position of the row that now stands at `row`; `nil` if `row` was the last.
  /// - Precondition: `row` is a position in use.
  @discardableResult
  public mutating func removeSwapping(row: Int) -> Int? {
    precondition(row >= 0 && row < count, "row out of range")
    let last = count - 1
    if row != last { replace(row: row, with: self[last]) }
    rows.removeLast()
    codes.removeLast()
    return row == last ? nil : last
  }

  /// A copy of one row.
  ///
  /// - Precondition: `row` is a position in use.
  public subscript(row: Int) -> [Float] { rows[row] }

  /// The inner product of `query` with one row.
  ///
  /// - Precondition: `row` is a position in use and `query` has ``dimension`` numbers.
  public func dot(_ query: Span<Float>, row: Int) -> Float { rows.dot(query, row: row) }

  /// Calls `body` with the numbers of one row.
  ///
  /// - Precondition: `row` is a position in use.
  public func withRow<Result>(_ row: Int, _ body: (Span<Float>) -> Result) -> Result {
    rows.withRow(row, body)
  }

  /// Ranges that together are all rows, to be shared among threads; fewer where there are few rows.
  public func parts(_ threads: Int) -> [Range<Int>] { codes.parts(threads) }
}

extension EmbeddingMatrix {
  /// Calls `body` with each row whose inner product with `query` is at least `floor`, in order.
  ///
  /// - Parameters:
  ///   - query: as long as ``dimension``.
  ///   - floor: the least product.
  ///   - body: gets a row's position and its exact product.
  public func visit(
    _ query: Span<Float>, atLeast floor: Float, _ body: (_ row: Int, _ product: Float) -> Void
  ) {
    visit(query, floor: floor) { row, product in
      body(row, product)
      return floor
    }
  }

  /// The same as ``visit(_:atLeast:_:)`` with a floor that may change from row to row.
  ///
  /// - Parameters:
  ///   - query: as long as ``dimension``.
  ///   - floor: the least product for the first rows.
  ///   - body: gets a row's position and its exact product, and returns the floor for the next.
  public func visit(
    _ query: Span<Float>, floor: Float, _ body: (_ row: Int, _ product: Float) -> Float
  ) {
    visit(each: [[Float](query)], floors: [floor]) { _, row, product in body(row, product) }
  }

  /// The same as ``visit(_:floor:_:)`` for several queries; each row is read from memory once.
  ///
  /// - Parameters:
  ///   - queries: each as long as ``dimension``.
  ///   - floors: the least product for each query.
  ///   - range: of ``parts(_:)``; all if there are none.
  ///   - body: gets the query's position, a row's and their product, and returns that query's floor.
  public func visit(
    each queries: [[Float]], floors: [Float], rows range: Range<Int>? = nil,
    _ body: (_ query: Int, _ row: Int, _ product: Float) -> Float
  ) {
    var floors = floors
    codes.visitBounds(each: queries, floors: floors, rows: range) { query, row, _ in
      let numbers = queries[query]
      let product = rows.dot(numbers.span, row: row)
      if product >= floors[query] { floors[query] = body(query, row, product) }
      return floors[query]
    }
  }

  /// Calls `body` with each row whose inner product with `query` may reach a floor, in order.
  ///
  /// - Parameters:
  ///   - query: as long as ``dimension``.
  ///   - floor: the least bound for the first rows.
  ///   - body: gets a row's position and the bound of its product, and returns the floor for the
  ///     next.
  public func visitBounds(
    _ query: Span<Float>, floor: Float, _ body: (_ row: Int, _ bound: Float) -> Float
  ) {
    codes.visitBounds(each: [[Float](query)], floors: [floor]) { _, row, bound in body(row, bound) }
  }
}
