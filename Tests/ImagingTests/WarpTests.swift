import FaceTypes
import Imaging
import Testing

@Suite struct WarpTests {
  private static let source = noise(width: 61, height: 47)

  static let transforms: [AffineTransform] = [
    .identity,
    AffineTransform(a: 1, b: 0, tx: 5, c: 0, d: 1, ty: -3),
    AffineTransform(a: 1, b: 0, tx: 0.5, c: 0, d: 1, ty: 0.25),
    AffineTransform(a: 0.7, b: 0.4, tx: -10, c: -0.4, d: 0.7, ty: 12),
    AffineTransform(a: -3, b: 0, tx: 60, c: 0, d: 2.5, ty: -20),
    AffineTransform(a: 0, b: 1, tx: 0, c: 1, d: 0, ty: 0),
    AffineTransform(a: 0.03, b: 0, tx: 20, c: 0, d: 0.05, ty: 20),
    AffineTransform(a: 40, b: 7, tx: -900, c: -3, d: 50, ty: -900),
    AffineTransform(a: 1, b: 0, tx: 1e6, c: 0, d: 1, ty: 0),
    AffineTransform(a: 1e-20, b: 0, tx: 0, c: 0, d: 1e20, ty: 0),
    AffineTransform(a: 1e10, b: 1e10, tx: 0, c: -1e10, d: 1e10, ty: 1e10),
  ]

  @Test(arguments: transforms, [(112, 112), (61, 47), (1, 1), (7, 90)])
  func agreesWithTheDefinition(_ transform: AffineTransform, _ size: (Int, Int)) {
    let warped = Self.source.warped(by: transform, width: size.0, height: size.1)
    let expected = bilinear(Self.source, transform, width: size.0, height: size.1)
    // Positions are rounded to 1/1024 of a pixel.
    #expect(largestDifference(warped, expected) <= 1)
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (2, 2), (2, 5), (3, 3)])
  func smallImagesAgreeWithTheDefinition(_ size: (Int, Int)) {
    let source = noise(width: size.0, height: size.1)
    let transform = AffineTransform(a: 3, b: 0.5, tx: 1.5, c: -0.5, d: 3, ty: 2)
    let warped = source.warped(by: transform, width: 31, height: 33)
    #expect(largestDifference(warped, bilinear(source, transform, width: 31, height: 33)) <= 1)
  }

  @Test func theIdentityChangesNothing() {
    #expect(Self.source.warped(by: .identity, width: 61, height: 47) == Self.source)
  }

  @Test(arguments: [
    AffineTransform(a: 0, b: 0, tx: 0, c: 0, d: 0, ty: 0),
    AffineTransform(a: 1, b: 2, tx: 0, c: 2, d: 4, ty: 0),
    AffineTransform(a: .nan, b: 0, tx: 0, c: 0, d: 1, ty: 0),
    AffineTransform(a: .infinity, b: 0, tx: 0, c: 0, d: 1, ty: 0),
    AffineTransform(a: 1, b: 0, tx: .nan, c: 0, d: 1, ty: 0),
  ])
  func aTransformWithoutInverseGivesBlack(_ transform: AffineTransform) {
    #expect(transform.inverse == nil)
    let black = Image(width: 5, height: 4, gray: 0)
    #expect(Self.source.warped(by: transform, width: 5, height: 4) == black)
  }

  @Test func theInverseUndoesTheTransform() throws {
    let transform = AffineTransform(a: 0.7, b: 0.4, tx: -10, c: -0.4, d: 0.7, ty: 12)
    let inverse = try #require(transform.inverse)
    let point = inverse.apply(transform.apply(Point(x: 31, y: 17)))
    #expect(abs(point.x - 31) < 1e-4 && abs(point.y - 17) < 1e-4)
  }

  /// The plain definition: four pixels around the point, weighted; black outside.
  private func bilinear(
    _ source: Image, _ transform: AffineTransform, width: Int, height: Int
  ) -> Image {
    let (a, b, tx) = (Double(transform.a), Double(transform.b), Double(transform.tx))
    let (c, d, ty) = (Double(transform.c), Double(transform.d), Double(transform.ty))
    let determinant = a * d - b * c
    func value(_ x: Int, _ y: Int, _ channel: Int) -> Double {
      guard (0..<source.width).contains(x), (0..<source.height).contains(y) else { return 0 }
      return Double(source.pixels[3 * (y * source.width + x) + channel])
    }
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Double(x) - tx, Double(y) - ty)
        let sourceX = (d * u - b * v) / determinant
        let sourceY = (a * v - c * u) / determinant
        for channel in 0..<3 {
          guard abs(sourceX) < 1e6, abs(sourceY) < 1e6 else {
            pixels.append(0)
            continue
          }
          let (left, top) = (Int(sourceX.rounded(.down)), Int(sourceY.rounded(.down)))
          let (fx, fy) = (sourceX - Double(left), sourceY - Double(top))
          let upper = value(left, top, channel) * (1 - fx) + value(left + 1, top, channel) * fx
          let lower =
            value(left, top + 1, channel) * (1 - fx) + value(left + 1, top + 1, channel) * fx
          pixels.append(UInt8(upper * (1 - fy) + lower * fy + 0.5))
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
