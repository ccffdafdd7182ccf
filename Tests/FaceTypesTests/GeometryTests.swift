import FaceTypes
import Testing

@Suite struct GeometryTests {
  @Test func measuresTheOverlapOfBoxes() {
    let box = BoundingBox(x: 0, y: 0, width: 10, height: 10)
    #expect(box.intersectionOverUnion(box) == 1)
    #expect(box.intersectionOverUnion(BoundingBox(x: 10, y: 0, width: 10, height: 10)) == 0)
    let half = BoundingBox(x: 5, y: 0, width: 10, height: 10)
    #expect(abs(box.intersectionOverUnion(half) - 1 / 3) < 1e-6)
    let empty = BoundingBox(x: 0, y: 0, width: 0, height: 0)
    #expect(empty.intersectionOverUnion(empty) == 0)
  }

  @Test func scalesBoxesAndLandmarksAlike() throws {
    let points = (0..<5).map { Point(x: Float($0), y: Float(2 * $0)) }
    let landmarks = try #require(Landmarks(points: points))
    #expect(landmarks.points == points)
    #expect(landmarks.scaled(by: 2).leftMouthCorner == Point(x: 8, y: 16))
    #expect(Landmarks(points: Array(points.dropLast())) == nil)
    let box = BoundingBox(x: 1, y: 2, width: 3, height: 4).scaled(by: 2)
    #expect(box == BoundingBox(x: 2, y: 4, width: 6, height: 8))
    #expect(box.center == Point(x: 5, y: 8))
  }

  @Test func knowsTheGlobesBounds() {
    #expect(GeographicPosition(latitude: 90, longitude: -180) != nil)
    #expect(GeographicPosition(latitude: 91, longitude: 0) == nil)
    #expect(GeographicPosition(latitude: .nan, longitude: 0) == nil)
  }
}
