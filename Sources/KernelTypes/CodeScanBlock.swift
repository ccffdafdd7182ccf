/// Rows of 8-bit codes that lie together, so that a register holds one number of each row.
public let rowsPerCodeGroup = 16

/// Groups of rows of 8-bit codes to be compared with some queries:
/// `output ← upper bounds of the products`.
///
/// A row stands for `scale · codes` and differs from that by a vector of at most `error`; so does
/// a query. What rounding may hide is added, so that no bound is below the true product.
@unsafe public struct CodeScanBlock {
  /// `[pair][query]`: two 16-bit numbers in each word, the first in its low half; small enough that
  /// no row's sum leaves 32 bits.
  public var queries: UnsafePointer<Int32>
  public var queryCount: Int
  /// What one step of each query is worth.
  public var queryScales: UnsafePointer<Float>
  /// The least bound that is worth a look, for each query.
  public var floors: UnsafePointer<Float>
  /// By how much a row's ``errors`` count, for each query.
  public var queryLengths: UnsafePointer<Float>
  /// By how much a row's ``lengths`` count, for each query.
  public var queryErrors: UnsafePointer<Float>
  /// `[group][pair][row][2]`, with ``rowsPerCodeGroup`` rows in a group.
  public var codes: UnsafePointer<Int8>
  /// Pairs of numbers in a row.
  public var pairs: Int
  /// What one step of each row is worth.
  public var scales: UnsafePointer<Float>
  /// The length of what each row lost.
  public var errors: UnsafePointer<Float>
  /// At least the length of each row's codes times its scale.
  public var lengths: UnsafePointer<Float>
  public var groups: Int
  /// One for each row, query by query.
  public var output: UnsafeMutablePointer<Float>
  /// Floats from one query's bounds to the next one's: whole groups.
  public var outputStride: Int
  /// One for each group, query by query: which of its rows reach the floor.
  ///
  /// The first row is in the lowest bit. As many apart as ``outputStride`` has groups.
  public var candidates: UnsafeMutablePointer<UInt16>

  public init(
    queries: UnsafePointer<Int32>, queryCount: Int, queryScales: UnsafePointer<Float>,
    floors: UnsafePointer<Float>, queryLengths: UnsafePointer<Float>,
    queryErrors: UnsafePointer<Float>,
    codes: UnsafePointer<Int8>, pairs: Int, scales: UnsafePointer<Float>,
    errors: UnsafePointer<Float>, lengths: UnsafePointer<Float>, groups: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int,
    candidates: UnsafeMutablePointer<UInt16>
  ) {
    unsafe self.queries = queries
    unsafe self.queryCount = queryCount
    unsafe self.queryScales = queryScales
    unsafe self.queryLengths = queryLengths
    unsafe self.queryErrors = queryErrors
    unsafe self.codes = codes
    unsafe self.pairs = pairs
    unsafe self.scales = scales
    unsafe self.errors = errors
    unsafe self.lengths = lengths
    unsafe self.groups = groups
    unsafe self.output = output
    unsafe self.outputStride = outputStride
    unsafe self.floors = floors
    unsafe self.candidates = candidates
  }
}
