import Imaging
import Testing

@Suite struct RegionDecodeTests {
  private let decoder = ImageDecoder()

  static let files = [
    "waves-420.jpg", "waves-422.jpg", "waves-444.jpg", "waves-progressive.jpg", "waves-gray.jpg",
    "waves.png", "waves-interlaced.png", "waves.webp",
  ]

  /// Corners, edges, the whole, single pixels and places around the borders of blocks.
  static let regions: [PixelRegion] = {
    var generator = SeededGenerator(state: 3)
    let random = (0..<60).map { _ in
      let (x, y) = (
        Int.random(in: 0..<203, using: &generator), Int.random(in: 0..<157, using: &generator)
      )
      return PixelRegion(
        x: x, y: y, width: Int.random(in: 1...203 - x, using: &generator),
        height: Int.random(in: 1...157 - y, using: &generator))
    }
    return random + [
      PixelRegion(x: 0, y: 0, width: 203, height: 157),
      PixelRegion(x: 0, y: 0, width: 1, height: 1),
      PixelRegion(x: 202, y: 156, width: 1, height: 1),
      PixelRegion(x: 16, y: 16, width: 16, height: 16),
      PixelRegion(x: 15, y: 15, width: 2, height: 2),
      PixelRegion(x: 0, y: 80, width: 203, height: 3),
      PixelRegion(x: 100, y: 0, width: 3, height: 157),
    ]
  }()

  @Test(arguments: files)
  func aRegionHasThePixelsOfTheWhole(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let whole = try decoder.decode(bytes).image
    for region in Self.regions {
      let decoded = try decoder.decode(bytes, region: region, minimumScale: 1)
      #expect(decoded.scale == 1)
      #expect(decoded.region == region)
      #expect(decoded.image == whole.cropped(region), "\(region)")
    }
  }

  @Test(arguments: files, [2, 4, 8])
  func aReducedRegionHasThePixelsOfTheReducedWhole(_ file: String, _ divisor: Int) throws {
    let bytes = try Fixtures.bytes(file)
    // WebP reduces a region by taking means, but the whole by its codec's own filter.
    let all = PixelRegion(x: 0, y: 0, width: 203, height: 157)
    let whole =
      file.hasSuffix("webp")
      ? nil : try decoder.decode(bytes, region: all, minimumScale: 1 / Float(divisor)).image
    for region in Self.regions {
      let decoded = try decoder.decode(bytes, region: region, minimumScale: 1 / Float(divisor))
      #expect(decoded.scale == 1 / Float(divisor) || file.hasSuffix("webp"))
      #expect(decoded.region.contains(region))
      #expect(decoded.region.x % divisor == 0 && decoded.region.y % divisor == 0)
      let reduced = PixelRegion(
        x: decoded.region.x / divisor, y: decoded.region.y / divisor,
        width: decoded.image.width, height: decoded.image.height)
      if let whole { #expect(decoded.image == whole.cropped(reduced), "\(region)") }
    }
  }

  @Test(arguments: 1...8)
  func aRegionOfATurnedImageIsUpright(_ orientation: Int) throws {
    let bytes = try Fixtures.bytes("waves-orientation\(orientation).jpg")
    let whole = try decoder.decode(bytes).image
    for region in Self.regions {
      let decoded = try decoder.decode(bytes, region: region, minimumScale: 1)
      #expect(decoded.region == region)
      #expect(decoded.image == whole.cropped(region), "\(region)")
    }
    for region in Self.regions {
      let decoded = try decoder.decode(bytes, region: region, minimumScale: 0.5)
      #expect(decoded.region.contains(region))
      let shown = whole.cropped(decoded.region)
      let resized = shown.resized(width: decoded.image.width, height: decoded.image.height)
      #expect(meanDifference(decoded.image, resized) < 8, "\(region)")
    }
  }

  @Test(arguments: ["rgb.heic", "rgba8.png", "cmyk-adobe.jpg", "offset-animated.webp"])
  func otherKindsAreDecodedAndCut(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let region = PixelRegion(x: 9, y: 7, width: 15, height: 11)
    let decoded = try decoder.decode(bytes, region: region, minimumScale: 1)
    #expect(decoded.region == region)
    #expect(try decoded.image == decoder.decode(bytes).image.cropped(region))
  }

  @Test func aRegionIsClippedToTheImage() throws {
    let bytes = try Fixtures.bytes("waves-420.jpg")
    let region = PixelRegion(x: -50, y: 100, width: 1000, height: .max)
    let decoded = try decoder.decode(bytes, region: region, minimumScale: 1)
    #expect(decoded.region == PixelRegion(x: 0, y: 100, width: 203, height: 57))
  }

  @Test(arguments: [
    PixelRegion(x: 203, y: 0, width: 5, height: 5), PixelRegion(x: -5, y: 0, width: 5, height: 5),
    PixelRegion(x: 0, y: 157, width: 5, height: 5), PixelRegion(x: 0, y: 0, width: 0, height: 5),
    PixelRegion(x: 10, y: 10, width: -5, height: 5),
    PixelRegion(x: .max, y: .max, width: .max, height: .max),
    PixelRegion(x: .min, y: .min, width: .min, height: .min),
  ])
  func aRegionOutsideIsRefused(_ region: PixelRegion) throws {
    let bytes = try Fixtures.bytes("waves-420.jpg")
    #expect(throws: ImageError.regionOutsideImage(region, width: 203, height: 157)) {
      try decoder.decode(bytes, region: region, minimumScale: 1)
    }
  }
}

extension PixelRegion {
  fileprivate func contains(_ other: PixelRegion) -> Bool {
    x <= other.x && y <= other.y && x + width >= other.x + other.width
      && y + height >= other.y + other.height
  }
}
