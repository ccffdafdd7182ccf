import FaceAnalysis
import FaceTypes
import Imaging
import Testing

/// Faces that may join a cluster but not found one.
@Suite struct DegradedFaceTests {
  let analyzer: FaceAnalyzer
  let portrait: Portrait

  init() throws {
    analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    portrait = try Portrait("p07_01.jpg")
  }

  private func face(of image: Image) throws -> Face {
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(
      JPEGEncoder.encode(image, quality: 92), workspace: &workspace)
    return try #require(analysis.faces.first).face
  }

  /// The portrait with its face `size` pixels high.
  private func shrunk(_ size: Int) -> Image {
    let factor =
      Float(size) / max(portrait.face.boundingBox.width, portrait.face.boundingBox.height)
    return portrait.image.resized(
      width: Int(Float(portrait.image.width) * factor),
      height: Int(Float(portrait.image.height) * factor))
  }

  /// The picture with a margin, so that a small one is no close-up.
  private func onWall(_ picture: Image) -> Image {
    picture.warped(
      by: AffineTransform(a: 1, b: 0, tx: 100, c: 0, d: 1, ty: 100), width: 256, height: 256)
  }

  @Test func letsAGoodFaceFound() throws {
    #expect(portrait.face.quality.mayFound)
    #expect(portrait.face.quality.value > 0.6)
    #expect(try face(of: shrunk(100)).quality.mayFound)
  }

  @Test func noticesATinyFace() throws {
    #expect(try face(of: onWall(shrunk(29))).quality.obstacles.contains(.tooSmall))
  }

  @Test func noticesABlurredFace() throws {
    let sharp = shrunk(120)
    let blurred = sharp.blurred(radius: 4)
    let quality = try face(of: blurred).quality
    #expect(!quality.obstacles.isDisjoint(with: [.blurred, .weakEmbedding]))
    #expect(quality.value < portrait.face.quality.value)
  }

  @Test func noticesAFaceCutByTheEdge() throws {
    let box = portrait.face.boundingBox
    let left = Int(box.x + 0.5 * box.width)
    let cut = portrait.image.cropped(
      PixelRegion(x: left, y: 0, width: portrait.image.width - left, height: portrait.image.height))
    #expect(try face(of: cut).quality.obstacles.contains(.truncated))
  }

  @Test func judgesCoveredFacesLower() throws {
    let box = portrait.face.boundingBox
    var pixels = portrait.image.pixels
    let top = Int(portrait.face.landmarks.noseTip.y)
    for y in top..<min(portrait.image.height, Int(box.y + box.height) + 20) {
      for x in 0..<portrait.image.width {
        for channel in 0..<3 { pixels[3 * (y * portrait.image.width + x) + channel] = 200 }
      }
    }
    let covered = Image(
      width: portrait.image.width, height: portrait.image.height, pixels: pixels)
    #expect(try face(of: covered).quality.value < portrait.face.quality.value)
  }
}

extension Image {
  /// The mean over squares of `2 · radius + 1` pixels, twice.
  fileprivate func blurred(radius: Int) -> Image {
    var result = pixels
    for step in [3, 3 * width, 3, 3 * width] {
      let source = result
      for index in source.indices {
        var (sum, count) = (0, 0)
        for offset in -radius...radius where source.indices.contains(index + offset * step) {
          sum += Int(source[index + offset * step])
          count += 1
        }
        result[index] = UInt8(sum / count)
      }
    }
    return Image(width: width, height: height, pixels: result)
  }
}
