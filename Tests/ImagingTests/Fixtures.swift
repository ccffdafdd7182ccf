import Foundation
import Imaging
import Testing

/// The pictures that `Fixtures/generate.py` wrote.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// Reads a binary PPM file, the format of the expected pictures.
  static func picture(_ name: String) throws -> Image {
    let bytes = try bytes(name)
    let header = String(decoding: bytes.prefix(32), as: UTF8.self).split(
      maxSplits: 4, whereSeparator: \.isWhitespace)
    guard header.count == 5, let width = Int(header[1]), let height = Int(header[2]) else {
      throw ImageError.unknownFormat
    }
    return Image(width: width, height: height, pixels: Array(bytes.suffix(3 * width * height)))
  }

  /// A line of `manifest.json`: a file and what it must decode to.
  struct Entry: Decodable, CustomTestStringConvertible {
    let file: String
    let expected: String
    let tolerance: Double

    var testDescription: String { "\(file) is \(expected)" }
  }

  static let manifest: [Entry] = {
    do {
      let data = try Data(contentsOf: folder.appending(path: "manifest.json"))
      return try JSONDecoder().decode([Entry].self, from: data)
    } catch {
      fatalError("the manifest of the fixtures cannot be read: \(error)")
    }
  }()

  /// One small file of each format and kind of coding.
  static let oneOfEachKind = [
    "rgb.jpg", "rgb-progressive.jpg", "rgb-420.jpg", "cmyk-adobe.jpg", "facts.jpg",
    "rgb-arithmetic.jpg", "rgb-scans.jpg", "rgb8.png", "rgba16-interlaced.png", "palette4.png",
    "rgb-lossy.webp", "rgba-lossy.webp", "rgb-lossless.webp", "offset-animated.webp", "facts.webp",
    "rgb.heic", "rgba.heic", "facts.heic",
  ]
}

/// The mean absolute difference of two images' values; infinite if their sizes differ.
func meanDifference(_ left: Image, _ right: Image) -> Double {
  guard left.width == right.width, left.height == right.height else { return .infinity }
  let sum = zip(left.pixels, right.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
  return Double(sum) / Double(left.pixels.count)
}

/// The largest difference of two images' values; `Int.max` if their sizes differ.
func largestDifference(_ left: Image, _ right: Image) -> Int {
  guard left.width == right.width, left.height == right.height else { return .max }
  return zip(left.pixels, right.pixels).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
}

/// The CRC-32 of PNG and zlib (PNG 1.2, section 15).
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var register = UInt32.max
  for byte in bytes {
    register = checksumTable[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ register >> 8
  }
  return ~register
}

private let checksumTable: [UInt32] = (0..<256).map { index in
  var value = UInt32(index)
  for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  return value
}

/// Numbers that are the same in every run (SplitMix64; Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// An image of noise, the hardest case for interpolation.
func noise(width: Int, height: Int, seed: UInt64 = 1) -> Image {
  var generator = SeededGenerator(state: seed)
  let pixels = (0..<3 * width * height).map { _ in UInt8.random(in: 0...255, using: &generator) }
  return Image(width: width, height: height, pixels: pixels)
}
