import FaceTypes
import Inference

/// Finds out whether an uncertain face is in truth a clear one that lies on its side or upside down.
struct Uprighting {
  let closeLook: CloseLook
  let policy: UprightingPolicy

  /// Quarter turns first; they tell whether the eighths between them are worth a look.
  private static let quarters: [Float] = [.pi / 2, .pi, -.pi / 2]
  private static let eighths: [Float] = [.pi / 4, 3 * .pi / 4, -3 * .pi / 4, -.pi / 4]

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
    _ detection: Detection, in patch: PixelPatch, workspace: inout CloseLookWorkspace
  ) throws(ModelError) -> Detection? {
    let surroundings = patch.surroundings(
      of: detection.boundingBox.center, size: detection.size)
    func look(
      _ angle: Float, _ workspace: inout CloseLookWorkspace
    ) throws(ModelError) -> Detection? {
      let view = closeLook.view(
        of: surroundings, center: detection.boundingBox.center, size: detection.size, angle: angle)
      return try closeLook.detection(
        in: view, minimumScore: policy.candidateThreshold, workspace: &workspace)
    }
    var best: Detection?
    for angle in Self.quarters {
      let found = try look(angle, &workspace)
      if let found, found.score > best?.score ?? 0 { best = found }
    }
    func isPromising(_ detection: Detection, unturnedScore: Float) -> Bool {
      detection.score >= max(policy.promisingScore, unturnedScore - policy.promisingLoss)
    }
    guard let quarter = best, isPromising(quarter, unturnedScore: detection.score) else {
      return nil
    }
    // The square shows the face at another size, which changes the score; so rotations are compared
    // with the unturned square as well as with the score that brought us here.
    let unturnedScore = max(detection.score, try look(0, &workspace)?.score ?? 0)
    guard isPromising(quarter, unturnedScore: unturnedScore) else { return nil }
    for angle in Self.eighths {
      let found = try look(angle, &workspace)
      if let found, found.score > best?.score ?? 0 { best = found }
    }
    guard let best, best.score >= policy.scoreThreshold,
      best.score >= unturnedScore + policy.minimumGain
    else { return nil }
    return best
  }
}
