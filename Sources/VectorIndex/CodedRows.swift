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

  /// A multiple of 32; zeros behind the numbers of a row.
  let codesPerRow: Int
  private var codes: [Int8]
  private var scales: [Float]
  private var errors: [Float]
  private var lengths: [Float]

  /// Rows of zeros.
  init(count: Int, dimension: Int) {
    codesPerRow = Self.codesPerRow(dimension: dimension)
    codes = [Int8](repeating: 0, count: count * codesPerRow)
    scales = [Float](repeating: 0, count: count)
    errors = scales
    lengths = scales
  }

  static func codesPerRow(dimension: Int) -> Int { (dimension + 31) / 32 * 32 }

  private static let magic: Float = 12_582_912

  /// A little more, since the sums behind a length are rounded.
  static func roundedUp(_ length: Float) -> Float { length * 1.000_1 }

  /// Codes a row.
  mutating func replace(row: Int, with values: [Float]) {
    var largest: Float = 0
    for value in values { largest = max(largest, abs(value)) }
    let scale = largest / Float(Self.largestCode)
    let steps = scale > 0 ? 1 / scale : 0
    let start = row * codesPerRow
    var (length, lost) = (Float(0), Float(0))
    for column in values.indices {
      let limit = Float(Self.largestCode)
      // Adding 1.5 · 2²³ leaves the rounded number in the lowest bits.
      let code = max(-limit, min(limit, values[column] * steps)) + Self.magic - Self.magic
      codes[start + column] = Int8(code)
      let rest = values[column] - code * scale
      length += values[column] * values[column]
      lost += rest * rest
    }
    scales[row] = scale
    errors[row] = Self.roundedUp(lost.squareRoot())
    lengths[row] = Self.roundedUp(length.squareRoot()) + errors[row]
  }

  /// Bounds the products of a query and some rows from above.
  ///
  /// - Parameters:
  ///   - query: coded for ``codesPerRow``.
  ///   - rows: which.
  ///   - bounds: one for each of the rows is overwritten.
  func bound(_ query: CodedQuery, rows: Range<Int>, into bounds: inout MutableSpan<Float>) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= scales.count && bounds.count >= rows.count
        && query.codes.count == codesPerRow, "rows or length out of range")
    unsafe query.codes.withUnsafeBufferPointer { query_ in
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe scales.withUnsafeBufferPointer { scales in
          unsafe errors.withUnsafeBufferPointer { errors in
            unsafe lengths.withUnsafeBufferPointer { lengths in
              unsafe bounds.withUnsafeMutableBufferPointer { bounds in
                guard let numbers = query_.baseAddress, let first = codes.baseAddress,
                  let scale = scales.baseAddress, let error = errors.baseAddress,
                  let length = lengths.baseAddress, let output = bounds.baseAddress
                else { return }
                let start = rows.lowerBound
                unsafe Self.kernels.boundProducts(
                  CodeScanBlock(
                    query: numbers, queryScale: query.scale, queryLength: query.length,
                    queryError: query.error, codes: first + start * codesPerRow,
                    codesPerRow: codesPerRow, scales: scale + start, errors: error + start,
                    lengths: length + start, rows: rows.count, output: output))
              }
            }
          }
        }
      }
    }
  }

  private static let kernels = KernelTable.forLevel(.best)
}
