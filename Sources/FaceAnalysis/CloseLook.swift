import FaceTypes
import Imaging
import Inference

/// Looks at one face again in a small square around it, turned so that the face stands upright.
///
/// YuNet knows upright faces only. Of a face tilted by 30° it sees a third of the tilt, and of one
/// that lies on its side it finds plausible landmarks that are all wrong. In a square turned the
/// other way it sees the face as it was trained to, for a fiftieth of an embedding's time.
struct CloseLook {
  let detector: FaceDetector

  /// The side of the square in pixels.
  static let side = 160
  /// How large the face is shown: its longer side in pixels of the square.
  static let faceSize: Float = 88
  /// How far the face's centre may be from the square's in pixels; further off is another face.
  private static let reach: Float = 28
  /// How many times larger or smaller than expected the face may be; more, and it is another face.
  private static let sizeTolerance: Float = 1.6

  /// Looks for the face in one rotation.
  ///
  /// - Parameters:
  ///   - patch: Pixels around the face.
  ///   - center: The expected centre of the face, in full-size pixels.
  ///   - size: The longer side of its box, in full-size pixels.
  ///   - angle: How far the face is turned clockwise from upright, in radians.
  ///   - mirrored: Whether to look at the mirror image.
  ///   - minimumScore: In 0…1.
  ///   - workspace: The detector's memory.
  /// - Returns: The best face in the middle of the square, in full-size pixels; `nil` if none is
  ///   there.
  /// - Throws: ``ModelError``.
  func detection(
    in patch: PixelPatch, center: Point, size: Float, angle: Float, mirrored: Bool = false,
    minimumScore: Float, workspace: inout Workspace
  ) throws(ModelError) -> Detection? {
    let middle = Float(Self.side) / 2
    let transform = SimilarityTransform(
      turning: center, by: -angle, scale: Self.faceSize / size, to: Point(x: middle, y: middle))
    let upright = patch.square(transform, side: Self.side)
    let square = mirrored ? upright.mirrored() : upright
    let found = try detector.detections(
      in: square, minimumScore: minimumScore, workspace: &workspace)
    let central = found.first {
      let center = $0.boundingBox.center
      return abs(center.x - middle) < Self.reach && abs(center.y - middle) < Self.reach
        && $0.size < Self.faceSize * Self.sizeTolerance
        && $0.size > Self.faceSize / Self.sizeTolerance
    }
    let unmirrored = mirrored ? central?.mirrored(width: Self.side) : central
    return unmirrored?.mapped(transform.inverse)
  }
}

extension Detection {
  /// The detection after a transform of the image, with an upright box around the turned face.
  func mapped(_ transform: SimilarityTransform) -> Detection {
    let center = transform.apply(boundingBox.center)
    // The box of the ellipse inside the turned box; the box of the turned box itself would be up to
    // 41 % too large.
    let (halfWidth, halfHeight) = (boundingBox.width / 2, boundingBox.height / 2)
    func length(_ x: Float, _ y: Float) -> Float { (x * x + y * y).squareRoot() }
    let width = 2 * length(transform.a * halfWidth, transform.b * halfHeight)
    let height = 2 * length(transform.b * halfWidth, transform.a * halfHeight)
    return Detection(
      boundingBox: BoundingBox(
        x: center.x - width / 2, y: center.y - height / 2, width: width, height: height),
      landmarks: landmarks.mapped(transform.apply), score: score)
  }
}

extension Detection {
  /// The detection in the mirror image of an image of `width` pixels; sides change their names.
  fileprivate func mirrored(width: Int) -> Detection {
    func mirror(_ point: Point) -> Point { Point(x: Float(width - 1) - point.x, y: point.y) }
    var box = boundingBox
    box.x = Float(width - 1) - box.x - box.width
    return Detection(
      boundingBox: box,
      landmarks: Landmarks(
        rightEye: mirror(landmarks.leftEye), leftEye: mirror(landmarks.rightEye),
        noseTip: mirror(landmarks.noseTip), rightMouthCorner: mirror(landmarks.leftMouthCorner),
        leftMouthCorner: mirror(landmarks.rightMouthCorner)),
      score: score)
  }
}

extension Image {
  /// Left and right exchanged.
  fileprivate func mirrored() -> Image {
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count)
    for row in 0..<height {
      for column in (0..<width).reversed() {
        let start = 3 * (row * width + column)
        result.append(pixels[start])
        result.append(pixels[start + 1])
        result.append(pixels[start + 2])
      }
    }
    return Image(width: width, height: height, pixels: result)
  }
}
