package import FaceTypes

/// Where the pixels of a reduced image or of a part of it lie in the upright full-size image.
///
/// Whole numbers are pixel centres, so a grid half as fine has its first centre at 0.5, not at 0.
package struct PixelGrid: Hashable, Sendable {
  /// The full-size pixel whose top left corner is the top left corner of the grid.
  package let originX: Float
  package let originY: Float
  /// Grid pixels per full-size pixel along each axis.
  package let scaleX: Float
  package let scaleY: Float

  package init(originX: Float, originY: Float, scaleX: Float, scaleY: Float) {
    self.originX = originX
    self.originY = originY
    self.scaleX = scaleX
    self.scaleY = scaleY
  }

  /// The grid of the full-size image itself.
  package static let full = PixelGrid(originX: 0, originY: 0, scaleX: 1, scaleY: 1)

  /// The place in the full-size image of a point of this grid.
  package func fullSize(_ point: Point) -> Point {
    Point(
      x: (point.x + 0.5) / scaleX - 0.5 + originX, y: (point.y + 0.5) / scaleY - 0.5 + originY)
  }

  /// The place in this grid of a point of the full-size image.
  package func local(_ point: Point) -> Point {
    Point(
      x: (point.x - originX + 0.5) * scaleX - 0.5, y: (point.y - originY + 0.5) * scaleY - 0.5)
  }

  /// The same detection in pixels of the full-size image.
  package func fullSize(_ detection: Detection) -> Detection {
    let box = detection.boundingBox
    let corner = fullSize(Point(x: box.x, y: box.y))
    return Detection(
      boundingBox: BoundingBox(
        x: corner.x, y: corner.y, width: box.width / scaleX, height: box.height / scaleY),
      landmarks: detection.landmarks.mapped(fullSize), score: detection.score)
  }
}

extension Landmarks {
  /// The five points, each taken elsewhere.
  func mapped(_ place: (Point) -> Point) -> Landmarks {
    Landmarks(
      rightEye: place(rightEye), leftEye: place(leftEye), noseTip: place(noseTip),
      rightMouthCorner: place(rightMouthCorner), leftMouthCorner: place(leftMouthCorner))
  }

  /// The mean of several faces' points; `nil` if there are none.
  init?(meanOf faces: [Landmarks]) {
    guard !faces.isEmpty else { return nil }
    func mean(_ place: KeyPath<Landmarks, Point>) -> Point {
      let count = Float(faces.count)
      return Point(
        x: faces.reduce(0) { $0 + $1[keyPath: place].x } / count,
        y: faces.reduce(0) { $0 + $1[keyPath: place].y } / count)
    }
    self.init(
      rightEye: mean(\.rightEye), leftEye: mean(\.leftEye), noseTip: mean(\.noseTip),
      rightMouthCorner: mean(\.rightMouthCorner), leftMouthCorner: mean(\.leftMouthCorner))
  }
}
