/// A point in pixels of the upright image: origin in the top left corner, `y` downwards.
public struct Point: Hashable, Sendable, Codable {
  public var x: Float
  public var y: Float

  public init(x: Float, y: Float) {
    self.x = x
    self.y = y
  }
}

/// A rectangle in pixels of the upright image: origin in the top left corner, `y` downwards.
///
/// It may reach beyond the image, since a face may be cut by the edge.
public struct BoundingBox: Hashable, Sendable, Codable {
  public var x: Float
  public var y: Float
  public var width: Float
  public var height: Float

  public init(x: Float, y: Float, width: Float, height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var area: Float { max(0, width) * max(0, height) }
  public var center: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// The area of the overlap over the area of the union, in 0…1; zero if both are empty.
  public func intersectionOverUnion(_ other: BoundingBox) -> Float {
    let overlapWidth = min(x + width, other.x + other.width) - max(x, other.x)
    let overlapHeight = min(y + height, other.y + other.height) - max(y, other.y)
    guard overlapWidth > 0, overlapHeight > 0 else { return 0 }
    let intersection = overlapWidth * overlapHeight
    let union = area + other.area - intersection
    return union > 0 ? intersection / union : 0
  }

  /// The same rectangle in an image `factor` times as large.
  public func scaled(by factor: Float) -> BoundingBox {
    BoundingBox(x: x * factor, y: y * factor, width: width * factor, height: height * factor)
  }
}

/// Five points of a face in pixels of the upright image, named from the subject's own side.
///
/// The order is that of YuNet and of the alignment template: the subject's right eye, which a
/// viewer sees on the left, comes first.
public struct Landmarks: Hashable, Sendable, Codable {
  public var rightEye: Point
  public var leftEye: Point
  public var noseTip: Point
  public var rightMouthCorner: Point
  public var leftMouthCorner: Point

  public init(
    rightEye: Point, leftEye: Point, noseTip: Point, rightMouthCorner: Point,
    leftMouthCorner: Point
  ) {
    self.rightEye = rightEye
    self.leftEye = leftEye
    self.noseTip = noseTip
    self.rightMouthCorner = rightMouthCorner
    self.leftMouthCorner = leftMouthCorner
  }

  /// The five points in the order in which they are declared.
  public var points: [Point] { [rightEye, leftEye, noseTip, rightMouthCorner, leftMouthCorner] }

  /// Reads five points in the order of ``points``; `nil` for any other count.
  public init?(points: [Point]) {
    guard points.count == 5 else { return nil }
    self.init(
      rightEye: points[0], leftEye: points[1], noseTip: points[2], rightMouthCorner: points[3],
      leftMouthCorner: points[4])
  }

  /// The same points in an image `factor` times as large.
  public func scaled(by factor: Float) -> Landmarks {
    func scale(_ point: Point) -> Point { Point(x: point.x * factor, y: point.y * factor) }
    return Landmarks(
      rightEye: scale(rightEye), leftEye: scale(leftEye), noseTip: scale(noseTip),
      rightMouthCorner: scale(rightMouthCorner), leftMouthCorner: scale(leftMouthCorner))
  }
}
