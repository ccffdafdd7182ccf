import Imaging
import Testing

/// Files that were cut short or changed: they give an image or an error, soon, and never a crash.
@Suite struct DamageTests {
  private let decoder = ImageDecoder()

  @Test(arguments: Fixtures.oneOfEachKind)
  func everyPrefixGivesAnErrorOrTheWholeImage(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let whole = try decoder.decode(bytes).image
    for count in 0..<bytes.count {
      do throws(ImageError) {
        let decoded = try decoder.decode(Array(bytes.prefix(count)))
        #expect(decoded.image == whole, "the first \(count) of \(bytes.count) bytes")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test(arguments: [
    "waves-420.jpg", "waves-progressive.jpg", "waves.png", "waves-interlaced.png", "waves.webp",
  ])
  func halfAFileIsTruncated(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let half = Array(bytes.prefix(bytes.count / 2))
    let error = #expect(throws: ImageError.self) { try decoder.decode(half) }
    guard case .truncated(_, let decodedRows, let rows) = error else {
      Issue.record("\(String(describing: error)) is not .truncated")
      return
    }
    #expect(rows == 157)
    if file == "waves-420.jpg" || file == "waves.png" {
      #expect((30..<140).contains(decodedRows), "about half of the rows were there")
    }
    #expect(throws: ImageError.self) { try decoder.decode(half, minimumLongSide: 20) }
    let bottom = PixelRegion(x: 10, y: 140, width: 20, height: 10)
    #expect(throws: ImageError.self) { try decoder.decode(half, region: bottom, minimumScale: 1) }
  }

  @Test func anIntactPartOfATruncatedFileIsReadable() throws {
    let bytes = try Fixtures.bytes("waves-420.jpg")
    let region = PixelRegion(x: 5, y: 3, width: 40, height: 30)
    let whole = try decoder.decode(bytes, region: region, minimumScale: 1)
    let half = Array(bytes.prefix(bytes.count / 2))
    #expect(try decoder.decode(half, region: region, minimumScale: 1).image == whole.image)
  }

  @Test func aHeaderThatEndsIsTruncated() throws {
    for file in ["rgb.jpg", "rgb8.png"] {
      let bytes = try Fixtures.bytes(file)
      let format = try #require(ImageFormat(recognizing: bytes))
      #expect(throws: ImageError.truncated(format, decodedRows: 0, rows: 0)) {
        try decoder.info(Array(bytes.prefix(20)))
      }
    }
  }

  /// An end marker does not make up for missing data.
  @Test(arguments: ["waves-420.jpg", "waves-progressive.jpg"])
  func aRepairedEndDoesNotHideTruncation(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let half = bytes.prefix(bytes.count / 2) + [0xFF, 0xD9]
    #expect(throws: ImageError.self) { try decoder.decode(Array(half)) }
  }

  @Test(arguments: Fixtures.oneOfEachKind + ["waves-grid.heic"])
  func changedBytesGiveAnErrorOrAnImage(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let limits = DecodeLimits(pixelLimit: 1 << 20, workingByteLimit: 64 << 20)
    let decoder = ImageDecoder(limits: limits)
    var generator = SeededGenerator(state: 7)
    for round in 0..<1000 {
      var changed = bytes
      for _ in 0...round % 4 {
        let position = Int.random(in: bytes.indices, using: &generator)
        changed[position] = UInt8.random(in: 0...255, using: &generator)
      }
      do throws(ImageError) {
        let decoded = try decoder.decode(changed)
        #expect(decoded.image.pixels.count == 3 * decoded.image.width * decoded.image.height)
        #expect(decoded.image.width == decoded.info.width)
        #expect(decoded.image.height == decoded.info.height)
        _ = try decoder.decode(changed, minimumLongSide: 8)
        _ = try decoder.decode(
          changed, region: PixelRegion(x: 3, y: 5, width: 9, height: 7), minimumScale: 0.5)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
