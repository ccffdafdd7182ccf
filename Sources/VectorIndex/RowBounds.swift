internal import KernelTypes

/// The rows of some groups whose products with some queries may be large enough, with upper bounds.
struct RowBounds {
  private var groups = 0
  /// What the kernels remember between two looks.
  private var sums: [Int32] = []
  private var marks: [UInt32] = []
  /// `[query][groups × rowsPerCodeGroup]`, as many as ``counts`` says.
  private var rows: [Int32] = []
  private var bounds: [Float] = []
  private var counts: [Int] = []

  /// Makes room for bounds.
  mutating func reserve(queries: Int, groups: Int) {
    self.groups = groups
    if queries > counts.count { counts = [Int](repeating: 0, count: queries) }
    let places = queries * groups
    guard places > marks.count else { return }
    marks = [UInt32](repeating: 0, count: places)
    sums = [Int32](repeating: 0, count: places * rowsPerCodeGroup)
    rows = sums
    bounds = [Float](repeating: 0, count: places * rowsPerCodeGroup)
  }

  /// Calls `body` with those of a query's first rows that reached its floor when they were bounded.
  ///
  /// - Parameters:
  ///   - query: which of the queries.
  ///   - count: how many rows.
  ///   - body: gets a row's number and its bound.
  func forEachCandidate(of query: Int, count: Int, _ body: (_ row: Int, _ bound: Float) -> Void) {
    let (rows, bounds) = (rows.span, bounds.span)
    let first = query * groups * rowsPerCodeGroup
    for place in first..<first + counts[query] where rows[place] < count {
      body(Int(rows[place]), bounds[place])
    }
  }

  /// Where everything is written.
  @unsafe struct Pointers {
    let sums: UnsafeMutablePointer<Int32>
    let marks: UnsafeMutablePointer<UInt32>
    let rows: UnsafeMutablePointer<Int32>
    let bounds: UnsafeMutablePointer<Float>
    let counts: UnsafeMutablePointer<Int>
  }

  /// Calls `body` with where everything is written.
  mutating func withUnsafeMutablePointers(_ body: (Pointers) -> Void) {
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      unsafe marks.withUnsafeMutableBufferPointer { marks in
        unsafe rows.withUnsafeMutableBufferPointer { rows in
          unsafe bounds.withUnsafeMutableBufferPointer { bounds in
            unsafe counts.withUnsafeMutableBufferPointer { counts in
              guard let sums = sums.baseAddress, let marks = marks.baseAddress,
                let rows = rows.baseAddress, let bounds = bounds.baseAddress,
                let counts = counts.baseAddress
              else { return }
              unsafe body(
                Pointers(sums: sums, marks: marks, rows: rows, bounds: bounds, counts: counts))
            }
          }
        }
      }
    }
  }
}
