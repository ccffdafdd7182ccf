import FaceTypes
import Testing
import VectorIndex

@Suite struct BoundedScanTests {
  /// Around the kernels' stride of codes, the block of rows, and the step within one.
  @Test(arguments: [1, 31, 32, 33, 128, 500], [1, 300, 2048, 2100])
  func boundsEveryProductFromAboveAndClosely(dimension: Int, count: Int) {
    var numbers = Numbers(state: UInt64(dimension * 10_000 + count))
    var matrix = EmbeddingMatrix(dimension: dimension)
    for _ in 0..<count { matrix.append(numbers.vector(dimension)) }
    let query = numbers.vector(dimension)
    var next = 0
    var largestExcess: Float = 0
    matrix.scanBounds(query.span) { first, bounds in
      #expect(first == next)
      next += bounds.count
      for index in bounds.indices {
        let excess = bounds[index] - matrix.dot(query.span, row: first + index)
        #expect(excess >= 0)
        largestExcess = max(largestExcess, excess)
      }
    }
    #expect(next == count)
    // Half a step for each number: the step is at most 1/127, and the longest error its root sum.
    #expect(largestExcess < 2 * Float(dimension).squareRoot() / 127)
  }

  /// Means of clusters are shorter than 1, and sums longer; some rows are all zeros.
  @Test func boundsRowsOfAnyLength() {
    var numbers = Numbers(state: 7)
    var matrix = EmbeddingMatrix(dimension: 40)
    let factors: [Float] = [0, 1e-12, 0.01, 1, 300, 1e12]
    for row in 0..<700 {
      matrix.append(numbers.vector(40).map { $0 * factors[row % factors.count] })
    }
    for factor in factors {
      let query = numbers.vector(40).map { $0 * factor }
      matrix.scanBounds(query.span) { first, bounds in
        for index in bounds.indices {
          #expect(bounds[index] >= matrix.dot(query.span, row: first + index))
        }
      }
    }
  }

  @Test func visitsExactlyTheRowsAboveTheFloor() {
    var numbers = Numbers(state: 11)
    var matrix = EmbeddingMatrix(dimension: 128)
    for _ in 0..<5000 { matrix.append(numbers.vector(128)) }
    let query = numbers.vector(128)
    for floor: Float in [-1, -0.05, 0, 0.1, 0.2, 0.3, 2] {
      let expected = (0..<5000).filter { matrix.dot(query.span, row: $0) >= floor }
      var visited: [Int] = []
      matrix.visit(query.span, atLeast: floor) { row, product in
        #expect(product == matrix.dot(query.span, row: row))
        visited.append(row)
      }
      #expect(visited == expected)
    }
  }

  @Test func followsRowsThatAreReplacedAndRemoved() {
    var numbers = Numbers(state: 13)
    var matrix = EmbeddingMatrix(dimension: 16)
    for _ in 0..<4200 { matrix.append(numbers.vector(16)) }
    for _ in 0..<3000 {
      if matrix.count > 1, Bool.random(using: &numbers) {
        matrix.removeSwapping(row: Int.random(in: 0..<matrix.count, using: &numbers))
      } else {
        matrix.replace(
          row: Int.random(in: 0..<matrix.count, using: &numbers), with: numbers.vector(16))
      }
    }
    let query = numbers.vector(16)
    var visited = 0
    matrix.visit(query.span, atLeast: 0.25) { _, _ in visited += 1 }
    #expect(visited == (0..<matrix.count).count { matrix.dot(query.span, row: $0) >= 0.25 })
  }

  @Test func answersSeveralQueriesAsItAnswersEach() {
    var numbers = Numbers(state: 17)
    var index = FlatIndex(dimension: 128)
    for figure in 0..<6000 {
      index.insert(FigureID(rawValue: Int64(figure)), numbers.vector(128))
    }
    let queries = (0..<9).map { _ in numbers.vector(128) }
    let together = index.nearest(toEach: queries, count: 7)
    #expect(together == queries.map { index.nearest(to: $0, count: 7) })
    let all = index.all(toEach: queries, minimumSimilarity: 0.15)
    #expect(all == queries.map { index.all(to: $0, minimumSimilarity: 0.15) })
  }
}
