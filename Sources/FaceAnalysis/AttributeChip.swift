import FaceTypes
import Imaging

/// The square that a network for an attribute sees, cut out around five landmarks.
struct AttributeChip: Sendable {
  /// Where the landmarks belong, in parts of the side.
  let landmarks: Landmarks
  /// Pixels.
  let side: Int
  /// As for ``PixelPatch/chip(_:side:oversampling:)``.
  let oversampling: Float

  /// The chip for a network.
  static func shown(to kind: AttributeKind) -> AttributeChip {
    switch kind {
    case .age: AttributeChip(landmarks: dlib, side: 64, oversampling: dlibOversampling)
    case .gender: AttributeChip(landmarks: dlib, side: 32, oversampling: dlibOversampling)
    case .expression: AttributeChip(landmarks: boxed, side: 64, oversampling: 1.5)
    case .mesh: AttributeChip(landmarks: meshed, side: 256, oversampling: 1)
    }
  }

  /// What dlib's `get_face_chip_details` makes at its padding of 0.2, as both networks were trained.
  ///
  /// It aligns corners of the eyes and the bottom of the nose, which our five landmarks are not. These
  /// are the medians of where ours lie in the chips that dlib itself cuts out of 1,041 faces of LFW,
  /// made symmetric: gender is right of as many as with dlib's own points.
  private static let dlib = padded(
    Landmarks(
      rightEye: Point(x: 0.222, y: 0.206), leftEye: Point(x: 0.778, y: 0.206),
      noseTip: Point(x: 0.5, y: 0.5261), rightMouthCorner: Point(x: 0.2615, y: 0.7703),
      leftMouthCorner: Point(x: 0.7385, y: 0.7703)), by: 0.2)

  /// As sharp as dlib's chips, which are sharper than averaged ones.
  ///
  /// It halves a picture until the chip is less than twice as coarse, and then takes single pixels of
  /// it. Of chips that were averaged wholly, gender is wrong twice as often.
  private static let dlibOversampling: Float = 1.5

  private static func padded(_ landmarks: Landmarks, by padding: Float) -> Landmarks {
    landmarks.mapped {
      Point(
        x: ($0.x + padding) / (1 + 2 * padding), y: ($0.y + padding) / (1 + 2 * padding))
    }
  }

  /// What the network's authors show it.
  ///
  /// That is the box of OpenCV's frontal face cascade and ten pixels around it. The medians of where our landmarks lie in that of 695 faces of LFW, made symmetric.
  private static let boxed = Landmarks(
    rightEye: Point(x: 0.3388, y: 0.4062), leftEye: Point(x: 0.6612, y: 0.4062),
    noseTip: Point(x: 0.5, y: 0.5863), rightMouthCorner: Point(x: 0.3632, y: 0.7272),
    leftMouthCorner: Point(x: 0.6368, y: 0.7272))

  /// What MediaPipe makes of the mesh that it found in the last frame.
  ///
  /// That is a square one and a half times as large as the mesh, with the eyes level. The medians of 300 faces of LFW, made symmetric.
  private static let meshed = Landmarks(
    rightEye: Point(x: 0.3698, y: 0.3669), leftEye: Point(x: 0.6302, y: 0.3669),
    noseTip: Point(x: 0.5, y: 0.511), rightMouthCorner: Point(x: 0.3897, y: 0.624),
    leftMouthCorner: Point(x: 0.6103, y: 0.624))

  /// Takes the photograph to the chip; `nil` if the landmarks coincide.
  func transform(_ points: Landmarks) -> SimilarityTransform? {
    let side = Float(side)
    return SimilarityTransform(from: points.points, to: landmarks.scaled(by: side).points)
  }
}
