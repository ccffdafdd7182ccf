public import FaceTypes

/// A face as the detector sees it, before it is recognised.
///
/// Coordinates are pixels of the image that was searched; ``PixelGrid`` takes them elsewhere.
public struct Detection: Hashable, Sendable {
  public var boundingBox: BoundingBox
  public var landmarks: Landmarks
  /// The detector's confidence, in 0…1.
  public var score: Float

  public init(boundingBox: BoundingBox, landmarks: Landmarks, score: Float) {
    self.boundingBox = boundingBox
    self.landmarks = landmarks
    self.score = score
  }

  /// The longer side of the box in pixels.
  var size: Float { max(boundingBox.width, boundingBox.height) }
}
