internal import FaceTypes

extension Image {
  /// The image seen through an affine transform, sampled bilinearly; black outside.
  ///
  /// - Parameters:
  ///   - transform: Maps coordinates of this image to coordinates of the result.
  ///   - width: Pixels in a row of the result.
  ///   - height: Rows of the result.
  /// - Returns: An image; all black if `transform` has no inverse.
  public func warped(by transform: AffineTransform, width: Int, height: Int) -> Image {
    guard let inverse = transform.inverse else {
      return Image(width: width, height: height, gray: 0)
    }
    var result = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let source = inverse.apply(Point(x: Float(x), y: Float(y)))
        for channel in 0..<3 {
          result[3 * (y * width + x) + channel] = bilinearSample(source, channel: channel)
        }
      }
    }
    return Image(width: width, height: height, pixels: result)
  }

  private func bilinearSample(_ point: Point, channel: Int) -> UInt8 {
    guard point.x > -1, point.y > -1, point.x < Float(width), point.y < Float(height) else {
      return 0
    }
    let (left, top) = (Int(point.x.rounded(.down)), Int(point.y.rounded(.down)))
    let (fx, fy) = (point.x - Float(left), point.y - Float(top))
    func value(_ x: Int, _ y: Int) -> Float {
      guard x >= 0, y >= 0, x < width, y < height else { return 0 }
      return Float(pixels[3 * (y * width + x) + channel])
    }
    let upper = value(left, top) * (1 - fx) + value(left + 1, top) * fx
    let lower = value(left, top + 1) * (1 - fx) + value(left + 1, top + 1) * fx
    return UInt8(upper * (1 - fy) + lower * fy + 0.5)
  }
}
