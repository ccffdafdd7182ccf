import FaceAnalysis
import FaceTypes
import Testing

@Suite struct PixelGridTests {
  @Test func leavesFullSizePixelsAlone() {
    let point = Point(x: 12.25, y: 7)
    #expect(PixelGrid.full.fullSize(point) == point)
    #expect(PixelGrid.full.local(point) == point)
  }

  /// The first pixel of a halved image covers full-size pixels 0 and 1: its centre is at 0.5.
  @Test func keepsPixelCentresInPlace() {
    let half = PixelGrid(originX: 0, originY: 0, scaleX: 0.5, scaleY: 0.5)
    #expect(half.fullSize(Point(x: 0, y: 0)) == Point(x: 0.5, y: 0.5))
    #expect(half.fullSize(Point(x: 10, y: 3)) == Point(x: 20.5, y: 6.5))
  }

  @Test func goesThereAndBack() {
    let grid = PixelGrid(originX: 300, originY: 40, scaleX: 0.375, scaleY: 0.376)
    let point = grid.local(grid.fullSize(Point(x: 11, y: 13)))
    #expect(abs(point.x - 11) < 1e-3 && abs(point.y - 13) < 1e-3)
  }

  @Test func enlargesBoxesWithTheirLandmarks() {
    let grid = PixelGrid(originX: 100, originY: 0, scaleX: 0.5, scaleY: 0.25)
    let point = Point(x: 1, y: 1)
    let detection = grid.fullSize(
      Detection(
        boundingBox: BoundingBox(x: -0.5, y: -0.5, width: 10, height: 10),
        landmarks: Landmarks(
          rightEye: point, leftEye: point, noseTip: point, rightMouthCorner: point,
          leftMouthCorner: point),
        score: 0.8))
    #expect(detection.boundingBox == BoundingBox(x: 99.5, y: -0.5, width: 20, height: 40))
    #expect(detection.landmarks.noseTip == Point(x: 102.5, y: 5.5))
  }
}
