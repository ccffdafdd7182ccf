import FaceAnalysis
import FaceTypes
import Testing

@Suite struct SimilarityTransformTests {
  private let points = [
    Point(x: 30, y: 40), Point(x: 70, y: 42), Point(x: 51, y: 60), Point(x: 36, y: 80),
    Point(x: 66, y: 81),
  ]

  @Test(arguments: [
    (angle: Float(0), scale: Float(1)), (0.5, 2), (-1.2, 0.01), (3, 30), (-3.1, 0.5),
  ])
  func recoversARotationAScaleAndAShift(angle: Float, scale: Float) throws {
    let known = SimilarityTransform(
      turning: Point(x: 50, y: 60), by: angle, scale: scale, to: Point(x: 12, y: -7))
    let found = try #require(SimilarityTransform(from: points, to: points.map(known.apply)))
    #expect(abs(found.scale - scale) < 1e-4 * scale)
    #expect(abs(found.angle - angle) < 1e-4)
    for point in points {
      let (here, there) = (found.apply(point), known.apply(point))
      #expect(
        abs(here.x - there.x) < 1e-3 * max(1, scale) && abs(here.y - there.y) < 1e-3 * max(1, scale)
      )
    }
  }

  @Test func isExactFarFromTheOrigin() throws {
    let far = points.map { Point(x: $0.x + 20_000, y: $0.y + 12_000) }
    let found = try #require(SimilarityTransform(from: far, to: points))
    #expect(abs(found.scale - 1) < 1e-5)
    #expect(abs(found.angle) < 1e-5)
  }

  /// A mirrored face is not turned inside out: the best rotation is taken.
  @Test func doesNotMirror() throws {
    let mirrored = points.map { Point(x: -$0.x, y: $0.y) }
    let found = try #require(SimilarityTransform(from: mirrored, to: points))
    #expect(found.a * found.a + found.b * found.b > 0)
    #expect(found.scale < 1)
  }

  @Test func undoesItself() {
    let transform = SimilarityTransform(
      turning: Point(x: 3, y: 4), by: 0.7, scale: 3, to: Point(x: 100, y: 50))
    let point = transform.inverse.apply(transform.apply(Point(x: 17, y: -5)))
    #expect(abs(point.x - 17) < 1e-4 && abs(point.y + 5) < 1e-4)
  }

  @Test func refusesPointsThatCoincideOrAreNotNumbers() {
    let same = [Point](repeating: Point(x: 5, y: 5), count: 5)
    #expect(SimilarityTransform(from: same, to: points) == nil)
    #expect(SimilarityTransform(from: points, to: same) == nil)
    #expect(SimilarityTransform(from: [], to: []) == nil)
    #expect(SimilarityTransform(from: points, to: Array(points.dropLast())) == nil)
    let broken = points.map { _ in Point(x: .nan, y: 0) }
    #expect(SimilarityTransform(from: broken, to: points) == nil)
  }

  @Test func putsTheTemplateOnItself() throws {
    let found = try #require(FaceAligner.transform(AlignmentTemplate.landmarks))
    #expect(abs(found.a - 1) < 1e-6 && abs(found.b) < 1e-6)
    #expect(abs(found.tx) < 1e-4 && abs(found.ty) < 1e-4)
  }
}
