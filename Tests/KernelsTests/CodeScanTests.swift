import KernelTypes
import Kernels
import Testing

/// Bounds of products with rows of 8-bit codes, against plain loops.
@Suite struct CodeScanTests {
  /// One query, some, as many as share a register's rows, and more; one step and odd numbers of them;
  /// more than one sum of 16 bits holds.
  static let sizes = [
    (queries: 1, groups: 1, steps: 1), (1, 3, 16), (2, 4, 3), (7, 2, 5), (8, 1, 16), (8, 6, 9),
    (9, 5, 16), (16, 3, 20),
  ]

  /// What is compared.
  private struct Case {
    let queries: [[Int8]]
    let rows: [[UInt8]]
    let facts: [CodedQuery]
    let scales, errors: [Float]

    /// Codes of four queries numbers and four bytes of the rows lie together.
    func words(step: Int, half: Int) -> [Int32] {
      queries.map { query in
        let bytes = (0..<4).map { UInt32(UInt8(bitPattern: query[8 * step + 4 * half + $0])) }
        return Int32(bitPattern: bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24)
      }
    }

    func upper(steps: Int) -> [UInt8] {
      (0..<rows.count / rowsPerCodeGroup).flatMap { group -> [UInt8] in
        let lanes = group * rowsPerCodeGroup..<(group + 1) * rowsPerCodeGroup
        var content: [UInt8] = []
        for step in 0..<steps {
          for row in rows[lanes] {
            for byte in 8 * step..<8 * step + 4 {
              content.append(row[byte] >> 4 | row[byte + 4] & 0xF0)
            }
          }
        }
        content += bytes(scales[lanes])
        return content + bytes(errors[lanes])
      }
    }

    private func bytes(_ numbers: ArraySlice<Float>) -> [UInt8] {
      numbers.flatMap { number -> [UInt8] in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
      }
    }

    func lower(steps: Int, padding: Int) -> [UInt8] {
      rows.flatMap { row -> [UInt8] in
        let codes = (0..<4 * steps).map { byte -> UInt8 in
          let place = byte / 4 * 8 + byte % 4
          return row[place] & 15 | row[place + 4] << 4
        }
        return codes + [UInt8](repeating: 0xA5, count: padding)
      }
    }

    func bounds(query: Int, row: Int) -> (coarse: Double, fine: Double) {
      let facts = facts[query]
      let upper = zip(queries[query], rows[row]).reduce(0) { $0 + Int($1.0) * Int($1.1 >> 4) }
      let all = zip(queries[query], rows[row]).reduce(0) { $0 + Int($1.0) * Int($1.1) }
      let slack = Double(facts.slack)
      let coarse = Double(facts.coarseStep) * Double(upper) + Double(facts.coarseOffset)
      let fine = Double(facts.fineStep) * Double(all) + Double(facts.fineOffset)
      let error = Double(errors[row]) * Double(facts.length)
      let scale = Double(scales[row])
      return (scale * coarse + error + slack, scale * fine + slack)
    }
  }

  private func makeUp(_ size: (queries: Int, groups: Int, steps: Int)) -> Case {
    var numbers = SystemRandomNumberGenerator()
    func fractions(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: 0...1e-2, using: &numbers) }
    }
    let rowCount = size.groups * rowsPerCodeGroup
    return Case(
      queries: (0..<size.queries).map { _ in
        (0..<8 * size.steps).map { _ in Int8.random(in: -127...127, using: &numbers) }
      },
      rows: (0..<rowCount).map { _ in
        (0..<8 * size.steps).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      },
      facts: (0..<size.queries).map { _ in
        let step = Float.random(in: 0...1e-2, using: &numbers)
        return CodedQuery(
          coarseStep: 16 * step, coarseOffset: 0.1, fineStep: step, fineOffset: -0.1,
          length: Float.random(in: 0...1, using: &numbers), slack: 1e-4,
          floor: Float.random(in: -0.5...0.5, using: &numbers))
      }, scales: fractions(rowCount), errors: fractions(rowCount))
  }

  @Test(arguments: ProcessorLevel.available, sizes)
  func boundsLikeThePlainLoop(
    level: ProcessorLevel, size: (queries: Int, groups: Int, steps: Int)
  ) {
    let content = makeUp(size)
    let words = (0..<size.steps).flatMap { step in
      (0..<2).flatMap { content.words(step: step, half: $0) }
    }
    let padding = unsafe CodeScanBlock.bytesPerRow(steps: size.steps) - 4 * size.steps
    let inOrder = (0..<size.queries).flatMap { query in
      (0..<2).flatMap { half in
        (0..<size.steps).map { content.words(step: $0, half: half)[query] }
          + [Int32](repeating: 0, count: padding / 4)
      }
    }
    let rowCount = size.groups * rowsPerCodeGroup
    var sums = [Int32](repeating: 0, count: size.queries * rowCount)
    var marks = [UInt32](repeating: 0, count: size.queries * size.groups)
    var rows = sums
    var bounds = [Float](repeating: .nan, count: size.queries * rowCount)
    var counts = [Int](repeating: -1, count: size.queries)
    unsafe IntegerKernels.forLevel(level).boundProducts(
      CodeScanBlock(
        codes: words, codesInOrder: inOrder, queries: content.facts, queryCount: size.queries,
        upper: content.upper(steps: size.steps), next: content.upper(steps: size.steps),
        lower: content.lower(steps: size.steps, padding: padding), steps: size.steps,
        groups: size.groups, sums: &sums, marks: &marks, rows: &rows, bounds: &bounds,
        counts: &counts))
    for query in 0..<size.queries {
      let places = query * rowCount..<query * rowCount + counts[query]
      let found = Dictionary(uniqueKeysWithValues: zip(rows[places], bounds[places]))
      #expect(rows[places].sorted() == Array(rows[places]))
      for row in 0..<rowCount {
        let expected = content.bounds(query: query, row: row)
        let floor = Double(content.facts[query].floor)
        // Sums of some hundred numbers of a magnitude below 1.
        guard abs(expected.coarse - floor) > 1e-4, abs(expected.fine - floor) > 1e-4 else {
          continue
        }
        let bound = found[Int32(row)]
        #expect((bound != nil) == (min(expected.coarse, expected.fine) >= floor))
        if let bound { #expect(abs(Double(bound) - expected.fine) < 1e-4) }
      }
    }
  }
}
