import KernelTypes
import Kernels
import Testing

/// Bounds of products with rows of 8-bit codes, against plain loops.
@Suite struct CodeScanTests {
  /// One query, some, and as many as share a pass; groups around the four that one query takes.
  static let sizes = [
    (queries: 1, groups: 1, pairs: 1), (1, 3, 64), (1, 4, 64), (1, 9, 17), (3, 5, 64), (7, 2, 20),
    (8, 1, 64), (8, 6, 33),
  ]

  @Test(arguments: ProcessorLevel.available, sizes)
  func boundsLikeThePlainLoop(
    level: ProcessorLevel, size: (queries: Int, groups: Int, pairs: Int)
  ) {
    var numbers = SystemRandomNumberGenerator()
    let rows = size.groups * rowsPerCodeGroup
    let queries = (0..<size.queries).map { _ in
      (0..<2 * size.pairs).map { _ in Int16.random(in: -2000...2000, using: &numbers) }
    }
    let codes = (0..<rows).map { _ in
      (0..<2 * size.pairs).map { _ in Int8.random(in: -127...127, using: &numbers) }
    }
    func fractions(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: 0...1e-4, using: &numbers) }
    }
    let (scales, errors, lengths) = (fractions(rows), fractions(rows), fractions(rows))
    let facts = (fractions(size.queries), fractions(size.queries), fractions(size.queries))
    let words = (0..<size.pairs).flatMap { pair in
      queries.map { Int32($0[2 * pair + 1]) << 16 | Int32(UInt16(bitPattern: $0[2 * pair])) }
    }
    let packed = (0..<size.groups).flatMap { group in
      (0..<size.pairs).flatMap { pair in
        (0..<rowsPerCodeGroup).flatMap { row in
          (0..<2).map { codes[group * rowsPerCodeGroup + row][2 * pair + $0] }
        }
      }
    }
    let floors = [Float](repeating: 2e-4, count: size.queries)
    // One group more than is asked for lies between the queries.
    let stride = rows + rowsPerCodeGroup
    var output = [Float](repeating: .nan, count: size.queries * stride)
    var candidates = [UInt16](repeating: 0, count: size.queries * (size.groups + 1))
    IntegerKernels.forLevel(level).boundProducts(
      CodeScanBlock(
        queries: words, queryCount: size.queries, queryScales: facts.0, floors: floors,
        queryLengths: facts.1, queryErrors: facts.2, codes: packed, pairs: size.pairs,
        scales: scales, errors: errors, lengths: lengths, groups: size.groups, output: &output,
        outputStride: stride, candidates: &candidates))
    for query in 0..<size.queries {
      for row in 0..<rows {
        let sum = zip(queries[query], codes[row]).reduce(0) { $0 + Int($1.0) * Int($1.1) }
        let estimate = Double(scales[row]) * Double(facts.0[query]) * Double(sum)
        let slack =
          Double(errors[row]) * Double(facts.1[query])
          + Double(lengths[row]) * Double(facts.2[query])
        let found = output[query * stride + row]
        #expect(abs(Double(found) - estimate - slack) <= 1e-6 * (abs(estimate) + slack))
        let mark = candidates[query * (size.groups + 1) + row / rowsPerCodeGroup]
        #expect((mark >> UInt16(row % rowsPerCodeGroup) & 1 == 1) == (found >= floors[query]))
      }
      #expect(output[query * stride + rows].isNaN)
    }
  }
}
