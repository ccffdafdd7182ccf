public import FaceTypes
public import Imaging
import Inference

/// From the bytes of an image to its faces with embeddings.
///
/// START HERE: ``analyze(_:workspace:options:)`` is the whole path.
///
/// A value without mutable state: any number of threads may use one, each with a workspace.
public struct FaceAnalyzer: Sendable {
  public let policy: AnalysisPolicy
  public let fingerprint: ModelFingerprint
  let decoder: ImageDecoder
  let search: FaceSearch
  private let refinement: LandmarkRefinement
  private let embedder: FaceEmbedder

  /// Puts the parts together.
  public init(
    bundle: ModelBundle, policy: AnalysisPolicy = AnalysisPolicy(),
    decoder: ImageDecoder = ImageDecoder()
  ) {
    self.policy = policy
    self.fingerprint = bundle.fingerprint
    self.decoder = decoder
    let detector = FaceDetector(network: bundle.detector, policy: policy.detection)
    search = FaceSearch(detector: detector, policy: policy)
    refinement = LandmarkRefinement(
      certainLook: CloseLook(detector: detector, frame: .small),
      closeLook: CloseLook(detector: detector, frame: .large), policy: policy.uprighting)
    embedder = FaceEmbedder(network: bundle.embedder, fingerprint: bundle.fingerprint)
  }

  /// Finds, aligns, embeds and judges the faces of an image file.
  ///
  /// - Parameters:
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - workspace: Memory that this call has to itself.
  ///   - options: What the caller wants.
  /// - Returns: The faces with what the headers say.
  /// - Throws: ``ImageError`` if the file cannot be read; ``ModelError``.
  public func analyze(
    _ bytes: [UInt8], workspace: inout AnalysisWorkspace,
    options: AnalysisOptions = AnalysisOptions()
  ) throws -> ImageAnalysis {
    let deadline = Deadline(after: options.timeLimit)
    var clock = StageClock()
    let decoded = try decoder.decode(bytes, minimumLongSide: policy.search.decodedLongSide)
    let photograph = Photograph(decoded, bytes: bytes, decoder: decoder)
    clock.end(\.decoding)

    let found = try search.detections(in: photograph, deadline: deadline, workspace: &workspace)
    let chosen = found.mostProminent(options.faceLimit)
    clock.end(\.detection)

    let transforms = chosen.compactMap { FaceAligner.transform($0.landmarks) }
    let pixels = try FinePixels(for: transforms, of: photograph, policy: policy.alignment)
    clock.end(\.decoding)

    var faces: [AnalyzedFace] = []
    for detection in chosen where !deadline.hasPassed {
      let face = try describe(
        detection, of: photograph, pixels: pixels, workspace: &workspace, options: options,
        clock: &clock)
      if let face { faces.append(face) }
    }
    return ImageAnalysis(
      info: decoded.info, faces: faces,
      wasLimited: chosen.count < found.count || deadline.hasPassed, durations: clock.durations)
  }

  /// Finds the faces of an image file without recognising them.
  ///
  /// - Parameters:
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The faces in full-size pixels, the best score first.
  /// - Throws: ``ImageError`` if the file cannot be read; ``ModelError``.
  public func detections(
    in bytes: [UInt8], workspace: inout AnalysisWorkspace
  ) throws -> [Detection] {
    let decoded = try decoder.decode(bytes, minimumLongSide: policy.search.decodedLongSide)
    return try search.detections(
      in: Photograph(decoded, bytes: bytes, decoder: decoder), deadline: Deadline(after: nil),
      workspace: &workspace)
  }

  /// Aligns, embeds and judges one face; `nil` if its landmarks or its embedding mean nothing.
  func describe(
    _ detection: Detection, of photograph: Photograph, pixels: FinePixels,
    workspace: inout AnalysisWorkspace, options: AnalysisOptions, clock: inout StageClock
  ) throws -> AnalyzedFace? {
    guard let first = FaceAligner.transform(detection.landmarks) else { return nil }
    let patch = pixels.patch(for: first).surroundings(
      of: detection.boundingBox.center, size: detection.size)
    let landmarks = try refinement.landmarks(
      of: detection, in: patch, workspace: &workspace.closeLook)
    guard let transform = FaceAligner.transform(landmarks) else { return nil }
    let crop = FaceAligner.crop(patch, transform)
    clock.end(\.alignment)

    let embedding = try embedder.embedding(of: crop, workspace: &workspace.embedding)
    clock.end(\.embedding)
    guard let embedding else { return nil }

    let measurements = FaceMeasurements(
      detection, landmarks: landmarks, resolution: 1 / transform.scale, crop: crop,
      norm: embedding.norm, width: photograph.width, height: photograph.height)
    clock.end(\.alignment)
    let thumbnail =
      options.thumbnails
      ? FaceThumbnail.jpeg(of: detection.boundingBox, in: patch, policy: policy.thumbnail) : nil
    clock.end(\.thumbnails)
    return AnalyzedFace(
      face: Face(
        boundingBox: detection.boundingBox, landmarks: landmarks, score: detection.score,
        quality: policy.quality.quality(of: measurements), embedding: embedding),
      measurements: measurements, thumbnail: thumbnail)
  }
}

extension [Detection] {
  /// The `limit` faces with the largest score × size, the largest first.
  fileprivate func mostProminent(_ limit: Int) -> [Detection] {
    func prominence(_ detection: Detection) -> Float { detection.score * detection.size }
    return Array(sorted { prominence($0) > prominence($1) }.prefix(limit))
  }
}
