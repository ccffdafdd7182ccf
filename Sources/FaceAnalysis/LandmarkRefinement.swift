import FaceTypes
import Inference

/// Seeks the landmarks of a face again where the face is upright and of the best size.
///
/// Measured on LFW's 13.8 million pairs with OpenCV's networks: the mean of the first landmarks, of
/// those of a close look and of those of the mirrored close look loses 27 % fewer genuine pairs than
/// the first landmarks alone, at one false match in 10⁴ and in 10⁵; tenfold accuracy rises from
/// 0.9940 to 0.9950. Embedding the mirrored crop as well, at ten times the cost, brings 5 to 9 %.
struct LandmarkRefinement {
  /// Suffices for a face that is certainly upright, or nearly so.
  let certainLook: CloseLook
  /// For faces whose first landmarks may be wrong.
  let closeLook: CloseLook
  let policy: UprightingPolicy

  /// Better landmarks, in full-size pixels; the present ones if the face is not found again.
  func landmarks(
    of detection: Detection, in patch: PixelPatch, workspace: inout CloseLookWorkspace
  ) throws(ModelError) -> Landmarks {
    var landmarks = detection.landmarks
    var closeLook = detection.score >= policy.certainScore ? certainLook : closeLook
    for _ in 0..<policy.roundLimit {
      guard let tilt = FaceAligner.tilt(landmarks) else { break }
      var looks: [Landmarks] = []
      let view = closeLook.view(
        of: patch, center: detection.boundingBox.center, size: detection.size, angle: tilt)
      for mirrored in [false, true] {
        let found = try closeLook.detection(
          in: view, mirrored: mirrored, minimumScore: policy.candidateThreshold,
          workspace: &workspace)
        if let found { looks.append(found.landmarks) }
      }
      guard let seen = Landmarks(meanOf: looks), let seenTilt = FaceAligner.tilt(seen) else {
        break
      }
      // The first landmarks of a tilted face are wrong, not just inexact: leave them out then.
      if abs(seenTilt - tilt) < policy.reliableTilt {
        return Landmarks(meanOf: looks + [landmarks]) ?? seen
      }
      landmarks = seen
      closeLook = self.closeLook
    }
    return landmarks
  }
}
