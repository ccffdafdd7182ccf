internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes

/// Asks the networks of attributes about stored figures that they were not asked about: in their
/// photographs, or else in the small pictures that are kept.
///
/// Each batch is a transaction, so an interrupted run has lost nothing: what is missing in the store
/// says where to go on.
struct AttributeFilling: Sendable {
  let store: FaceStore
  let pool: AnalysisPool
  let images: ImageSource
  let installed: InstalledModels

  /// How a run came to its end.
  enum End: Sendable {
    case done
    case interrupted
  }

  /// Figures that a batch was about.
  struct Batch: Sendable {
    var described = 0
    /// Those of them of which the small picture was shown.
    var fromCrops = 0
    var failed = 0
  }

  /// Media whose figures one transaction stores.
  private static let batchSize = 16

  /// How far it has come, for the networks that are wanted.
  func extent() throws -> AttributeExtent {
    try store.read { try $0.extent(ofAttributesBy: installed.attributeFingerprints) }
  }

  /// Describes figures until there are no more, or it is interrupted.
  ///
  /// - Parameters:
  ///   - position: where it goes on, and where it came to; all media before were looked at.
  ///   - isInterrupted: asked before each medium.
  ///   - report: told of each batch that was stored.
  /// - Returns: why it ended.
  /// - Throws: ``StoreError``, ``ModelError``, ``ModelBundleError`` or ``ServiceStopped``.
  func run(
    from position: inout MediaID?, isInterrupted: @escaping @Sendable () -> Bool,
    report: (Batch) -> Void
  ) throws -> End {
    let models = installed.attributeFingerprints
    while !isInterrupted() {
      let batch = try store.read { [position] in
        try $0.mediaToDescribe(by: models, after: position, count: Self.batchSize)
      }
      guard let last = batch.last else {
        guard position != nil else { return .done }
        // Once more from the beginning: media may have been analysed again meanwhile.
        position = nil
        continue
      }
      let describer = try installed.describer()
      let outcomes = try pool.sideBySide(batch, unless: isInterrupted) { media, workspace in
        try describe(media, models, describer, &workspace)
      }
      try store.write { transaction in
        for outcome in outcomes {
          try transaction.record(
            outcome.descriptions, of: outcome.media, content: outcome.content, by: models)
        }
      }
      report(outcomes.reduce(into: Batch()) { $0.add($1) })
      if outcomes.count == batch.count { position = last }
    }
    return .interrupted
  }

  /// What came of a medium.
  fileprivate struct Outcome: Sendable {
    let media: MediaID
    let content: [UInt8]?
    var descriptions: [FigureDescription] = []
    var fromCrops = 0
  }

  private func describe(
    _ media: MediaID, _ models: [AttributeKind: ModelFingerprint], _ describer: FaceAnalyzer,
    _ workspace: inout AnalysisWorkspace
  ) throws -> Outcome {
    let (medium, figures) = try store.read { snapshot in
      (try snapshot.media(media), try snapshot.figuresToDescribe(of: media, by: models))
    }
    var outcome = Outcome(media: media, content: medium?.content.sha256)
    guard let medium else { return outcome }
    var found = [FaceAttributes?](repeating: nil, count: figures.count)
    var obstacle = MediumObstacle.faceNotFound
    do {
      guard medium.mediaType != .video else { throw MediumObstacle.noPicture }
      found = try MediumObstacle.naming {
        let file = try images.open(medium)
        return try describer.attributes(
          of: figures.map { KnownFace($0) }, in: try images.bytes(of: medium, in: file),
          workspace: &workspace)
      }
    } catch let inTheWay as MediumObstacle {
      obstacle = inTheWay
    }
    for (figure, attributes) in zip(figures, found) {
      let fromCrop =
        try attributes == nil
        ? describer.face(inCropOf: figure, keptIn: store, workspace: &workspace)?.attributes : nil
      if fromCrop != nil { outcome.fromCrops += 1 }
      let known = attributes ?? fromCrop
      outcome.descriptions.append(
        FigureDescription(
          figure: figure.id, attributes: known, obstacle: known == nil ? obstacle.rawValue : nil))
    }
    return outcome
  }
}

extension AttributeFilling.Batch {
  fileprivate mutating func add(_ outcome: AttributeFilling.Outcome) {
    let failures = outcome.descriptions.count { $0.attributes == nil }
    described += outcome.descriptions.count - failures
    fromCrops += outcome.fromCrops
    failed += failures
  }
}
