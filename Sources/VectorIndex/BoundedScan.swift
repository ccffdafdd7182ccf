internal import KernelTypes

// Searches that read the 8-bit form of every row and the exact form of few.

extension EmbeddingMatrix {
  /// Calls `body` with upper bounds of the inner products of `query` and every row, in order.
  ///
  /// No bound is below the product that ``dot(_:row:)`` gives; for unit vectors it is about 0.008
  /// above it. Rows and queries are zero or of a length between 10⁻¹² and 10¹².
  ///
  /// - Parameters:
  ///   - query: as long as ``dimension``.
  ///   - body: gets the position of a first row and one bound for each of the rows from there.
  public func scanBounds(
    _ query: Span<Float>, _ body: (_ firstRow: Int, _ bounds: Span<Float>) -> Void
  ) {
    scan(passes([numbers(of: query)]), floor: { _ in -.infinity }) { bounds, _, first, count in
      bounds.withBounds(of: 0, count: count) { body(first, $0) }
    }
  }

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
  ///   - body: gets the query's position, a row's and their product, and returns that query's floor.
  public func visit(
    each queries: [[Float]], floors: [Float],
    _ body: (_ query: Int, _ row: Int, _ product: Float) -> Float
  ) {
    var floors = floors
    scan(passes(queries), floor: { floors[$0] }) { bounds, numbers, first, count in
      for (query, number) in numbers.enumerated() {
        bounds.forEachCandidate(of: query, count: count) { row, bound in
          guard bound >= floors[number] else { return }
          let query = queries[number]
          let product = dot(query.span, row: first + row)
          if product >= floors[number] { floors[number] = body(number, first + row, product) }
        }
      }
    }
  }

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

  /// Bounds all products, a step of rows at a time.
  ///
  /// - Parameters:
  ///   - passes: the queries, up to ``queriesPerPass`` in each.
  ///   - floor: the least bound that is worth a look, by the number of the query.
  ///   - body: gets bounds, the numbers of the queries that they are of, the position of the first
  ///     row and how many rows there are.
  private func scan(
    _ passes: [CodedQueries], floor: (Int) -> Float,
    _ body: (_ bounds: RowBounds, _ queries: Range<Int>, _ firstRow: Int, _ rows: Int) -> Void
  ) {
    // A step of codes stays in the second-level cache while every query passes over it.
    let groupsPerStep = max(1, min(Self.rowsPerBlock, 65_536 / dimension) / rowsPerCodeGroup)
    let step = groupsPerStep * rowsPerCodeGroup
    var bounds = RowBounds(
      queries: min(passes.first?.count ?? 0, Self.queriesPerPass), groupsPerQuery: groupsPerStep)
    for (index, block) in codes.enumerated() {
      let first = index * Self.rowsPerBlock
      let rows = min(Self.rowsPerBlock, count - first)
      for start in stride(from: 0, to: rows, by: step) {
        let rowCount = min(step, rows - start)
        let group = start / rowsPerCodeGroup
        let groups = (rowCount + rowsPerCodeGroup - 1) / rowsPerCodeGroup
        var position = 0
        for pass in passes {
          let numbers = position..<position + pass.count
          block.bound(
            pass, groups: group..<group + groups, floors: numbers.map(floor), into: &bounds)
          body(bounds, numbers, first + start, rowCount)
          position = numbers.upperBound
        }
      }
    }
  }
}
