public import FaceTypes
public import Imaging
public import Inference

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
  let embedder: FaceEmbedder
  private(set) var estimator: AttributeEstimator

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
    estimator = AttributeEstimator(bundle.attributes)
  }

  /// The networks that are asked about each face, beside that which embeds it.
  public var attributeFingerprints: [AttributeKind: ModelFingerprint] { estimator.fingerprints }

  /// The same analyser, which also asks these networks about each face.
  public func asking(_ networks: AttributeNetworks) -> FaceAnalyzer {
    var analyzer = self
    analyzer.estimator = AttributeEstimator(networks)
    return analyzer
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
    let examined = try examine(bytes, workspace: &workspace, options: options)
    return try embed([examined], workspace: &workspace)[0]
  }

  /// The first part of ``analyze(_:workspace:options:)``: finds and aligns the faces.
  ///
  /// - Parameters:
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - workspace: Memory that this call has to itself.
  ///   - options: What the caller wants.
  /// - Returns: What ``embed(_:workspace:)`` needs.
  /// - Throws: ``ImageError`` if the file cannot be read; ``ModelError``.
  public func examine(
    _ bytes: [UInt8], workspace: inout AnalysisWorkspace,
    options: AnalysisOptions = AnalysisOptions()
  ) throws -> ExaminedImage {
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

    var faces: [ExaminedFace] = []
    for detection in chosen where !deadline.hasPassed {
      let face = try align(
        detection, of: photograph, pixels: pixels, workspace: &workspace, options: options,
        clock: &clock)
      if let face { faces.append(face) }
    }
    return ExaminedImage(
      info: decoded.info, faces: faces, wasLimited: chosen.count < found.count,
      deadline: deadline, durations: clock.durations)
  }

  /// The second part of ``analyze(_:workspace:options:)``: embeds and judges the faces.
  ///
  /// The faces of all images take their turns together, which is faster than one image after the
  /// other and gives the same embeddings.
  ///
  /// - Parameters:
  ///   - images: As examined.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The analysis of each image.
  /// - Throws: ``ModelError``.
  public func embed(
    _ images: [ExaminedImage], workspace: inout AnalysisWorkspace
  ) throws(ModelError) -> [ImageAnalysis] {
    var faces = images.map { _ in [AnalyzedFace]() }
    var durations = images.map(\.durations)
    var waiting = images.enumerated().flatMap { index, image in
      image.faces.map { (image: index, face: $0) }
    }[...]
    while !waiting.isEmpty {
      var batch: [(image: Int, face: ExaminedFace)] = []
      while batch.count < FaceEmbedder.batchLimit, let next = waiting.popFirst() {
        if !images[next.image].deadline.hasPassed { batch.append(next) }
      }
      var clock = StageClock()
      let described = try embed(batch.map(\.face), workspace: &workspace, clock: &clock)
      for ((image, _), face) in zip(batch, described) {
        durations[image].add(clock.durations, dividedBy: batch.count)
        if let face { faces[image].append(face) }
      }
    }
    return images.indices.map { index in
      ImageAnalysis(
        info: images[index].info, faces: faces[index],
        wasLimited: images[index].wasLimited || images[index].deadline.hasPassed,
        durations: durations[index])
    }
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

  /// Aligns one face; `nil` if its landmarks mean nothing.
  func align(
    _ detection: Detection, of photograph: Photograph, pixels: FinePixels,
    workspace: inout AnalysisWorkspace, options: AnalysisOptions, clock: inout StageClock
  ) throws(ModelError) -> ExaminedFace? {
    guard let first = FaceAligner.transform(detection.landmarks) else { return nil }
    let patch = pixels.patch(for: first).surroundings(
      of: detection.boundingBox.center, size: detection.size)
    let landmarks = try refinement.landmarks(
      of: detection, in: patch, workspace: &workspace.closeLook)
    guard let transform = FaceAligner.transform(landmarks) else { return nil }
    let crop = FaceAligner.crop(patch, transform)
    clock.end(\.alignment)
    let chips = try estimator.chips(
      of: landmarks, in: patch, workspace: &workspace.attributes)
    clock.end(\.attributes)
    let thumbnail =
      options.thumbnails
      ? FaceThumbnail.jpeg(of: detection.boundingBox, in: patch, policy: policy.thumbnail) : nil
    clock.end(\.thumbnails)
    return ExaminedFace(
      detection: detection, landmarks: landmarks, crop: crop, resolution: 1 / transform.scale,
      width: photograph.width, height: photograph.height, chips: chips,
      thumbnail: thumbnail)
  }

  private func judge(
    _ face: ExaminedFace, _ embedding: Embedding, _ attributes: FaceAttributes
  ) -> AnalyzedFace {
    let detection = face.detection
    let measurements = FaceMeasurements(
      detection, landmarks: face.landmarks, resolution: face.resolution, crop: face.crop,
      norm: embedding.norm, width: face.width, height: face.height)
    var attributes = attributes
    attributes.sharpness = policy.quality.sharpness(of: measurements)
    return AnalyzedFace(
      face: Face(
        boundingBox: detection.boundingBox, landmarks: face.landmarks, score: detection.score,
        quality: policy.quality.quality(of: measurements), embedding: embedding,
        attributes: attributes),
      measurements: measurements, thumbnail: face.thumbnail)
  }

  /// Embeds and judges aligned faces; `nil` for one whose embedding means nothing.
  func embed(
    _ faces: [ExaminedFace], workspace: inout AnalysisWorkspace, clock: inout StageClock
  ) throws(ModelError) -> [AnalyzedFace?] {
    let embeddings = try embedder.embeddings(
      of: faces.map(\.crop), workspace: &workspace.embedding)
    clock.end(\.embedding)
    let attributes = try estimator.attributes(
      of: faces.map(\.chips), workspace: &workspace.attributes)
    clock.end(\.attributes)
    defer { clock.end(\.alignment) }
    return faces.indices.map { index in
      embeddings[index].map { judge(faces[index], $0, attributes[index]) }
    }
  }
}

extension [Detection] {
  /// The `limit` faces with the largest score × size, the largest first.
  fileprivate func mostProminent(_ limit: Int) -> [Detection] {
    func prominence(_ detection: Detection) -> Float { detection.score * detection.size }
    return Array(sorted { prominence($0) > prominence($1) }.prefix(limit))
  }
}
