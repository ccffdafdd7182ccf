public import Imaging
public import Inference

// Frames of videos: many of them, alike, and in memory already. Finding and describing faces are
// two steps, since of most faces it suffices to know where they are.

extension FaceAnalyzer {
  /// Finds the faces of a frame at one scale, and at a coarser one those that fill the frame.
  ///
  /// - Parameters:
  ///   - frame: Upright pixels.
  ///   - longSide: The longer side in pixels at which the frame is searched; a larger one is reduced.
  ///   - minimumScore: In 0…1; ``DetectionPolicy/candidateThreshold`` or more.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The faces in the frame's pixels, the best score first.
  /// - Throws: ``ModelError``.
  public func detections(
    in frame: Image, longSide: Int, minimumScore: Float, workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [Detection] {
    try search.detections(
      in: Photograph(frame).whole, longSide: longSide, minimumScore: minimumScore,
      workspace: &workspace)
  }

  /// Aligns, embeds and judges one face of a frame.
  ///
  /// - Parameters:
  ///   - detection: In the frame's pixels.
  ///   - frame: Upright pixels.
  ///   - thumbnail: Whether a small JPEG of it is wanted.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The face in the frame's pixels; `nil` if its landmarks or its embedding mean nothing.
  /// - Throws: ``ImageError`` or ``ModelError``.
  public func describe(
    _ detection: Detection, in frame: Image, thumbnail: Bool, workspace: inout AnalysisWorkspace
  ) throws -> AnalyzedFace? {
    let photograph = Photograph(frame)
    var clock = StageClock()
    let examined = try align(
      detection, of: photograph,
      pixels: try FinePixels(for: [], of: photograph, policy: policy.alignment),
      workspace: &workspace, options: AnalysisOptions(thumbnails: thumbnail), clock: &clock)
    guard let examined else { return nil }
    return try embed([examined], workspace: &workspace, clock: &clock)[0]
  }

  /// Decodes an image file that is one frame of a video.
  ///
  /// - Parameters:
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - longSide: Pixels to which the longer side is reduced if it has more.
  /// - Returns: The size of the upright picture in pixels, and its pixels, perhaps reduced.
  /// - Throws: ``ImageError``.
  public func decodedFrame(
    _ bytes: [UInt8], longSide: Int
  ) throws(ImageError) -> (width: Int, height: Int, image: Image) {
    let decoded = try decoder.decode(bytes, minimumLongSide: longSide)
    let (width, height) = (decoded.info.width, decoded.info.height)
    let factor = min(1, Float(longSide) / Float(max(width, height)))
    func side(_ length: Int) -> Int { max(2, Int((Float(length) * factor).rounded())) }
    return (width, height, decoded.image.resized(width: side(width), height: side(height)))
  }
}
