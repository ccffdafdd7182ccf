/// A matrix of three rows and columns.
struct Matrix3 {
  private var rows: [SIMD3<Double>]

  static let zero = Matrix3(rows: [.zero, .zero, .zero])

  /// The element of a row and a column.
  subscript(row: Int) -> SIMD3<Double> { rows[row] }

  /// Adds `factor · column · rowᵀ`.
  mutating func add(_ factor: Double, _ column: SIMD3<Double>, times row: SIMD3<Double>) {
    for index in 0..<3 { rows[index] += factor * column[index] * row }
  }

  /// The rotation nearest to a matrix, which is its orthogonal polar factor; `nil` if the matrix is
  /// singular or a reflection.
  ///
  /// By Newton's iteration `Q ← (Q + Q⁻ᵀ) / 2` (Higham 1986), which doubles the right digits each time.
  var nearestRotation: Matrix3? {
    let size = rows.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
    guard size > 0, size.isFinite else { return nil }
    var matrix = Matrix3(rows: rows.map { $0 / size })
    guard matrix.determinant > 1e-9 else { return nil }
    for _ in 0..<30 {
      let inverse = matrix.inverseTransposed
      matrix.rows = (0..<3).map { (matrix.rows[$0] + inverse.rows[$0]) / 2 }
    }
    return matrix
  }

  private var determinant: Double { (rows[0] * Self.cross(rows[1], rows[2])).sum() }

  /// The matrix of cofactors over the determinant.
  private var inverseTransposed: Matrix3 {
    let determinant = determinant
    return Matrix3(
      rows: [
        Self.cross(rows[1], rows[2]) / determinant, Self.cross(rows[2], rows[0]) / determinant,
        Self.cross(rows[0], rows[1]) / determinant,
      ])
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
