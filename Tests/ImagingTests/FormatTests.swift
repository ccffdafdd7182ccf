import Imaging
import Testing

@Suite struct FormatTests {
  private let decoder = ImageDecoder()

  @Test(arguments: Fixtures.manifest)
  func decodesToThePictureThatWasStored(_ entry: Fixtures.Entry) throws {
    let decoded = try decoder.decode(Fixtures.bytes(entry.file))
    let expected = try Fixtures.picture(entry.expected)
    if entry.tolerance == 0 {
      #expect(decoded.image == expected)
    } else {
      #expect(meanDifference(decoded.image, expected) <= entry.tolerance)
    }
    #expect(decoded.scale == 1)
    #expect(decoded.info.width == expected.width && decoded.info.height == expected.height)
    #expect(try decoder.info(Fixtures.bytes(entry.file)) == decoded.info)
  }

  @Test func filesAreDecodedOnManyThreadsAtOnce() async throws {
    try await withThrowingTaskGroup { group in
      for entry in Fixtures.manifest where entry.file.contains("waves-grid") {
        let bytes = try Fixtures.bytes(entry.file)
        let expected = try decoder.decode(bytes).image
        for _ in 0..<50 {
          group.addTask {
            let image = try ImageDecoder().decode(bytes).image
            #expect(image == expected)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: [
    ("rgb.jpg", ImageFormat.jpeg), ("rgb8.png", .png), ("rgb-lossy.webp", .webp),
    ("rgb.heic", .heic),
  ])
  func formatsAreToldApartByContent(_ file: String, _ format: ImageFormat) throws {
    let bytes = try Fixtures.bytes(file)
    #expect(ImageFormat(recognizing: bytes) == format)
    #expect(ImageFormat(recognizing: Array(bytes.prefix(ImageFormat.signatureLength))) == format)
    #expect(try decoder.info(bytes).format == format)
  }

  @Test(arguments: [
    "GIF89a\u{1}\u{0}\u{1}\u{0}", "II*\u{0}", "BM", "hello, world", "%PDF-1.7", "RIFF....WAVE",
    "....ftypavif", "....ftypisom", "\u{0}", "RIFF", "....ftyp",
  ])
  func otherContentIsRefused(_ text: String) {
    #expect(throws: ImageError.unknownFormat) { try decoder.decode(Array(text.utf8)) }
    #expect(throws: ImageError.unknownFormat) { try decoder.info(Array(text.utf8)) }
  }

  @Test func nothingIsRefused() {
    #expect(throws: ImageError.empty) { try decoder.decode([]) }
  }
}
