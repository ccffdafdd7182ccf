/// An 8-bit RGB image in memory.
public struct Image: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `height × width × 3`: rows from top to bottom, red, green, blue in each pixel, no padding.
  public let pixels: [UInt8]

  /// Wraps pixels.
  ///
  /// - Precondition: `pixels` holds `height × width × 3` bytes.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width >= 0 && height >= 0 && pixels.count == 3 * width * height)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// An image of one colour.
  public init(width: Int, height: Int, gray: UInt8) {
    self.init(
      width: width, height: height, pixels: [UInt8](repeating: gray, count: 3 * width * height))
  }

  /// The part of the image inside `region`.
  ///
  /// - Precondition: `region` lies inside the image.
  public func cropped(_ region: PixelRegion) -> Image {
    precondition(
      region.clipped(toWidth: width, height: height) == region, "\(region) is not in the image")
    if region.width == width && region.height == height { return self }
    var result: [UInt8] = []
    result.reserveCapacity(3 * region.width * region.height)
    for y in region.y..<region.bottom {
      let start = 3 * (y * width + region.x)
      result.append(contentsOf: pixels[start..<start + 3 * region.width])
    }
    return Image(width: region.width, height: region.height, pixels: result)
  }
}
