import Foundation
import Imaging
import Testing

@Suite struct ReducedDecodeTests {
  private let decoder = ImageDecoder()

  static let files = [
    "waves-420.jpg", "waves-422.jpg", "waves-444.jpg", "waves-progressive.jpg", "waves.png",
    "waves-interlaced.png", "waves.webp",
  ]

  @Test(arguments: files, [1, 20, 26, 27, 50, 51, 52, 100, 101, 102, 150, 202, 203, 204, 5000])
  func theLongSideIsLongEnoughAndThePictureTheSame(_ file: String, _ minimum: Int) throws {
    let whole = try decoder.decode(Fixtures.bytes(file)).image
    let decoded = try decoder.decode(Fixtures.bytes(file), minimumLongSide: minimum)
    #expect(max(decoded.image.width, decoded.image.height) >= min(minimum, 203))
    #expect(decoded.info.width == 203 && decoded.info.height == 157)
    #expect(abs(Float(decoded.image.width) - decoded.scale * 203) < 1)
    #expect(abs(Float(decoded.image.height) - decoded.scale * 157) < 1.5)
    if minimum >= 203 { #expect(decoded.image == whole) }
    if decoded.image.width >= 50 {
      let resized = whole.resized(width: decoded.image.width, height: decoded.image.height)
      #expect(peakSignalToNoiseRatio(decoded.image, resized) > 28)
    }
  }

  @Test(arguments: [
    (203, 1.0), (101, 0.5), (102, 0.5), (103, 1), (51, 0.25), (25, 0.125), (1, 0.125),
  ])
  func aJPEGIsReducedByEighthsThatAreQuick(_ minimum: Int, _ scale: Float) throws {
    let decoded = try decoder.decode(Fixtures.bytes("waves-420.jpg"), minimumLongSide: minimum)
    #expect(decoded.scale == scale)
  }

  @Test(arguments: ["waves.png", "waves-interlaced.png"], [2, 3, 4, 7, 50])
  func aPNGIsReducedToMeansOfSquares(_ file: String, _ factor: Int) throws {
    let whole = try Fixtures.picture("waves.ppm")
    let minimum = (203 + factor - 1) / factor
    let decoded = try decoder.decode(Fixtures.bytes(file), minimumLongSide: minimum)
    #expect(decoded.scale == 1 / Float(factor))
    #expect(decoded.image.width == minimum)
    #expect(decoded.image.height == (157 + factor - 1) / factor)
    for y in 0..<decoded.image.height {
      for x in 0..<decoded.image.width {
        for channel in 0..<3 {
          var (sum, count) = (0, 0)
          for row in factor * y..<min(factor * (y + 1), 157) {
            for column in factor * x..<min(factor * (x + 1), 203) {
              sum += Int(whole.pixels[3 * (row * 203 + column) + channel])
              count += 1
            }
          }
          let mean = decoded.image.pixels[3 * (y * decoded.image.width + x) + channel]
          #expect(Int(mean) == (sum + count / 2) / count)
        }
      }
    }
  }

  @Test(arguments: ["rgba8.png", "rgba8-interlaced.png", "rgba-lossless.webp", "rgba.heic"])
  func transparentImagesAreReducedOnWhite(_ file: String) throws {
    let decoded = try decoder.decode(Fixtures.bytes(file), minimumLongSide: 14)
    let whole = try Fixtures.picture("rgb-alpha.ppm")
    let resized = whole.resized(width: decoded.image.width, height: decoded.image.height)
    #expect(decoded.scale < 0.6)
    #expect(meanDifference(decoded.image, resized) < 6)
  }
}

/// In decibels; infinite for equal images.
func peakSignalToNoiseRatio(_ left: Image, _ right: Image) -> Double {
  let squares = zip(left.pixels, right.pixels).reduce(0.0) { sum, pair in
    let difference = Double(pair.0) - Double(pair.1)
    return sum + difference * difference
  }
  return 10 * log10(255 * 255 * Double(left.pixels.count) / squares)
}
