internal import KernelTypes
internal import Kernels

/// Rows of numbers rounded to 8 bits, the upper halves of the codes apart from the lower ones.
///
/// A scan of the upper halves reads an eighth of what a scan of the numbers would, and one of both a
/// quarter. The bounds that it finds are never below the true products (Cauchy and Schwarz: an inner
/// product is at most the product of the lengths), so that rows whose bound is below what is asked
/// for need no second look. For unit vectors of 128 numbers the first bound is about 0.11 above the
/// product, and the second one 0.018.
struct CodedRows: Sendable {
  static let largestCode = 127
  /// The code of 0; all are positive.
  static let zeroCode: Float = 128
  /// What stands for the lower half of a code where it is not looked at.
  static let middleOfHalf: Float = 7.5

  /// Whole steps; zeros behind the numbers of a row.
  let codesPerRow: Int
  /// At least the length of each row that is or was here.
  private(set) var largestLength: Float = 0
  private let groups: Int
  private var storage: Storage

  /// Rows as they were saved.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - dimension: of a row.
  ///   - mapping: private, so that rows can be changed.
  ///   - offset: of the rows in the file.
  ///   - largestLength: at least the length of each row.
  init(count: Int, dimension: Int, mapping: FileMapping, offset: Int, largestLength: Float) {
    codesPerRow = Self.codesPerRow(dimension: dimension)
    groups = (count + rowsPerCodeGroup - 1) / rowsPerCodeGroup
    storage = Storage(
      groups: groups, codesPerRow: codesPerRow, mapping: mapping, offset: offset)
    self.largestLength = largestLength
  }

  /// How many bytes some rows take.
  static func byteCount(count: Int, dimension: Int) -> Int {
    Storage.byteCount(
      groups: (count + rowsPerCodeGroup - 1) / rowsPerCodeGroup,
      codesPerRow: codesPerRow(dimension: dimension))
  }

  /// Where the codes of one of some rows lie among the bytes of all.
  static func byteRanges(row: Int, of count: Int, codesPerRow: Int) -> [Range<Int>] {
    let steps = codesPerRow / codesPerStep
    let (group, lane) = row.quotientAndRemainder(dividingBy: rowsPerCodeGroup)
    let bytesPerGroup = unsafe CodeScanBlock.bytesPerGroup(steps: steps)
    let bytesPerRow = unsafe CodeScanBlock.bytesPerRow(steps: steps)
    let groups = (count + rowsPerCodeGroup - 1) / rowsPerCodeGroup
    let half = codesPerStep / 2
    let upper = (0..<steps).map { step in
      let first = group * bytesPerGroup + (step * rowsPerCodeGroup + lane) * half
      return first..<first + half
    }
    let lower = groups * bytesPerGroup + row * bytesPerRow
    return upper + [lower..<lower + bytesPerRow]
  }

  /// The codes of a row.
  func codes(of row: Int) -> [UInt8] {
    storage.bytes(
      Self.byteRanges(
        row: row, of: groups * rowsPerCodeGroup, codesPerRow: codesPerRow))
  }

  /// All of it.
  var bytes: [UInt8] { storage.bytes }

  /// Rows of zeros.
  init(count: Int, dimension: Int) {
    codesPerRow = Self.codesPerRow(dimension: dimension)
    groups = (count + rowsPerCodeGroup - 1) / rowsPerCodeGroup
    storage = Storage(groups: groups, codesPerRow: codesPerRow)
  }

  /// What a search reads in any case.
  var bytesPerScan: Int { groups * storage.bytesPerGroup }

  static func codesPerRow(dimension: Int) -> Int {
    (dimension + codesPerStep - 1) / codesPerStep * codesPerStep
  }

  private static let magic: Float = 12_582_912

  /// A little more, since the sums behind a length are rounded.
  static func roundedUp(_ length: Float) -> Float { length * 1.000_1 }

  /// Codes a row.
  mutating func replace(row: Int, with values: [Float]) {
    precondition(
      row >= 0 && row < groups * rowsPerCodeGroup && values.count <= codesPerRow,
      "row or length out of range")
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    var largest: Float = 0
    for value in values { largest = max(largest, abs(value)) }
    let limit = Float(Self.largestCode)
    let scale = largest / limit
    let steps = scale > 0 ? 1 / scale : 0
    let (group, lane) = row.quotientAndRemainder(dividingBy: rowsPerCodeGroup)
    let upper = unsafe storage.upper + group * storage.bytesPerGroup
    let codes = unsafe upper + codesPerStep / 2 * lane
    let lower = unsafe storage.lower + row * storage.bytesPerRow
    var (length, lost) = (Float(0), Float(0))
    func code(_ column: Int) -> UInt8 {
      guard column < values.count else { return 0 }
      // Adding 1.5 · 2²³ leaves the rounded number in the lowest bits.
      let rounded = max(-limit, min(limit, values[column] * steps)) + Self.magic - Self.magic
      let code = UInt8(rounded + Self.zeroCode)
      let kept = (Float(code & 0xF0) + (Self.middleOfHalf - Self.zeroCode)) * scale
      let rest = values[column] - kept
      length += values[column] * values[column]
      lost += rest * rest
      return code
    }
    for step in 0..<codesPerRow / codesPerStep {
      for byte in 0..<codesPerStep / 2 {
        let first = code(step * codesPerStep + byte)
        let second = code(step * codesPerStep + codesPerStep / 2 + byte)
        let place = step * codesPerStep / 2 + byte
        let placeInGroup = step * codesPerStep / 2 * rowsPerCodeGroup + byte
        unsafe codes[placeInGroup] = first >> 4 | second & 0xF0
        unsafe lower[place] = first & 0xF | second << 4
      }
    }
    let facts = unsafe UnsafeMutableRawPointer(
      upper + codesPerRow / 2 * rowsPerCodeGroup
    ).assumingMemoryBound(to: Float.self)
    unsafe facts[lane] = scale
    unsafe facts[rowsPerCodeGroup + lane] = Self.roundedUp(lost.squareRoot())
    largestLength = max(largestLength, Self.roundedUp(length.squareRoot()))
  }

