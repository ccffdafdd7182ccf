internal import KernelTypes
internal import Kernels

/// Rows of numbers rounded to 8 bits, and how much each has lost by it.
///
/// A scan of the codes reads a quarter of what a scan of the numbers would. The bounds that it finds
/// are never below the true products (Cauchy and Schwarz: an inner product is at most the product of
/// the lengths), so that rows whose bound is below what is asked for need no second look. For unit
/// vectors of 128 numbers a bound is about 0.008 above the product.
struct CodedRows: Sendable {
  static let largestCode = 127

  /// Even; zeros behind the numbers of a row.
  let codesPerRow: Int
  /// `[group][pair][row][2]`, with ``rowsPerCodeGroup`` rows in a group, the last one filled up.
  private var codes: [Int8]
  private var scales: [Float]
  private var errors: [Float]
  private var lengths: [Float]

  /// Rows of zeros.
  init(count: Int, dimension: Int) {
    codesPerRow = Self.codesPerRow(dimension: dimension)
    let count = (count + rowsPerCodeGroup - 1) / rowsPerCodeGroup * rowsPerCodeGroup
    codes = [Int8](repeating: 0, count: count * codesPerRow)
    scales = [Float](repeating: 0, count: count)
    errors = scales
    lengths = scales
  }

  static func codesPerRow(dimension: Int) -> Int { (dimension + 1) / 2 * 2 }

  private static let magic: Float = 12_582_912

  /// A little more, since the sums behind a length are rounded.
  static func roundedUp(_ length: Float) -> Float { length * 1.000_1 }

  /// Codes a row.
  mutating func replace(row: Int, with values: [Float]) {
    var largest: Float = 0
    for value in values { largest = max(largest, abs(value)) }
    let scale = largest / Float(Self.largestCode)
    let steps = scale > 0 ? 1 / scale : 0
    let (group, lane) = row.quotientAndRemainder(dividingBy: rowsPerCodeGroup)
    let start = group * rowsPerCodeGroup * codesPerRow + 2 * lane
    var (length, lost) = (Float(0), Float(0))
    for column in values.indices {
      let limit = Float(Self.largestCode)
      // Adding 1.5 · 2²³ leaves the rounded number in the lowest bits.
      let code = max(-limit, min(limit, values[column] * steps)) + Self.magic - Self.magic
      codes[start + (column & ~1) * rowsPerCodeGroup + (column & 1)] = Int8(code)
      let rest = values[column] - code * scale
      length += values[column] * values[column]
      lost += rest * rest
    }
    scales[row] = scale
    errors[row] = Self.roundedUp(lost.squareRoot())
    lengths[row] = Self.roundedUp(length.squareRoot()) + errors[row]
  }

  /// Bounds the products of queries and some groups of rows from above.
  ///
  /// - Parameters:
  ///   - queries: coded for ``codesPerRow``.
  ///   - groups: which.
  ///   - floors: the least bound that is worth a look, for each query.
  ///   - bounds: overwritten.
  func bound(
    _ queries: CodedQueries, groups: Range<Int>, floors: [Float], into bounds: inout RowBounds
  ) {
    let start = groups.lowerBound * rowsPerCodeGroup
    precondition(
      start >= 0 && groups.upperBound * rowsPerCodeGroup <= scales.count
        && groups.count <= bounds.groupsPerQuery && queries.count <= bounds.queries
        && queries.count == floors.count && queries.codesPerRow == codesPerRow,
      "rows or length out of range")
    let stride = bounds.groupsPerQuery * rowsPerCodeGroup
    unsafe queries.words.withUnsafeBufferPointer { words in
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe bounds.withUnsafeMutablePointers { output, candidates in
          guard let words = words.baseAddress, let codes = codes.baseAddress else { return }
          unsafe floors.withUnsafeBufferPointer { floors in
            guard let floors = floors.baseAddress else { return }
            unsafe Self.withPointers(queries.scales, queries.lengths, queries.errors) { query in
              unsafe Self.withPointers(scales, errors, lengths) { row in
                unsafe Self.boundProducts(
                  CodeScanBlock(
                    queries: words, queryCount: queries.count, queryScales: query.0,
                    floors: floors, queryLengths: query.1, queryErrors: query.2,
                    codes: codes + start * codesPerRow, pairs: codesPerRow / 2,
                    scales: row.0 + start, errors: row.1 + start, lengths: row.2 + start,
                    groups: groups.count, output: output, outputStride: stride,
                    candidates: candidates))
              }
            }
          }
        }
      }
    }
  }

  private static func withPointers(
    _ first: [Float], _ second: [Float], _ third: [Float],
    _ body: ((UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)) -> Void
  ) {
    unsafe first.withUnsafeBufferPointer { first in
      unsafe second.withUnsafeBufferPointer { second in
        unsafe third.withUnsafeBufferPointer { third in
          guard let first = first.baseAddress, let second = second.baseAddress,
            let third = third.baseAddress
          else { return }
          unsafe body((first, second, third))
        }
      }
    }
  }

  private static let boundProducts = unsafe IntegerKernels.forLevel(.best).boundProducts
}
