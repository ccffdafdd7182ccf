internal import KernelTypes

// Searches that read halves of the 8-bit codes of every row, and the exact form of few.

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
    visit(each: [numbers(of: query)], floors: [floor]) { _, row, product in body(row, product) }
  }

  /// The same as ``visit(_:floor:_:)`` for several queries; each row is read from memory once.
  ///
  /// - Parameters:
  ///   - queries: each as long as ``dimension``.
  ///   - floors: the least product for each query.
  ///   - rows: of ``parts(_:)``; all if there are none.
  ///   - body: gets the query's position, a row's and their product, and returns that query's floor.
  public func visit(
    each queries: [[Float]], floors: [Float], rows: Range<Int>? = nil,
    _ body: (_ query: Int, _ row: Int, _ product: Float) -> Float
  ) {
    var floors = floors
    visitBounds(each: queries, floors: floors, rows: rows) { query, row, _ in
      let numbers = queries[query]
      let product = dot(numbers.span, row: row)
      if product >= floors[query] { floors[query] = body(query, row, product) }
      return floors[query]
    }
  }

  /// Calls `body` with each row whose inner product with `query` may reach a floor, in order.
  ///
  /// No bound is below the product that ``dot(_:row:)`` gives; for unit vectors of 128 numbers it is
  /// about 0.018 above it. Rows and queries are zero or of a length between 10⁻¹² and 10¹².
  ///
  /// - Parameters:
  ///   - query: as long as ``dimension``.
  ///   - floor: the least bound for the first rows.
  ///   - body: gets a row's position and the bound of its product, and returns the floor for the
  ///     next.
  public func visitBounds(
    _ query: Span<Float>, floor: Float, _ body: (_ row: Int, _ bound: Float) -> Float
  ) {
    visitBounds(each: [numbers(of: query)], floors: [floor]) { _, row, bound in body(row, bound) }
  }

  /// The same as ``visitBounds(_:floor:_:)`` for several queries.
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
        passes[pass].setFloors(rowLength: codes[block].largestLength) { floors[position + $0] }
        codes[block].bound(
          passes[pass], groups: groups, next: codes[min(block + 1, codes.count - 1)],
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

  /// Ranges that together are all rows, for as many threads; fewer where there are few rows.
  public func parts(_ count: Int) -> [Range<Int>] {
    let all = (self.count + Self.rowsPerBlock - 1) / Self.rowsPerBlock
    let parts = max(1, min(count, all / Self.blocksPerPart))
    return (0..<parts).map { part in
      let (first, end) = (all * part / parts, all * (part + 1) / parts)
      return first * Self.rowsPerBlock..<min(self.count, end * Self.rowsPerBlock)
    }
  }

  /// A floor that follows the best rows is low at first, so that nearly all of the first rows are
  /// compared exactly: these are few, and each step is twice as long as the one before.
  private static var groupsInFirstStep: Int { 4 }

  /// So many blocks take about as long as it takes to wake another thread a few times.
  private static var blocksPerPart: Int { 16 }

  private func numbers(of query: Span<Float>) -> [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(query.count)
    for index in query.indices { numbers.append(query[index]) }
    return numbers
  }

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
