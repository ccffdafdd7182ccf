import FaceTypes

/// Keeps the best of several detections of one face.
///
/// Greedy: the best score first; a later detection survives if its overlap with every survivor is
/// at most `overlapThreshold`. Equal scores keep their order, as in OpenCV's `NMSBoxes`.
package struct NonMaximumSuppression {
  /// The largest intersection over union of two faces that both stay, in 0…1.
  package let overlapThreshold: Float
  /// Only so many of the best candidates are looked at, which bounds the quadratic work.
  package let candidateLimit: Int

  package init(overlapThreshold: Float, candidateLimit: Int) {
    self.overlapThreshold = overlapThreshold
    self.candidateLimit = candidateLimit
  }

  /// The survivors, best first.
  package func survivors(of detections: [Detection]) -> [Detection] {
    // Sorting positions as well makes the order stable.
    let order = detections.indices.sorted { left, right in
      let (leftScore, rightScore) = (detections[left].score, detections[right].score)
      return leftScore != rightScore ? leftScore > rightScore : left < right
    }
    var kept: [Detection] = []
    for index in order.prefix(candidateLimit) {
      let candidate = detections[index]
      let isNew = kept.allSatisfy {
        $0.boundingBox.intersectionOverUnion(candidate.boundingBox) <= overlapThreshold
      }
      if isNew { kept.append(candidate) }
    }
    return kept
  }
}
