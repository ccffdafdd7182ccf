import FaceTypes
import Foundation
import Kernels
import VectorIndex

/// Times searches for the most similar embeddings in memory.
struct NearestBenchmark {
  /// What is told before the first search.
  struct Ready: Codable {
    let rows: Int
    let queries: Int
    let dimension: Int
    let buildSeconds: Double
    /// Bytes a second, in billions, at which a search reads when nothing is similar enough, and at
    /// which memory can be read: medians, and the median of the ratios of neighbours in time.
    let scanBillions: Double
    let memoryBillions: Double
    let scanShare: Double
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
    var index = FlatIndex(dimension: dimension, file: try TemporaryFolder().rowFile())
    try Self.forEachVector(rows, dimension) {
      index.insert(FigureID(rawValue: Int64(index.count)), $0)
    }
    self.index = index
    buildSeconds = start.duration(to: .now).seconds
    var vectors: [[Float]] = []
    try Self.forEachVector(queries, dimension) { vectors.append($0) }
    self.queries = vectors
  }

  private static func forEachVector(
    _ path: String, _ dimension: Int, _ body: ([Float]) -> Void
  ) throws {
    let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    let size = 4 * dimension
    guard !data.isEmpty, data.count % size == 0 else {
      throw BenchmarkError(description: "\(path) is not made of rows of \(dimension) numbers")
    }
    for start in stride(from: 0, to: data.count, by: size) {
      let bytes = [UInt8](data[start..<start + size])
      body(
        stride(from: 0, to: size, by: 4).map { place in
          var bits: UInt32 = 0
          for byte in (0..<4).reversed() { bits = bits << 8 | UInt32(bytes[place + byte]) }
          return Float(bitPattern: bits)
        })
    }
  }

  /// Answers each line “FIRST COUNT AT-ONCE THREADS” of the standard input with the time that COUNT
  /// searches took from query FIRST on, so many of them in one pass, until there is no more.
  func answerRequests() throws {
    let (scan, memory, share) = bandwidths()
    try printJSONLine(
      Ready(
        rows: index.count, queries: queries.count, dimension: dimension,
        buildSeconds: buildSeconds, scanBillions: scan, memoryBillions: memory, scanShare: share))
    while let line = readLine() {
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 4, numbers[0] >= 0, numbers[1...].allSatisfy({ $0 > 0 }),
        numbers[0] + numbers[1] <= queries.count
      else {
        throw BenchmarkError(description: "FIRST COUNT AT-ONCE THREADS expected, not \(line)")
      }
      try printJSONLine(
        search(first: numbers[0], searches: numbers[1], atOnce: numbers[2], threads: numbers[3]))
    }
  }

  /// Reads the codes and as much other memory in turns; the first turn does not count.
  private func bandwidths() -> (scan: Double, memory: Double, share: Double) {
    let other = [Float](repeating: 1, count: index.bytesPerScan / 512 * 128)
    let kernels = KernelTable.forLevel(.best)
    var turns: [(scan: Double, memory: Double)] = []
    for turn in 0..<16 {
      let scan = milliseconds {
        Float(index.nearest(to: queries[0], count: 1, minimumSimilarity: 2).count)
      }
      let memory = milliseconds {
        unsafe other.withUnsafeBufferPointer { other in
          unsafe other.baseAddress.map { unsafe kernels.readThrough($0, other.count) } ?? 0
        }
      }
      if turn > 0 {
        turns.append(
          (Double(index.bytesPerScan) / scan * 1e-6, Double(4 * other.count) / memory * 1e-6))
      }
    }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    return (
      median(turns.map(\.scan)), median(turns.map(\.memory)),
      median(turns.map { $0.scan / $0.memory })
    )
  }

  /// How long `work` takes; its result is looked at, so that it is not left out.
  private func milliseconds(_ work: () -> Float) -> Double {
    let start = ContinuousClock.now
    let result = work()
    return result.isNaN ? .nan : (ContinuousClock.now - start) / .milliseconds(1)
  }

  private func search(first: Int, searches: Int, atOnce: Int, threads: Int) -> Answer {
    var rows: [[Int]] = []
    let start = (ContinuousClock.now, threadTime())
    for position in stride(from: first, to: first + searches, by: atOnce) {
      let group = Array(queries[position..<min(position + atOnce, first + searches)])
      let found = index.nearest(toEach: group, count: count, threads: threads)
      rows += found.map { $0.map { Int($0.figure.rawValue) } }
    }
    return Answer(
      searches: searches, milliseconds: (ContinuousClock.now - start.0) / .milliseconds(1),
      processorMilliseconds: threadTime() - start.1, rows: rows)
  }
}
