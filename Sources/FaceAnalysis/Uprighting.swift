import FaceTypes
import Inference

/// Finds out whether an uncertain face is in truth a clear one that lies on its side or upside down.
struct Uprighting {
  let closeLook: CloseLook
  let policy: UprightingPolicy

  /// Eighths of a turn: YuNet is sure of faces up to 30° from upright.
  private static let turns = 8

  /// Whether a detection is worth ``detection(_:in:workspace:)``.
  func applies(to detection: Detection, in patch: PixelPatch) -> Bool {
    detection.score >= policy.candidateThreshold && detection.score < policy.certainScore
      && detection.size * patch.scale >= policy.smallestFace
  }

  /// Looks at a face in every rotation.
  ///
  /// - Parameters:
  ///   - detection: In full-size pixels.
  ///   - patch: Pixels around it.
  ///   - workspace: The detector's memory.
  /// - Returns: The face as it appears in the rotation in which it scores best, in full-size
  ///   pixels; `nil` if it stands upright.
  /// - Throws: ``ModelError``.
  func detection(
    _ detection: Detection, in patch: PixelPatch, workspace: inout Workspace
  ) throws(ModelError) -> Detection? {
    let surroundings = patch.surroundings(
      of: detection.boundingBox.center, size: detection.size)
    var best: Detection?
    // The square shows the face at another size, which changes the score; so rotations are compared
    // with the unturned square as well as with the score that brought us here.
    var unturnedScore = detection.score
    for turn in 0..<Self.turns {
      let found = try closeLook.detection(
        in: surroundings, center: detection.boundingBox.center, size: detection.size,
        angle: Float(turn) * 2 * .pi / Float(Self.turns), minimumScore: policy.candidateThreshold,
        workspace: &workspace)
      guard let found else { continue }
      if turn == 0 {
        unturnedScore = max(unturnedScore, found.score)
      } else if found.score > best?.score ?? 0 {
        best = found
      }
    }
    guard let best, best.score >= policy.scoreThreshold,
      best.score >= unturnedScore + policy.minimumGain
    else { return nil }
    return best
  }
}