  /// Bounds the products of queries and some groups of rows from above.
  ///
  /// - Parameters:
  ///   - queries: coded for ``codesPerRow``, with their floors.
  ///   - groups: which.
  ///   - next: what will be read after these rows.
  ///   - bounds: overwritten.
  func bound(
    _ queries: CodedQueries, groups: Range<Int>, next: CodedRows, into bounds: inout RowBounds
  ) {
    precondition(
      groups.lowerBound >= 0 && groups.upperBound <= self.groups
        && queries.codesPerRow == codesPerRow, "rows or length out of range")
    bounds.reserve(queries: queries.count, groups: groups.count)
    let upper = unsafe storage.upper + groups.lowerBound * storage.bytesPerGroup
    let isWhole = groups.upperBound == self.groups
    let following =
      unsafe isWhole ? next.storage.upper : upper + groups.count * storage.bytesPerGroup
    let lower = unsafe storage.lower + groups.lowerBound * rowsPerCodeGroup * storage.bytesPerRow
    unsafe queries.words.withUnsafeBufferPointer { words in
      unsafe queries.wordsInOrder.withUnsafeBufferPointer { wordsInOrder in
        unsafe queries.facts.withUnsafeBufferPointer { facts in
          unsafe bounds.withUnsafeMutablePointers { output in
            guard let words = words.baseAddress, let wordsInOrder = wordsInOrder.baseAddress,
              let facts = facts.baseAddress
            else { return }
            unsafe Self.boundProducts(
              CodeScanBlock(
                codes: words, codesInOrder: wordsInOrder, queries: facts,
                queryCount: queries.count, upper: upper, next: following,
                lower: lower, steps: codesPerRow / codesPerStep, groups: groups.count,
                sums: output.sums, marks: output.marks, rows: output.rows, bounds: output.bounds,
                counts: output.counts))
          }
        }
      }
    }
  }

  private static let boundProducts = unsafe IntegerKernels.forLevel(.best).boundProducts
}

extension CodedRows {
  /// Where everything lies, in whole cache lines; shared until it is changed.
  ///
  /// `@unchecked Sendable`: only a single owner writes.
  @safe private final class Storage: @unchecked Sendable {
    private var buffer: AlignedBuffer?
    private let mapping: FileMapping?
    private let groups: Int
    private let codesPerRow: Int
    /// As ``CodeScanBlock`` has them; written to by a single owner only.
    let upper: UnsafeMutablePointer<UInt8>
    let lower: UnsafeMutablePointer<UInt8>
    let bytesPerGroup: Int
    let bytesPerRow: Int

    init(groups: Int, codesPerRow: Int, mapping: FileMapping? = nil, offset: Int = 0) {
      self.groups = groups
      self.codesPerRow = codesPerRow
      self.mapping = mapping
      bytesPerGroup = unsafe CodeScanBlock.bytesPerGroup(steps: codesPerRow / codesPerStep)
      bytesPerRow = unsafe CodeScanBlock.bytesPerRow(steps: codesPerRow / codesPerStep)
      let byteCount = Self.byteCount(groups: groups, codesPerRow: codesPerRow)
      if let mapping {
        unsafe upper = mapping.pointer(at: offset, byteCount: byteCount)
          .assumingMemoryBound(to: UInt8.self)
        buffer = nil
      } else {
        var memory = AlignedBuffer(byteCount: byteCount)
        unsafe upper = memory.mutablePointer(to: UInt8.self)
        buffer = consume memory
      }
      unsafe lower = upper + groups * bytesPerGroup
    }

    static func byteCount(groups: Int, codesPerRow: Int) -> Int {
      let steps = codesPerRow / codesPerStep
      return unsafe groups
        * (CodeScanBlock.bytesPerGroup(steps: steps)
          + rowsPerCodeGroup * CodeScanBlock.bytesPerRow(steps: steps))
    }

    private var byteCount: Int { Self.byteCount(groups: groups, codesPerRow: codesPerRow) }

    var bytes: [UInt8] { unsafe [UInt8](UnsafeBufferPointer(start: upper, count: byteCount)) }

    func bytes(_ ranges: [Range<Int>]) -> [UInt8] {
      ranges.flatMap { range in
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "bytes out of range")
        return unsafe [UInt8](
          UnsafeBufferPointer(start: upper + range.lowerBound, count: range.count))
      }
    }

    func copy() -> Storage {
      let copy = Storage(groups: groups, codesPerRow: codesPerRow)
      unsafe copy.upper.update(from: upper, count: byteCount)
      return copy
    }
  }
}
