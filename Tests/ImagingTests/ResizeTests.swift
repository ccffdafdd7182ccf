import Imaging
import Testing

@Suite struct ResizeTests {
  private static let source = noise(width: 61, height: 47)

  @Test(arguments: [
    (61, 47), (30, 23), (61, 20), (20, 47), (1, 1), (7, 3), (60, 46), (122, 94), (90, 60), (62, 48),
    (15, 100), (200, 10), (1, 100),
  ])
  func agreesWithTheDefinition(_ size: (Int, Int)) {
    let resized = Self.source.resized(width: size.0, height: size.1)
    let expected = definition(Self.source, width: size.0, height: size.1)
    #expect(largestDifference(resized, expected) <= 1)
  }

  @Test(arguments: [(1, 1), (1, 5), (2, 1)])
  func smallImagesAgreeWithTheDefinition(_ size: (Int, Int)) {
    let source = noise(width: size.0, height: size.1)
    for target in [(1, 1), (3, 4), (9, 2)] {
      let resized = source.resized(width: target.0, height: target.1)
      let expected = definition(source, width: target.0, height: target.1)
      #expect(largestDifference(resized, expected) <= 1)
    }
  }

  @Test(arguments: [0, 1, 127, 254, 255])
  func oneColourStaysThatColour(_ gray: UInt8) {
    let image = Image(width: 33, height: 21, gray: gray)
    for (width, height) in [(10, 10), (100, 7), (64, 64), (1, 1)] {
      let resized = image.resized(width: width, height: height)
      #expect(resized == Image(width: width, height: height, gray: gray))
    }
  }

  @Test func halvingTakesMeansOfFour() {
    let pixels: [UInt8] = [0, 0, 0, 10, 20, 30, 20, 40, 60, 30, 60, 90]
    let image = Image(width: 2, height: 2, pixels: pixels)
    #expect(image.resized(width: 1, height: 1).pixels == [15, 30, 45])
  }

  /// Every source pixel counts by its overlap, or the two nearest centres by their nearness.
  private func weights(_ index: Int, from source: Int, to target: Int) -> [(Int, Double)] {
    let scale = Double(source) / Double(target)
    if scale > 1 {
      let (left, right) = (Double(index) * scale, Double(index + 1) * scale)
      return (0..<source).compactMap { pixel in
        let overlap = min(right, Double(pixel + 1)) - max(left, Double(pixel))
        return overlap > 0 ? (pixel, overlap / scale) : nil
      }
    }
    let center = min(max((Double(index) + 0.5) * scale - 0.5, 0), Double(source - 1))
    let left = Int(center)
    let fraction = center - Double(left)
    return [(left, 1 - fraction), (min(left + 1, source - 1), fraction)]
  }

  private func definition(_ source: Image, width: Int, height: Int) -> Image {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 {
          var sum = 0.5
          for (row, rowWeight) in weights(y, from: source.height, to: height) {
            for (column, columnWeight) in weights(x, from: source.width, to: width) {
              let value = source.pixels[3 * (row * source.width + column) + channel]
              sum += rowWeight * columnWeight * Double(value)
            }
          }
          pixels.append(UInt8(sum))
        }
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }
}
