internal import COpenBLAS

/// Multiplies dense row-major matrices, `c ← a · b`.
///
/// - Parameters:
///   - a: `n × depth`.
///   - b: `depth × m`.
///   - depth: the columns of `a` and the rows of `b`.
///   - columns: `m`.
///   - c: `n × m`; every element is overwritten.
/// - Precondition: the counts agree with `depth` and `columns`.
public func multiply(
  _ a: Span<Float>, _ b: Span<Float>, depth: Int, columns: Int, into c: inout MutableSpan<Float>
) {
  let rows = depth == 0 ? 0 : a.count / depth
  precondition(a.count == rows * depth && b.count == depth * columns && c.count == rows * columns)
  guard !c.isEmpty else { return }
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns),
          blasint(depth), 1, a.baseAddress, blasint(depth), b.baseAddress, blasint(columns), 0,
          c.baseAddress, blasint(columns))
      }
    }
  }
}

/// Multiplies by a transposed matrix, `c ← a · bᵀ`; every matrix is dense and row-major.
///
/// With unit-length rows this is the table of cosine similarities between `n` queries and `m`
/// stored embeddings.
///
/// - Parameters:
///   - a: `n × depth`.
///   - b: `m × depth`.
///   - depth: the columns of both `a` and `b`.
///   - c: `n × m`; every element is overwritten.
/// - Precondition: the three counts agree with `depth`.
public func multiplyTransposed(
  _ a: Span<Float>, _ b: Span<Float>, depth: Int, into c: inout MutableSpan<Float>
) {
  let (n, m) = depth == 0 ? (0, 0) : (a.count / depth, b.count / depth)
  precondition(a.count == n * depth && b.count == m * depth && c.count == n * m)
  guard !c.isEmpty else { return }
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(n), blasint(m), blasint(depth), 1,
          a.baseAddress, blasint(depth), b.baseAddress, blasint(depth), 0, c.baseAddress,
          blasint(m))
      }
    }
  }
}

/// The inner product of two vectors of equal length.
public func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count)
  return unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe cblas_sdot(blasint(a.count), a.baseAddress, 1, b.baseAddress, 1)
    }
  }
}
