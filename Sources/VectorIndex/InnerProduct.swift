/// The inner product of two vectors of equal length.
///
/// Four accumulators of eight numbers: the sum runs in another order than left to right, so that
/// the result differs from the plain loop by rounding (about 1e-6 for unit vectors).
///
/// - Precondition: the lengths agree.
public func innerProduct(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count, "an inner product needs equal lengths")
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      guard let left = a.baseAddress, let right = b.baseAddress else { return 0 }
      return unsafe innerProduct(left, right, count: a.count)
    }
  }
}

/// The inner products of one query with consecutive rows of a dense matrix.
///
/// - Parameters:
///   - query: `d` numbers.
///   - rows: at least `rowCount × d` numbers, row-major.
///   - rowCount: how many rows to take.
///   - products: the first `rowCount` elements are overwritten.
func innerProducts(
  _ query: Span<Float>, rows: Span<Float>, rowCount: Int, into products: inout MutableSpan<Float>
) {
  let dimension = query.count
  precondition(rows.count >= rowCount * dimension && products.count >= rowCount, "too few rows")
  unsafe query.withUnsafeBufferPointer { query in
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe products.withUnsafeMutableBufferPointer { products in
        guard let left = query.baseAddress, var right = rows.baseAddress else { return }
        for row in 0..<rowCount {
          unsafe products[row] = unsafe innerProduct(left, right, count: dimension)
          unsafe right += dimension
        }
      }
    }
  }
}

@inline(__always)
private func innerProduct(
  _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int
) -> Float {
  var sum0 = SIMD8<Float>.zero
  var sum1 = SIMD8<Float>.zero
  let a = unsafe UnsafeRawPointer(left)
  let b = unsafe UnsafeRawPointer(right)
  var position = 0
  while position + 16 <= count {
    let offset = position * MemoryLayout<Float>.stride
    sum0 +=
      unsafe a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
      * b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
    sum1 +=
      unsafe a.loadUnaligned(fromByteOffset: offset + 32, as: SIMD8<Float>.self)
      * b.loadUnaligned(fromByteOffset: offset + 32, as: SIMD8<Float>.self)
    position += 16
  }
  var sum = (sum0 + sum1).sum()
  while position < count {
    unsafe sum += left[position] * right[position]
    position += 1
  }
  return sum
}
