/// Some rows of 8-bit codes to be compared with one query: `output ← upper bounds of the products`.
///
/// A row stands for `scale · codes` and differs from that by a vector of at most `error`; so does
/// the query. What rounding may hide is added, so that no bound is below the true product.
@unsafe public struct CodeScanBlock {
  /// `codesPerRow` whole numbers, small enough that no row's sum leaves 32 bits.
  public var query: UnsafePointer<Int16>
  /// What one step of ``query`` is worth.
  public var queryScale: Float
  /// By how much a row's ``errors`` count.
  public var queryLength: Float
  /// By how much a row's ``lengths`` count.
  public var queryError: Float
  /// `[row][codesPerRow]`.
  public var codes: UnsafePointer<Int8>
  /// A multiple of 32.
  public var codesPerRow: Int
  /// What one step of each row is worth.
  public var scales: UnsafePointer<Float>
  /// The length of what each row lost.
  public var errors: UnsafePointer<Float>
  /// At least the length of each row's codes times its scale.
  public var lengths: UnsafePointer<Float>
  public var rows: Int
  /// One for each row.
  public var output: UnsafeMutablePointer<Float>

  public init(
    query: UnsafePointer<Int16>, queryScale: Float, queryLength: Float, queryError: Float,
    codes: UnsafePointer<Int8>, codesPerRow: Int, scales: UnsafePointer<Float>,
    errors: UnsafePointer<Float>, lengths: UnsafePointer<Float>, rows: Int,
    output: UnsafeMutablePointer<Float>
  ) {
    unsafe self.query = query
    unsafe self.queryScale = queryScale
    unsafe self.queryLength = queryLength
    unsafe self.queryError = queryError
    unsafe self.codes = codes
    unsafe self.codesPerRow = codesPerRow
    unsafe self.scales = scales
    unsafe self.errors = errors
    unsafe self.lengths = lengths
    unsafe self.rows = rows
    unsafe self.output = output
  }
}
