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
    var visited = 0
    var largestExcess: Float = 0
    matrix.visitBounds(query.span, floor: -.infinity) { row, bound in
      #expect(row == visited)
      visited += 1
      let excess = bound - matrix.dot(query.span, row: row)
      #expect(excess >= 0)
      largestExcess = max(largestExcess, excess)
      return -.infinity
    }
    #expect(visited == count)
    // Half a step of the row for each number, and half a step of the query: a step is at most 1/127.
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
      matrix.visitBounds(query.span, floor: -.infinity) { row, bound in
        #expect(bound >= matrix.dot(query.span, row: row))
        return -.infinity
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

  /// A floor lets through whatever may reach it, by either half of the codes.
  @Test(arguments: [8, 40, 128]) func boundsWhateverMayReachTheFloor(dimension: Int) {
    var numbers = Numbers(state: 19)
    var matrix = DenseRows(dimension: dimension)
    var codes = CodedMatrix(dimension: dimension)
    for row in 0..<3000 {
      let numbers = numbers.vector(dimension).map { $0 * (row % 3 == 0 ? 0.5 : 1) }
      matrix.append(numbers)
      codes.append(numbers)
    }
    let queries = (0..<11).map { _ in numbers.vector(dimension) }
    let floors = (0..<11).map { Float($0) / 10 - 0.3 }
    var visited = queries.map { _ in Set<Int>() }
    codes.visitBounds(each: queries, floors: floors) { query, row, _ in
      visited[query].insert(row)
      return floors[query]
    }
    for (query, floor) in floors.enumerated() {
      let numbers = queries[query]
      let reaching = (0..<3000).filter { matrix.dot(numbers.span, row: $0) >= floor }
      #expect(visited[query].isSuperset(of: reaching))
    }
  }

  @Test(arguments: [0, 1, 5000, 100_000]) func partsAreAllRows(count: Int) {
    var matrix = EmbeddingMatrix(dimension: 1)
    for _ in 0..<count { matrix.append([1]) }
    for threads in 1...5 {
      let parts = matrix.parts(threads)
      #expect(parts.count == 1 || parts.count > 1 && threads > 1)
      #expect(Array(parts.joined()) == Array(0..<count))
      var sum = 0
      for part in parts {
        matrix.visit(each: [[1]], floors: [0.5], rows: part) { _, row, _ in
          sum += row
          return 0.5
        }
      }
      #expect(sum == count * (count - 1) / 2)
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
