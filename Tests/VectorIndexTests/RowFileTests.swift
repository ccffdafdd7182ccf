import FaceTypes
import Foundation
import Synchronization
import Testing

import VectorIndex

/// Large matrices, the exact rows of which lie in a file.
@Suite struct RowFileTests {
  private let folder = FileManager.default.temporaryDirectory.path

  private func file() throws -> RowFile {
    try #require(RowFile(directory: folder) { Issue.record("no file: error \($0)") })
  }

  private func rows(_ count: Int, _ dimension: Int, seed: UInt64) -> [[Float]] {
    var state = seed
    return (0..<count).map { _ in
      (0..<dimension).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
      }
    }
  }

  /// Dimensions of a segment smaller than a page, of no whole number of pages, and the usual one.
  @Test(arguments: [1, 5, 128])
  func rowsInAFileAreThoseInMemory(dimension: Int) throws {
    let values = rows(6500, dimension, seed: 1)
    var stored = DenseRows(dimension: dimension, file: try file())
    var kept = DenseRows(dimension: dimension)
    for row in values {
      stored.append(row)
      kept.append(row)
    }
    let others = rows(300, dimension, seed: 2)
    for (index, other) in others.enumerated() {
      stored.replace(row: index * 21 % 6500, with: other)
      kept.replace(row: index * 21 % 6500, with: other)
    }
    let query = others[0]
    for row in 0..<6500 {
      #expect(stored[row] == kept[row])
      let found = stored.dot(query.span, row: row)
      let expected = kept.dot(query.span, row: row)
      #expect(found.bitPattern == expected.bitPattern)
    }
  }

  @Test func aCopyStaysAsItWas() throws {
    let values = rows(4500, 16, seed: 3)
    var matrix = DenseRows(dimension: 16, file: try file())
    for row in values { matrix.append(row) }
    var copies: [DenseRows] = []
    for row in stride(from: 0, to: 4500, by: 500) {
      copies.append(matrix)
      matrix.replace(row: row, with: values[4499])
    }
    for (index, copy) in copies.enumerated() {
      for row in stride(from: 0, to: 4500, by: 250) {
        #expect(copy[row] == (row % 500 == 0 && row < 500 * index ? values[4499] : values[row]))
      }
    }
    // What copies took is used again.
    copies = []
    for row in values { matrix.append(row) }
    for row in 0..<4500 { #expect(matrix[4500 + row] == values[row]) }
  }

  @Test func nothingIsLeftOfErasedRows() throws {
    let values = rows(5000, 32, seed: 4)
    var index = FlatIndex(dimension: 32, file: try file())
    for (row, value) in values.enumerated() { index.insert(FigureID(rawValue: Int64(row)), value) }
    var matrix = DenseRows(dimension: 32, file: try file())
    for value in values { matrix.append(value) }
    for row in 0..<3000 { index.remove(FigureID(rawValue: Int64(row))) }
    for row in 3000..<5000 {
      #expect(index.embedding(of: FigureID(rawValue: Int64(row))) == values[row])
    }
    matrix.erase(row: 17)
    #expect(matrix[17] == [Float](repeating: 0, count: 32))
    #expect(matrix[16] == values[16])
  }

  @Test func searchesFindTheSame() throws {
    let values = rows(9000, 24, seed: 5)
    var stored = FlatIndex(dimension: 24, file: try file())
    var kept = FlatIndex(dimension: 24)
    for (row, value) in values.enumerated() {
      stored.insert(FigureID(rawValue: Int64(row)), value)
      kept.insert(FigureID(rawValue: Int64(row)), value)
    }
    let queries = rows(20, 24, seed: 6)
    #expect(
      stored.nearest(toEach: queries, count: 7, threads: 2)
        == kept.nearest(
          toEach: queries, count: 7))
  }

  @Test func withoutAFileRowsStayInMemory() {
    let failures = Mutex(0)
    let file = RowFile(directory: folder + "/there is no such folder") { _ in
      failures.withLock { $0 += 1 }
    }
    #expect(file == nil)
    #expect(failures.withLock { $0 } == 1)
  }

  @Test func theFileHasNoName() throws {
    let folder = self.folder + "/rows-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try #require(RowFile(directory: folder) { Issue.record("no file: error \($0)") })
    var matrix = DenseRows(dimension: 64, file: file)
    for row in rows(3000, 64, seed: 7) { matrix.append(row) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
