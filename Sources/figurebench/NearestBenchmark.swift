import FaceTypes
import Foundation
import VectorIndex

/// Times searches for the most similar embeddings in memory.
struct NearestBenchmark {
  /// What is told before the first search.
  struct Ready: Codable {
    let rows: Int
    let queries: Int
    let dimension: Int
    let buildSeconds: Double
  }

  /// What is told of some searches.
  struct Answer: Codable {
    let searches: Int
    let milliseconds: Double
    let processorMilliseconds: Double
    /// The rows that each search found, the most similar first.
    let rows: [[Int]]
  }

  let dimension: Int
  let count: Int
  private let index: FlatIndex
  private let queries: [[Float]]
  private let buildSeconds: Double

  /// Builds an index.
  ///
  /// - Parameters:
  ///   - rows: a file of 32-bit floating point numbers, little-endian, one row after the other.
  ///   - queries: another one.
  ///   - dimension: of the embeddings.
  ///   - count: how many neighbours are searched for.
  /// - Throws: if a file cannot be read or is not made of whole rows.
  init(rows: String, queries: String, dimension: Int, count: Int) throws {
    self.dimension = dimension
    self.count = count
    let start = ContinuousClock.now
    var index = FlatIndex(dimension: dimension)
    for (number, row) in try Self.vectors(rows, dimension).enumerated() {
      index.insert(FigureID(rawValue: Int64(number)), row)
    }
    self.index = index
    buildSeconds = start.duration(to: .now).seconds
    self.queries = try Self.vectors(queries, dimension)
  }

  private static func vectors(_ path: String, _ dimension: Int) throws -> [[Float]] {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    let size = 4 * dimension
    guard !data.isEmpty, data.count % size == 0 else {
      throw BenchmarkError(description: "\(path) is not made of rows of \(dimension) numbers")
    }
    return stride(from: 0, to: data.count, by: size).map { start in
      let bytes = [UInt8](data[start..<start + size])
      return stride(from: 0, to: size, by: 4).map { place in
        var bits: UInt32 = 0
        for byte in (0..<4).reversed() { bits = bits << 8 | UInt32(bytes[place + byte]) }
        return Float(bitPattern: bits)
      }
    }
  }

  /// Answers each line “FIRST COUNT AT-ONCE” of the standard input with the time that COUNT searches
  /// took from query FIRST on, so many of them in one pass, until there is no more.
  func answerRequests() throws {
    try printJSONLine(
      Ready(
        rows: index.count, queries: queries.count, dimension: dimension,
        buildSeconds: buildSeconds))
    while let line = readLine() {
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 3, numbers[0] >= 0, numbers[1] > 0, numbers[2] > 0,
        numbers[0] + numbers[1] <= queries.count
      else { throw BenchmarkError(description: "FIRST COUNT AT-ONCE expected, not \(line)") }
      try printJSONLine(search(first: numbers[0], searches: numbers[1], atOnce: numbers[2]))
    }
  }

  private func search(first: Int, searches: Int, atOnce: Int) -> Answer {
    var rows: [[Int]] = []
    let start = (ContinuousClock.now, threadTime())
    for position in stride(from: first, to: first + searches, by: atOnce) {
      let group = Array(queries[position..<min(position + atOnce, first + searches)])
      let found =
        group.count == 1
        ? [index.nearest(to: group[0], count: count)]
        : index.nearest(toEach: group, count: count)
      rows += found.map { $0.map { Int($0.figure.rawValue) } }
    }
    return Answer(
      searches: searches, milliseconds: (ContinuousClock.now - start.0) / .milliseconds(1),
      processorMilliseconds: threadTime() - start.1, rows: rows)
  }
}
