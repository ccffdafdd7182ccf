import FaceTypes
import Imaging
import Inference

/// Looks at one face again in a small square around it, turned so that the face stands upright.
///
/// YuNet knows upright faces only. Of a face tilted by 30° it sees a third of the tilt, and of one
/// that lies on its side it finds plausible landmarks that are all wrong. In a square turned the
/// other way it sees the face as it was trained to, for a small part of an embedding's time.
struct CloseLook {
  /// How much of the face's surroundings the square shows, and how finely.
  struct Frame: Sendable, Equatable {
    /// The side of the square in pixels.
    var side: Int
    /// How large the face is shown: its longer side in pixels of the square.
    var faceSize: Float

    /// For the landmarks of a face that was found.
    ///
    /// Measured on LFW (`figurebench verification`): with landmarks from 64 pixels, of the genuine
    /// pairs 0.9986 and 0.9959 pass at false accept rates of 10⁻⁴ and 10⁻⁵, with those from 88
    /// pixels in a square of 160, which takes three times as long, 0.9984 and 0.9951; the tenfold
    /// accuracy is 0.9950 with both. With 44 pixels in a square of 64 fewer pass.
    static let small = Frame(side: 96, faceSize: 64)
    /// For faces that may be turned.
    ///
    /// Measured on 130 photographs of LFW in eight rotations each: 97.2 % of the pairs of one
    /// photograph pass at a false accept rate of 10⁻⁴; with ``small`` alone 95.1 %.
    static let large = Frame(side: 160, faceSize: 88)
  }

  /// A face in its square.
  struct View {
    fileprivate let square: Image
    /// From full-size pixels to those of the square.
    fileprivate let transform: SimilarityTransform
  }

  let detector: FaceDetector
  let frame: Frame

  /// How far the face's centre may be from the square's in sizes of the face; further off is
  /// another face.
  private static let centerTolerance: Float = 0.32
  /// How many times larger or smaller than expected the face may be; more, and it is another face.
  private static let sizeTolerance: Float = 1.6

  /// Cuts out the square around a face.
  ///
  /// - Parameters:
  ///   - patch: Pixels around the face.
  ///   - center: The expected centre of the face, in full-size pixels.
  ///   - size: The longer side of its box, in full-size pixels.
  ///   - angle: How far the face is turned clockwise from upright, in radians.
  /// - Returns: The face as it would be upright.
  func view(of patch: PixelPatch, center: Point, size: Float, angle: Float) -> View {
    let middle = Float(frame.side) / 2
    let transform = SimilarityTransform(
      turning: center, by: -angle, scale: frame.faceSize / size, to: Point(x: middle, y: middle))
    return View(square: patch.square(transform, side: frame.side), transform: transform)
  }

  /// Looks for the face.
  ///
  /// - Parameters:
  ///   - view: The square around it.
  ///   - mirrored: Whether to look at the mirror image.
  ///   - minimumScore: In 0…1.
  ///   - workspace: The detector's memory.
  /// - Returns: The best face in the middle of the square, in full-size pixels; `nil` if none is
  ///   there.
  /// - Throws: ``ModelError``.
  func detection(
    in view: View, mirrored: Bool = false, minimumScore: Float,
    workspace: inout CloseLookWorkspace
  ) throws(ModelError) -> Detection? {
    let square = mirrored ? view.square.mirrored() : view.square
    let found =
      frame == .small
      ? try detector.detections(
        in: square, minimumScore: minimumScore, workspace: &workspace.small)
      : try detector.detections(
        in: square, minimumScore: minimumScore, workspace: &workspace.large)
    let middle = Float(frame.side) / 2
    let reach = Self.centerTolerance * frame.faceSize
    let central = found.first {
      let center = $0.boundingBox.center
      return abs(center.x - middle) < reach && abs(center.y - middle) < reach
        && $0.size < frame.faceSize * Self.sizeTolerance
        && $0.size > frame.faceSize / Self.sizeTolerance
    }
    let unmirrored = mirrored ? central?.mirrored(width: frame.side) : central
    return unmirrored?.mapped(view.transform.inverse)
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
    var mirrored = pixels
    var target = mirrored.mutableSpan
    let source = pixels.span
    for start in stride(from: 0, to: source.count, by: 3 * width) {
      let end = start + 3 * width - 3
      for offset in stride(from: 0, to: 3 * width, by: 3) {
        for channel in 0..<3 {
          target[start + offset + channel] = source[end - offset + channel]
        }
      }
    }
    return Image(width: width, height: height, pixels: mirrored)
  }
}
