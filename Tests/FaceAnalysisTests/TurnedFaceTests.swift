import FaceAnalysis
import FaceTypes
import Imaging
import Testing

/// Photographs that nobody turned upright, and heads held askew.
@Suite struct TurnedFaceTests {
  let analyzer: FaceAnalyzer

  init() throws {
    analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
  }

  /// The network alone sees a third of a small tilt, and nonsense in a face on its side.
  @Test(
    arguments: [15, 30, 45, 60, 90, 120, 180, 270], ["p01_01.jpg", "p03_01.jpg", "p07_01.jpg"])
  func recognisesAFaceTurnedByAnyAngle(degrees: Int, name: String) throws {
    let portrait = try Portrait(name)
    let face = portrait.face.boundingBox
    let turn = SimilarityTransform(
      turning: face.center, by: Float(degrees) * .pi / 180,
      scale: 150 / max(face.width, face.height), to: Point(x: 200, y: 200))
    let turned = portrait.image.warped(
      by: AffineTransform(
        a: turn.a, b: -turn.b, tx: turn.tx, c: turn.b, d: turn.a, ty: turn.ty),
      width: 400, height: 400)
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(
      JPEGEncoder.encode(turned, quality: 95), workspace: &workspace)
    let found = try #require(analysis.faces.first?.face)
    #expect(analysis.faces.count == 1)
    #expect(try #require(found.embedding.cosineSimilarity(portrait.face.embedding)) > 0.7)
    let eyes = turn.apply(portrait.face.landmarks.rightEye)
    let error = found.landmarks.rightEye
    #expect(abs(error.x - eyes.x) < 12 && abs(error.y - eyes.y) < 12)
  }
}
