import FaceTypes
import Testing
import VectorIndex

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func vector(_ dimension: Int) -> [Float] {
    let raw = (0..<dimension).map { _ in Float.random(in: -1...1, using: &self) }
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return raw.map { $0 / length }
  }
}

@Suite struct FlatIndexTests {
  private func definition(
    _ stored: [(FigureID, [Float])], _ query: [Float]
  ) -> [(figure: FigureID, similarity: Float)] {
    stored.map { ($0.0, zip($0.1, query).reduce(Float(0)) { $0 + $1.0 * $1.1 }) }
      .sorted {
        $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.figure < $1.figure
      }
  }

  /// Dimensions around the kernel's stride, and counts around the block of 2,048 rows.
  @Test(arguments: [1, 7, 15, 16, 17, 31, 128], [0, 1, 9, 2047, 2048, 2049, 4500])
  func findsWhatComparingWithEveryRowFinds(dimension: Int, count: Int) {
    var numbers = Numbers(state: UInt64(dimension * 10_000 + count))
    var index = FlatIndex(dimension: dimension)
    var stored: [(FigureID, [Float])] = []
    for row in 0..<count {
      let figure = FigureID(rawValue: Int64(row))
      let vector = numbers.vector(dimension)
      index.insert(figure, vector)
      stored.append((figure, vector))
    }
    let query = numbers.vector(dimension)
    let expected = definition(stored, query).prefix(10)
    let found = index.nearest(to: query, count: 10)
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      // The kernel adds in another order than left to right: rounding of 128 products.
      #expect(abs(a.similarity - b.similarity) < 1e-5)
    }
    if dimension > 1 { #expect(found.map(\.figure) == expected.map(\.figure)) }
  }

  @Test func ordersEqualSimilaritiesByFigure() {
    var index = FlatIndex(dimension: 2)
    for figure in [5, 3, 9, 1, 7] { index.insert(FigureID(rawValue: Int64(figure)), [1, 0]) }
    #expect(index.nearest(to: [1, 0], count: 3).map(\.figure.rawValue) == [1, 3, 5])
    #expect(index.all(to: [1, 0], minimumSimilarity: 1).map(\.figure.rawValue) == [1, 3, 5, 7, 9])
  }

  @Test func listsAllAtOrAboveTheThreshold() {
    var index = FlatIndex(dimension: 2)
    index.insert(FigureID(rawValue: 1), [1, 0])
    index.insert(FigureID(rawValue: 2), [0, 1])
    index.insert(FigureID(rawValue: 3), [0.5, 0])
    #expect(index.all(to: [1, 0], minimumSimilarity: 0.5).map(\.figure.rawValue) == [1, 3])
  }

  @Test func forgetsWhatWasRemovedAndReplacesWhatIsInsertedTwice() {
    var index = FlatIndex(dimension: 2)
    for figure in 1...4 { index.insert(FigureID(rawValue: Int64(figure)), [Float(figure), 0]) }
    let (first, second) = (index.remove(FigureID(rawValue: 2)), index.remove(FigureID(rawValue: 2)))
    #expect(first && !second)
    index.insert(FigureID(rawValue: 1), [9, 0])
    #expect(index.nearest(to: [1, 0], count: 10).map(\.figure.rawValue) == [1, 4, 3])
    #expect(index.count == 3)
    #expect(!index.contains(FigureID(rawValue: 2)))
    #expect(index.embedding(of: FigureID(rawValue: 4)) == [4, 0])
    #expect(index.embedding(of: FigureID(rawValue: 2)) == nil)
  }

  @Test func agreesWithADictionaryOverManyInsertionsAndRemovals() {
    var numbers = Numbers(state: 7)
    var index = FlatIndex(dimension: 8)
    var stored: [FigureID: [Float]] = [:]
    for _ in 0..<6000 {
      let figure = FigureID(rawValue: Int64.random(in: 0..<3000, using: &numbers))
      if Bool.random(using: &numbers) {
        let vector = numbers.vector(8)
        index.insert(figure, vector)
        stored[figure] = vector
      } else {
        let wasThere = index.remove(figure)
        #expect(wasThere == (stored.removeValue(forKey: figure) != nil))
      }
    }
    #expect(index.count == stored.count)
    for (figure, vector) in stored { #expect(index.embedding(of: figure) == vector) }
    let query = numbers.vector(8)
    #expect(
      Set(index.all(to: query, minimumSimilarity: -2).map(\.figure)) == Set(stored.keys))
  }

  @Test(arguments: [0, 1, 2, 9])
  func aBatchOfQueriesAnswersAsSingleOnesDo(queryCount: Int) {
    var numbers = Numbers(state: 11)
    var index = FlatIndex(dimension: 128)
    for row in 0..<3000 { index.insert(FigureID(rawValue: Int64(row)), numbers.vector(128)) }
    let queries = (0..<queryCount).map { _ in numbers.vector(128) }
    #expect(
      index.nearest(toEach: queries, count: 7)
        == queries.map { index.nearest(to: $0, count: 7) })
    #expect(
      index.all(toEach: queries, minimumSimilarity: 0.1)
        == queries.map { index.all(to: $0, minimumSimilarity: 0.1) })
  }

  @Test func severalThreadsAnswerAsOneDoes() {
    var numbers = Numbers(state: 23)
    var index = FlatIndex(dimension: 8)
    // Many are equally similar, and the identifiers decide.
    let some = (0..<500).map { _ in numbers.vector(8) }
    for row in 0..<100_000 {
      index.insert(FigureID(rawValue: Int64(99_999 - row)), some[row * 7 % some.count])
    }
    let queries = (0..<3).map { _ in numbers.vector(8) }
    #expect(
      index.nearest(toEach: queries, count: 300, threads: 3)
        == index.nearest(toEach: queries, count: 300))
  }

  @Test func asksForNothingAndGetsNothing() {
    var index = FlatIndex(dimension: 1)
    index.insert(FigureID(rawValue: 1), [1])
    #expect(index.nearest(to: [1], count: 0).isEmpty)
    #expect(FlatIndex(dimension: 4).nearest(to: [1, 0, 0, 0], count: 3).isEmpty)
  }

  @Test(arguments: [0, 1, 5, 40])
  func theTableOfSimilaritiesIsThatOfAllPairs(count: Int) {
    var numbers = Numbers(state: 3)
    let rows = (0..<count).map { _ in numbers.vector(19) }
    let table = similarityTable(of: rows.flatMap { $0 }, dimension: 19)
    #expect(table.count == count * count)
    for a in 0..<count {
      for b in 0..<count {
        let expected = zip(rows[a], rows[b]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        #expect(abs(table[a * count + b] - expected) < 1e-5)
        #expect(table[a * count + b] == table[b * count + a])
      }
    }
  }
}
