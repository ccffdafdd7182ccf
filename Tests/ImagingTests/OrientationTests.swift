import Imaging
import Testing

@Suite struct OrientationTests {
  private let decoder = ImageDecoder()

  /// That the pixels are upright is tested with every other fixture, in `FormatTests`.
  @Test(arguments: ["jpg", "png", "webp"], 1...8)
  func orientationIsReportedWithTheStoredSize(_ kind: String, _ number: UInt8) throws {
    let info = try decoder.info(Fixtures.bytes("orientation\(number).\(kind)"))
    #expect(info.orientation.rawValue == number)
    #expect(info.width == 29 && info.height == 23)
    #expect(info.storedWidth == (number >= 5 ? 23 : 29))
    #expect(info.storedHeight == (number >= 5 ? 29 : 23))
  }

  /// The codec turns the pixels by the file's own properties; EXIF repeats what they say.
  @Test(arguments: 1...8)
  func heicIsNotTurnedTwice(_ number: Int) throws {
    let info = try decoder.info(Fixtures.bytes("orientation\(number).heic"))
    #expect(info.orientation == .upright)
    #expect(info.width == 29 && info.height == 23)
  }

  @Test(arguments: 1...8)
  func reducedImagesAreUpright(_ number: Int) throws {
    let waves = try Fixtures.picture("waves.ppm")
    let decoded = try decoder.decode(
      Fixtures.bytes("waves-orientation\(number).jpg"), minimumLongSide: 101)
    #expect(decoded.scale == 0.5)
    #expect(decoded.image.width == 102 && decoded.image.height == 79)
    // A flipped side of odd length is cut into pairs of pixels from its other end.
    let reduced = waves.resized(width: 102, height: 79)
    #expect(meanDifference(decoded.image, reduced) < 5)
  }
}
