import Clustering
import FaceTypes
import FoundationEssentials

/// Faces as numbers, each with the person it shows: what the clusterer is measured on.
///
/// A file of little-endian numbers: two 32-bit integers, the count of faces and their dimension;
/// then for each face its medium and its person as 64-bit integers (person −1 for a face without a
/// label), the length of its raw embedding as a 32-bit floating point number, whether it may found
/// a cluster as a 32-bit integer, when it was photographed in seconds since 1970 as a 64-bit integer
/// (the smallest there is if nobody knows), and its unit-length embedding, as 32-bit floating point
/// numbers.
struct LabelledFaces {
  struct Element {
    let media: Int64
    let label: Int64
    let norm: Float
    let mayFound: Bool
    let captureTime: Timestamp?
    let embedding: [Float]
  }

  let dimension: Int
  private(set) var elements: [Element] = []

  /// None yet.
  init(dimension: Int) { self.dimension = dimension }

  /// Reads a file.
  ///
  /// - Throws: if it cannot be read or is not as long as it says.
  init(path: String) throws {
    var reader = ByteReader(bytes: [UInt8](try Data(contentsOf: URL(filePath: path))))
    let count = Int(Int32(truncatingIfNeeded: try reader.integer(4)))
    dimension = Int(Int32(truncatingIfNeeded: try reader.integer(4)))
    guard count >= 0, (1...4096).contains(dimension) else { throw ByteReader.EndOfFile() }
    for _ in 0..<count {
      let media = Int64(bitPattern: try reader.integer(8))
      let label = Int64(bitPattern: try reader.integer(8))
      let norm = try reader.float()
      let mayFound = try reader.integer(4) != 0
      let seconds = Int64(bitPattern: try reader.integer(8))
      var embedding: [Float] = []
      embedding.reserveCapacity(dimension)
      for _ in 0..<dimension { embedding.append(try reader.float()) }
      append(
        Element(
          media: media, label: label, norm: norm, mayFound: mayFound,
          captureTime: seconds == .min ? nil : Timestamp(milliseconds: seconds * 1000),
          embedding: embedding))
    }
  }

  mutating func append(_ element: Element) { elements.append(element) }

  /// Writes a file.
  func write(to path: String) throws {
    var bytes: [UInt8] = []
    func append(_ value: some FixedWidthInteger) {
      for byte in 0..<value.bitWidth / 8 {
        bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
      }
    }
    append(Int32(elements.count))
    append(Int32(dimension))
    for element in elements {
      append(element.media)
      append(element.label)
      append(element.norm.bitPattern)
      append(Int32(element.mayFound ? 1 : 0))
      append(element.captureTime.map { $0.milliseconds / 1000 } ?? .min)
      for value in element.embedding { append(value.bitPattern) }
    }
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// As the clusterer takes them; a figure's number is its position and one.
  var figures: [ClusterableFigure] {
    elements.enumerated().map { index, face in
      ClusterableFigure(
        figure: FigureID(rawValue: Int64(index + 1)), media: MediaID(rawValue: face.media),
        embedding: face.embedding, mayFound: face.mayFound, captureTime: face.captureTime)
    }
  }
}

/// Little-endian numbers out of a run of bytes.
private struct ByteReader {
  struct EndOfFile: Error {}
  let bytes: [UInt8]
  var position = 0

  mutating func integer(_ width: Int) throws -> UInt64 {
    guard position + width <= bytes.count else { throw EndOfFile() }
    var value: UInt64 = 0
    for offset in 0..<width { value |= UInt64(bytes[position + offset]) << (8 * UInt64(offset)) }
    position += width
    return value
  }

  mutating func float() throws -> Float { Float(bitPattern: UInt32(try integer(4))) }
}
