import FaceTypes
import Imaging
import Testing

@Suite struct ExifTests {
  private let decoder = ImageDecoder()

  @Test(arguments: [
    "facts.jpg", "facts.png", "facts-after-pixels.png", "facts.webp", "facts.heic",
  ])
  func factsAreRead(_ file: String) throws {
    let info = try decoder.info(Fixtures.bytes(file))
    // 2019-07-21 23:59:58.25 on a clock 5 hours and a half ahead of UTC.
    #expect(
      info.captureTime
        == CaptureTime(
          localTime: Timestamp(milliseconds: 1_563_753_598_250), offsetSeconds: 19_800))
    #expect(
      info.position
        == GeographicPosition(
          latitude: -(33.0 + 51.0 / 60 + 24.5 / 3600), longitude: 151.0 + 12.0 / 60 + 30.0 / 3600))
    #expect(info.cameraMake == "Cameras & Co")
    #expect(info.cameraModel == "Model7")
  }

  @Test func filesWithoutExifHaveNoFacts() throws {
    let info = try decoder.info(Fixtures.bytes("rgb.jpg"))
    #expect(info == ImageInfo(format: .jpeg, storedWidth: 29, storedHeight: 23))
  }

  @Test(arguments: [
    ("1970:01:01 00:00:00", 0), ("2000:02:29 12:00:00", 951_825_600),
    ("1969:12:31 23:59:59", -1), ("2024-02-29 00:00:01", 1_709_164_801),
    ("1900:03:01 00:00:00", -2_203_891_200), ("2016:12:31 23:59:60", 1_483_228_800),
  ])
  func timesAreRead(_ text: String, _ seconds: Int64) throws {
    let info = try decoder.info(TinyExif.jpeg(dateTime: text))
    let expected = CaptureTime(
      localTime: Timestamp(milliseconds: seconds * 1000), offsetSeconds: nil)
    #expect(info.captureTime == expected)
  }

  @Test(arguments: [
    "0000:00:00 00:00:00", "    :  :     :  :  ", "2019:02:29 00:00:00", "2019:13:01 00:00:00",
    "2019:01:01 24:00:00", "2019:01:01T00:00", "", "yesterday at noon..", "2019:01:01 00.00.00",
  ])
  func timesThatDoNotExistAreLeftOut(_ text: String) throws {
    #expect(try decoder.info(TinyExif.jpeg(dateTime: text)).captureTime == nil)
  }

  @Test(arguments: [0, 9, 255, 65_535])
  func orientationsThatDoNotExistAreIgnored(_ value: UInt16) throws {
    let bytes = TinyExif.jpeg(entries: [TinyExif.entry(0x0112, short: value)])
    #expect(try decoder.info(bytes).orientation == .upright)
  }

  @Test func directoriesThatPointAtThemselvesEnd() throws {
    let pointers = [0x8769, 0x8825, 0xA005].map { TinyExif.entry($0, long: 8) }
    let bytes = TinyExif.jpeg(entries: pointers)
    #expect(try decoder.decode(bytes).info.captureTime == nil)
  }

  @Test(arguments: 0..<200)
  func brokenBlocksDoNotBreakTheImage(_ seed: UInt64) throws {
    let whole = try Fixtures.bytes("facts.jpg")
    let expected = try decoder.decode(whole)
    var generator = SeededGenerator(state: seed)
    // The block's content, after the marker, its length and "Exif".
    let start = try #require(whole.indices.first { whole[$0...].starts(with: Array("Exif".utf8)) })
    let length = Int(whole[start - 2]) << 8 | Int(whole[start - 1])
    var bytes = whole
    for _ in 0..<Int.random(in: 1...12, using: &generator) {
      let position = Int.random(in: start + 6..<start + length - 2, using: &generator)
      bytes[position] = UInt8.random(in: 0...255, using: &generator)
    }
    let decoded = try decoder.decode(bytes)
    let area = expected.image.width * expected.image.height
    #expect(decoded.image.width * decoded.image.height == area)
  }
}

/// Writes EXIF blocks with one directory, to say what no library would write.
enum TinyExif {
  /// A JPEG of one grey pixel whose block has only the time of change.
  static func jpeg(dateTime text: String) -> [UInt8] {
    let characters = Array(text.utf8) + [0]
    // The text follows the header (8 bytes) and the directory of one entry (2 + 12 + 4 bytes).
    let entry = bytes(0x0132, 2) + bytes(2, 2) + bytes(characters.count, 4)
    if characters.count <= 4 {
      return jpeg(entries: [entry + characters + [UInt8](repeating: 0, count: 4 - characters.count)]
      )
    }
    return jpeg(entries: [entry + bytes(26, 4)], data: characters)
  }

  static func jpeg(entries: [[UInt8]], data: [UInt8] = []) -> [UInt8] {
    let directory = bytes(entries.count, 2) + entries.flatMap(\.self) + bytes(0, 4)
    let block = Array("Exif\0\0II*\0".utf8) + bytes(8, 4) + directory + data
    let length = block.count + 2
    let plain = JPEGEncoder.encode(Image(width: 1, height: 1, gray: 128), quality: 90)
    return plain[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + block + plain[2...]
  }

  static func entry(_ tag: Int, short value: UInt16) -> [UInt8] {
    bytes(tag, 2) + bytes(3, 2) + bytes(1, 4) + bytes(Int(value), 4)
  }

  static func entry(_ tag: Int, long value: Int) -> [UInt8] {
    bytes(tag, 2) + bytes(4, 2) + bytes(1, 4) + bytes(value, 4)
  }

  private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
