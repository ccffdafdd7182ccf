import Imaging
import Testing

@Suite struct ImageTests {
  private static let source = noise(width: 9, height: 7)

  @Test func aCropHasThePixelsOfItsRegion() {
    let region = PixelRegion(x: 2, y: 3, width: 5, height: 4)
    let crop = Self.source.cropped(region)
    #expect(crop.width == 5 && crop.height == 4)
    for y in 0..<4 {
      for x in 0..<15 {
        #expect(crop.pixels[y * 15 + x] == Self.source.pixels[(y + 3) * 27 + 6 + x])
      }
    }
  }

  @Test func theWholeIsACropToo() {
    let whole = PixelRegion(x: 0, y: 0, width: 9, height: 7)
    #expect(Self.source.cropped(whole) == Self.source)
  }

  @Test func aCropOutsideIsAMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 3, height: 3, gray: 0).cropped(
        PixelRegion(x: 1, y: 1, width: 3, height: 1))
    }
  }

  @Test func pixelsMustFillTheImage() async {
    await #expect(processExitsWith: .failure) {
      _ = Image(width: 2, height: 2, pixels: [1, 2, 3])
    }
  }
}

@Suite struct JPEGEncoderTests {
  @Test(arguments: [(1, 1), (101, 78), (203, 157)])
  func whatIsEncodedDecodesToNearlyTheSame(_ size: (Int, Int)) throws {
    let waves = try Fixtures.picture("waves.ppm").resized(width: size.0, height: size.1)
    let decoded = try ImageDecoder().decode(JPEGEncoder.encode(waves, quality: 95))
    #expect(decoded.info == ImageInfo(format: .jpeg, storedWidth: size.0, storedHeight: size.1))
    #expect(meanDifference(decoded.image, waves) < 3)
  }

  @Test func lowerQualityIsSmaller() throws {
    let waves = try Fixtures.picture("waves.ppm")
    let sizes = [10, 50, 90].map { JPEGEncoder.encode(waves, quality: $0).count }
    #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2])
  }
}
