/// Rows of 8-bit codes that lie together, so that a register holds four codes of each row.
public let rowsPerCodeGroup = 16

/// Numbers of a row whose halves lie together in four bytes.
public let codesPerStep = 8

/// Bytes of lower halves are read by so many.
public let bytesPerLine = 64

/// What a query of 8-bit codes stands for, to be compared with ``CodeScanBlock`` rows.
///
/// A row's number is `scale · (code − 128)`, a query's `step · code`. The bounds are
///
///     coarse = scale · (coarseStep · ∑ upper halves · codes + coarseOffset)
///              + error · length + slack
///     fine   = scale · (fineStep · ∑ row codes · codes + fineOffset) + slack
///
/// where the offsets hold what is the same for every row.
public struct CodedQuery: BitwiseCopyable, Sendable {
  public var coarseStep: Float
  public var coarseOffset: Float
  public var fineStep: Float
  public var fineOffset: Float
  /// By how much a row's error counts.
  public var length: Float
  /// By how much the query's own error may raise a product with any row.
  public var slack: Float
  /// The least bound that is worth a look.
  public var floor: Float

  public init(
    coarseStep: Float, coarseOffset: Float, fineStep: Float, fineOffset: Float, length: Float,
    slack: Float, floor: Float
  ) {
    self.coarseStep = coarseStep
    self.coarseOffset = coarseOffset
    self.fineStep = fineStep
    self.fineOffset = fineOffset
    self.length = length
    self.slack = slack
    self.floor = floor
  }
}

/// Groups of rows of 8-bit codes to be compared with some queries:
/// `bounds ← upper bounds of the products`, of those rows that may reach the floors.
///
/// The upper four bits of all codes lie apart from the lower ones: the upper half of every row is
/// read, the lower one of those rows alone whose first bound reaches a floor.
@unsafe public struct CodeScanBlock {
  /// `[step][half][query]`: four signed 8-bit codes in each word, the first in its lowest byte.
  public var codes: UnsafePointer<Int32>
  /// The same as `[query][half][step]`, with zeros up to whole lines behind the steps.
  public var codesInOrder: UnsafePointer<Int32>
  public var queries: UnsafePointer<CodedQuery>
  public var queryCount: Int
  /// `[group]` of `[step][row][4]` and `[2][row]` floats.
  ///
  /// The upper four bits of eight numbers, those of the first four in the lower bits of a byte; then
  /// what one step of each row is worth, and the length of what its upper half leaves out.
  public var upper: UnsafePointer<UInt8>
  /// The ``upper`` that will be read after this one.
  public var next: UnsafePointer<UInt8>
  /// `[row]` of `[step][4]`, the lower four bits likewise; whole lines of ``bytesPerLine``.
  public var lower: UnsafePointer<UInt8>
  /// A row's numbers by ``codesPerStep``.
  public var steps: Int
  public var groups: Int
  /// Room for ``queryCount`` × ``groups`` × ``rowsPerCodeGroup`` sums of upper halves.
  public var sums: UnsafeMutablePointer<Int32>
  /// Room for ``queryCount`` × ``groups``: what is remembered of a group between two looks.
  public var marks: UnsafeMutablePointer<UInt32>
  /// The rows that may reach the floor, in order: `[query][groups × rowsPerCodeGroup]`.
  public var rows: UnsafeMutablePointer<Int32>
  /// Their bounds.
  public var bounds: UnsafeMutablePointer<Float>
  /// How many rows each query has.
  public var counts: UnsafeMutablePointer<Int>

  /// Bytes of ``upper`` that a group takes.
  public static func bytesPerGroup(steps: Int) -> Int {
    (codesPerStep / 2 * steps + 2 * MemoryLayout<Float>.stride) * rowsPerCodeGroup
  }

  /// Bytes of ``lower`` that a row takes.
  public static func bytesPerRow(steps: Int) -> Int {
    (codesPerStep / 2 * steps + bytesPerLine - 1) / bytesPerLine * bytesPerLine
  }

  public init(
    codes: UnsafePointer<Int32>, codesInOrder: UnsafePointer<Int32>,
    queries: UnsafePointer<CodedQuery>, queryCount: Int, upper: UnsafePointer<UInt8>,
    next: UnsafePointer<UInt8>, lower: UnsafePointer<UInt8>, steps: Int, groups: Int,
    sums: UnsafeMutablePointer<Int32>, marks: UnsafeMutablePointer<UInt32>,
    rows: UnsafeMutablePointer<Int32>, bounds: UnsafeMutablePointer<Float>,
    counts: UnsafeMutablePointer<Int>
  ) {
    unsafe self.codes = codes
    unsafe self.codesInOrder = codesInOrder
    unsafe self.queries = queries
    unsafe self.queryCount = queryCount
    unsafe self.upper = upper
    unsafe self.next = next
    unsafe self.lower = lower
    unsafe self.steps = steps
    unsafe self.groups = groups
    unsafe self.sums = sums
    unsafe self.marks = marks
    unsafe self.rows = rows
    unsafe self.bounds = bounds
    unsafe self.counts = counts
  }
}
