import FaceTypes
import Inference

/// Seeks the landmarks of a face again where the face is upright and of the best size.
struct LandmarkRefinement {
  let closeLook: CloseLook
  let policy: UprightingPolicy

  /// Better landmarks, in full-size pixels; the present ones if the face is not found again.
  func landmarks(
    of detection: Detection, in patch: PixelPatch, workspace: inout Workspace
  ) throws(ModelError) -> Landmarks {
    var landmarks = detection.landmarks
    for _ in 0..<policy.roundLimit {
      guard let transform = FaceAligner.transform(landmarks) else { break }
      let found = try closeLook.detection(
        in: patch, center: detection.boundingBox.center, size: detection.size,
        angle: -transform.angle, minimumScore: policy.candidateThreshold, workspace: &workspace)
      guard let found else { break }
      landmarks = found.landmarks
      let next = FaceAligner.transform(landmarks)
      if abs((next?.angle ?? 0) - transform.angle) < policy.reliableTilt { break }
    }
    return landmarks
  }
}
