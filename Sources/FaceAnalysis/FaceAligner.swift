package import FaceTypes
package import Imaging

/// Cuts out the square that the embedder sees, with the landmarks where ``AlignmentTemplate`` wants them.
package enum FaceAligner {
  /// Takes the photograph to the crop; `nil` if the landmarks coincide.
  package static func transform(_ landmarks: Landmarks) -> SimilarityTransform? {
    SimilarityTransform(from: landmarks.points, to: AlignmentTemplate.landmarks.points)
  }

  /// How far the face is turned clockwise from upright in radians, in −π…π.
  static func tilt(_ landmarks: Landmarks) -> Float? { transform(landmarks).map { -$0.angle } }

  /// The aligned crop of a full-size image.
  package static func crop(_ image: Image, _ transform: SimilarityTransform) -> Image {
    crop(PixelPatch(image: image, grid: .full), transform)
  }

  /// The aligned crop.
  static func crop(_ patch: PixelPatch, _ transform: SimilarityTransform) -> Image {
    patch.square(transform, side: AlignmentTemplate.side)
  }

  /// The full-size pixels that a crop shows, with a margin for the sampling.
  static func region(_ transform: SimilarityTransform) -> PixelRegion {
    let (minimum, maximum) = transform.sourceBounds(side: AlignmentTemplate.side)
    // Landmarks are finite but may lie far outside; no image is larger than this.
    func clamped(_ value: Float) -> Int { Int(max(-1e6, min(value, 1e6))) }
    let margin = 2 + Int(min(2 / transform.scale, 1e4))
    let (x, y) = (clamped(minimum.x) - margin, clamped(minimum.y) - margin)
    return PixelRegion(
      x: x, y: y, width: clamped(maximum.x) + margin - x, height: clamped(maximum.y) + margin - y)
  }
}
