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
    scanBounds([coded(query)]) { _, first, bounds in body(first, bounds) }
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
    var floor = floor
    scanBounds(query) { first, bounds in
      visit(bounds, from: first, query, &floor, body)
    }
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
    scanBounds(queries.map { coded($0.span) }) { position, first, bounds in
      let query = queries[position]
      visit(bounds, from: first, query.span, &floors[position]) { row, product in
        body(position, row, product)
      }
    }
  }

  private func coded(_ query: Span<Float>) -> CodedQuery {
    precondition(query.count == dimension, "a query has \(dimension) numbers, not \(query.count)")
    return CodedQuery(query, codesPerRow: CodedRows.codesPerRow(dimension: dimension))
  }

  private func scanBounds(
    _ queries: [CodedQuery], _ body: (_ query: Int, _ firstRow: Int, _ bounds: Span<Float>) -> Void
  ) {
    // A step of codes stays in the second-level cache while every query passes over it.
    let step = min(Self.rowsPerBlock, max(1, 65_536 / dimension))
    var bounds = [Float](repeating: 0, count: min(count, step))
    for (index, block) in codes.enumerated() {
      let first = index * Self.rowsPerBlock
      for start in stride(from: 0, to: min(Self.rowsPerBlock, count - first), by: step) {
        let rows = start..<min(start + step, Self.rowsPerBlock, count - first)
        for (position, query) in queries.enumerated() {
          var output = bounds.mutableSpan
          block.bound(query, rows: rows, into: &output)
          let filled = bounds.span
          body(position, first + start, filled.extracting(0..<rows.count))
        }
      }
    }
  }

  /// Looks at the rows whose bounds are not below the floor.
  private func visit(
    _ bounds: Span<Float>, from first: Int, _ query: Span<Float>, _ floor: inout Float,
    _ body: (_ row: Int, _ product: Float) -> Float
  ) {
    for index in bounds.indices where bounds[index] >= floor {
      let product = dot(query, row: first + index)
      if product >= floor { floor = body(first + index, product) }
    }
  }
}
