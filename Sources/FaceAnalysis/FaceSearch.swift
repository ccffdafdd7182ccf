import FaceTypes
import Imaging
import Inference

/// Finds the faces of a photograph of any size.
///
/// The network is sure of faces of about 40 to 400 pixels. A first pass at moderate size finds most;
/// it also shows, by unsure candidates, where a finer or a coarser look is worth its time.
struct FaceSearch {
  let detector: FaceDetector
  let policy: AnalysisPolicy

  /// The faces in full-size pixels, best score first.
  func detections(
    in photograph: Photograph, deadline: Deadline, workspace: inout AnalysisWorkspace
  ) throws -> [Detection] {
    let first = photograph.whole.reduced(toLongSide: policy.search.firstPassLongSide)
    var found = try pass(over: first, workspace: &workspace)
    if needsCloseUpPass(found, first) {
      // Of faces this large the close-up pass alone knows whether they are faces.
      found.removeAll { isTooLarge($0, first) && $0.score < policy.detection.scoreThreshold }
      found += try closeUps(in: first, workspace: &workspace)
    }
    let unclear = smallCandidates(found, first)
    if !unclear.isEmpty, first.scale < 1, !deadline.hasPassed {
      found += try finerPass(
        over: photograph, around: unclear, firstScale: first.scale, deadline: deadline,
        workspace: &workspace)
    }
    let candidates = survivors(found)
    let uprighted = try upright(
      candidates, in: photograph.whole, deadline: deadline, workspace: &workspace)
    return survivors(uprighted.filter { $0.score >= policy.detection.scoreThreshold })
  }

  /// The faces of a frame of a video, best score first.
  ///
  /// One pass, and a coarser one where nothing was found or a face fills the frame.
  func detections(
    in frame: PixelPatch, longSide: Int, minimumScore: Float, workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [Detection] {
    let first = frame.reduced(toLongSide: longSide)
    var found = try pass(over: first, workspace: &workspace)
    if needsCloseUpPass(found, first) { found += try closeUps(in: first, workspace: &workspace) }
    return survivors(found.filter { $0.score >= minimumScore })
  }

  /// One run of the detector, down to the threshold for candidates, in full-size pixels.
  private func pass(
    over patch: PixelPatch, workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [Detection] {
    try detector.detections(
      in: patch.image, minimumScore: policy.detection.candidateThreshold,
      workspace: &workspace.search
    ).map(patch.grid.fullSize)
  }

  private func survivors(_ detections: [Detection]) -> [Detection] {
    NonMaximumSuppression(
      overlapThreshold: policy.detection.overlapThreshold,
      candidateLimit: policy.detection.candidateLimit
    ).survivors(of: detections)
  }
}

// MARK: - Faces that fill the image

extension FaceSearch {
  private func needsCloseUpPass(_ found: [Detection], _ first: PixelPatch) -> Bool {
    let isLarge =
      Float(max(first.image.width, first.image.height)) > policy.search.largestReliableFace
    return isLarge
      && (found.isEmpty
        || found.contains { isTooLarge($0, first) })
  }

  private func isTooLarge(_ detection: Detection, _ first: PixelPatch) -> Bool {
    detection.size * first.scale > policy.search.largestReliableFace
  }

  private func closeUps(
    in first: PixelPatch, workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [Detection] {
    try pass(over: first.reduced(toLongSide: policy.search.closeUpLongSide), workspace: &workspace)
  }
}

// MARK: - Small faces

extension FaceSearch {
  /// Candidates too small for the first pass to be sure of, the best first, outside larger faces.
  private func smallCandidates(_ found: [Detection], _ first: PixelPatch) -> [Detection] {
    let threshold = policy.detection.scoreThreshold
    func isSmall(_ detection: Detection) -> Bool {
      let isSure = detection.score >= threshold
      let limit = isSure ? policy.search.smallestLoneFace : policy.search.smallestReliableFace
      return detection.size * first.scale <= limit
    }
    let clear = found.filter { $0.score >= threshold && !isSmall($0) }
    return found.filter { candidate in
      isSmall(candidate)
        && !clear.contains { $0.boundingBox.contains(candidate.boundingBox.center) }
    }
  }

  /// Searches the tiles around candidates at the scale that the smallest of them needs.
  ///
  /// A photograph with too many pixels to hold is searched as finely as the limit allows.
  private func finerPass(
    over photograph: Photograph, around candidates: [Detection], firstScale: Float,
    deadline: Deadline, workspace: inout AnalysisWorkspace
  ) throws -> [Detection] {
    let smallest = candidates.map(\.size).min() ?? policy.search.refinedFaceSize
    let wanted = max(1.6 * firstScale, policy.search.refinedFaceSize / max(1, smallest))
    let affordable =
      (Float(policy.search.finePixelLimit)
      / (Float(photograph.width) * Float(photograph.height))).squareRoot()
    let scale = min(1, wanted, affordable)
    guard scale > 1.2 * firstScale else { return [] }
    func fullSize(_ pixels: Int) -> Int { Int((Float(pixels) / scale).rounded(.up)) }
    // Where one face is small, its neighbours are; so look a few faces around it, too.
    let tiles = SearchTile.tiles(
      over: candidates.map { $0.boundingBox.enlarged(by: 2) }, width: photograph.width,
      height: photograph.height, core: fullSize(policy.search.tileCore),
      margin: fullSize(policy.search.tileMargin), limit: policy.search.tileLimit)
    guard let region = PixelRegion(around: tiles.map(\.view)) else { return [] }
    let patch = try photograph.patch(region, minimumScale: scale)
    var found: [Detection] = []
    for tile in tiles where !deadline.hasPassed {
      guard let part = patch.part(tile.view) else { continue }
      let atScale = part.scale > scale * 1.1 ? part.resized(by: scale / part.scale) : part
      // A face larger than the margins may be cut by the tile; the first pass has seen it.
      let largest = Float(2 * policy.search.tileMargin) / atScale.scale
      found += try pass(over: atScale, workspace: &workspace).filter {
        tile.answers(for: $0.boundingBox) && $0.size <= largest
      }
    }
    return found
  }
}

// MARK: - Turned faces

extension FaceSearch {
  /// The candidates with those that turn out to lie on their side set right.
  private func upright(
    _ candidates: [Detection], in patch: PixelPatch, deadline: Deadline,
    workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [Detection] {
    let uprighting = Uprighting(
      closeLook: CloseLook(detector: detector, frame: .large), policy: policy.uprighting)
    let certain = candidates.filter { $0.score >= policy.uprighting.certainScore }
    var budget = policy.uprighting.faceLimit
    var result: [Detection] = []
    for candidate in candidates {
      var detection = candidate
      if budget > 0, !deadline.hasPassed, uprighting.applies(to: candidate, in: patch),
        !certain.contains(where: { $0.boundingBox.contains(candidate.boundingBox.center) })
      {
        budget -= 1
        detection =
          try uprighting.detection(candidate, in: patch, workspace: &workspace.closeLook)
          ?? candidate
      }
      result.append(detection)
    }
    return result
  }
}

extension BoundingBox {
  fileprivate func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < x + width && point.y >= y && point.y < y + height
  }

  /// The box with the same centre and `factor` times the sides.
  func enlarged(by factor: Float) -> BoundingBox {
    BoundingBox(
      x: x - (factor - 1) / 2 * width, y: y - (factor - 1) / 2 * height, width: width * factor,
      height: height * factor)
  }
}
