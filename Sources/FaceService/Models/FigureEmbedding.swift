internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Synchronization
internal import Threading
internal import VideoDecoding
internal import WireProtocol

/// Embeds stored figures by another model: from their media, or else from the small pictures that
/// are kept of them.
///
/// What is done stands in the store batch by batch, and of a video under way how far it has come, so
/// that an interrupted run goes on where it stopped. A batch bounds what is in memory.
struct FigureEmbedding: Sendable {
  let store: FaceStore
  let pool: AnalysisPool
  let images: ImageSource
  let videos: VideoAnalysis

  /// How a run came to its end.
  enum End: Sendable {
    case done
    case cancelled
    /// Another task waits; there is more to do.
    case yielded
    /// The change of the model was discarded.
    case discarded
  }

  /// Media whose figures one transaction stores.
  private static let batchSize = 32

  /// Embeds every figure that lacks an embedding of a model.
  ///
  /// - Parameters:
  ///   - model: to embed by.
  ///   - control: of the task; counts figures.
  ///   - mayYield: ends early if another task waits.
  /// - Returns: why it ended.
  /// - Throws: ``StoreError``, ``ModelError`` or ``ServiceStopped``; what was stored stays.
  func run(by model: LoadedModel, _ control: TaskControl, mayYield: Bool) throws -> End {
    let (all, open) = try store.read { snapshot in
      (
        try snapshot.extent(ofEmbeddingBy: model.fingerprint).figures,
        try snapshot.countFiguresToEmbed(by: model.fingerprint)
      )
    }
    control.update { ($0.total, $0.done) = (all, all - open) }
    var last: MediaID?
    while true {
      guard !control.isCancelled else { return .cancelled }
      if mayYield, control.isAwaited { return .yielded }
      let batch = try store.read { [last] in
        try $0.mediaToEmbed(by: model.fingerprint, after: last, count: Self.batchSize)
      }
      guard let end = batch.last else {
        guard last != nil else { return .done }
        // Once more from the beginning: media may have been analysed again meanwhile.
        last = nil
        continue
      }
      let isInterrupted: @Sendable () -> Bool = {
        control.isCancelled || mayYield && control.isAwaited
      }
      let outcomes = try pool.sideBySide(batch, unless: { control.isCancelled }) {
        media, workspace in
        try embed(media, model, control, &workspace, isInterrupted)
      }
      let results = outcomes.flatMap(\.results)
      let isWanted = try store.write { transaction in
        guard try transaction.modelSwitch()?.concerns(model.fingerprint) == true else {
          return false
        }
        try transaction.record(results)
        try transaction.removeCheckpoints(
          of: control.id, ordinals: outcomes.map(\.media.checkpoint))
        return true
      }
      guard isWanted else { return .discarded }
      control.update { $0.done += results.count }
      last = end
    }
  }

  /// What came of a medium of which nothing is left to do.
  private struct Outcome: Sendable {
    let media: MediaID
    let results: [FigureReembedding]
  }

  /// Embeds the figures of a medium; `nil` if it was interrupted, so that it comes again.
  private func embed(
    _ media: MediaID, _ model: LoadedModel, _ control: TaskControl,
    _ workspace: inout AnalysisWorkspace, _ isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> Outcome? {
    let (medium, figures) = try store.read { snapshot in
      (
        try snapshot.media(media),
        try snapshot.figuresToEmbed(of: media, by: model.fingerprint)
      )
    }
    guard let medium, !figures.isEmpty else { return Outcome(media: media, results: []) }
    var embeddings = [Embedding?](repeating: nil, count: figures.count)
    var obstacle = MediumObstacle.faceNotFound
    do {
      embeddings = try embeddingsFromMedium(
        medium, figures, model, control, &workspace, isInterrupted)
    } catch let found as MediumObstacle {
      obstacle = found
    } catch VideoError.cancelled {
      return nil
    }
    let results = try zip(figures, embeddings).map { figure, embedding in
      if let embedding {
        return FigureReembedding(
          figure: figure.id, embedding: embedding, origin: .medium, obstacle: nil)
      }
      let fromCrop = try model.analyzer.face(
        inCropOf: figure, keptIn: store, workspace: &workspace)?.embedding
      return FigureReembedding(
        figure: figure.id, embedding: fromCrop, origin: fromCrop == nil ? nil : .crop,
        obstacle: obstacle.rawValue)
    }
    return Outcome(media: media, results: results)
  }

  /// - Throws: ``MediumObstacle``, ``StoreError``, ``ModelError`` or ``VideoError/cancelled``.
  private func embeddingsFromMedium(
    _ medium: MediaRecord, _ figures: [FigureRecord], _ model: LoadedModel,
    _ control: TaskControl, _ workspace: inout AnalysisWorkspace,
    _ isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> [Embedding?] {
    try MediumObstacle.naming {
      let file = try images.open(medium)
      guard medium.mediaType == .video else {
        return try model.analyzer.embeddings(
          of: figures.map { KnownFace($0) }, in: try images.bytes(of: medium, in: file),
          workspace: &workspace)
      }
      let digest = try file.digest(isCancelled: isInterrupted)
      guard !isInterrupted() else { throw VideoError.cancelled }
      guard digest == medium.content.sha256,
        let container = VideoContainer(header: file.header(VideoContainer.headerLength))
      else { throw MediumObstacle.changed }
      let checkpoint = try store.read {
        try $0.checkpoint(of: control.id, ordinal: medium.id.checkpoint)
      }
      let progress = VideoProgress(control)
      // Of a video that is interrupted nothing counts: it comes again.
      var duration = 0.0
      defer { progress.end(analysed: duration) }
      let findings = try videos.findings(
        in: file, container, model.analyzer, &workspace,
        resuming: checkpoint.flatMap(VideoCheckpoint.init),
        VideoAnalysis.Observer(
          report: progress.report, isCancelled: isInterrupted,
          save: { state, isFirst in
            try store.write {
              try $0.setCheckpoint(
                state, of: control.id, ordinal: medium.id.checkpoint, replacingParts: isFirst)
            }
          }))
      duration = findings.duration
      return try embeddings(of: figures, in: findings)
    }
  }

  /// The embeddings of the tracks that figures of a video are, found again by time and place.
  private func embeddings(
    of figures: [FigureRecord], in findings: VideoFindings
  ) throws -> [Embedding?] {
    let old = try store.read { snapshot in try figures.map { try snapshot.track(of: $0.id) } }
    let new = findings.tracks.map(\.stored)
    var candidates: [(overlap: Float, figure: Int, track: Int)] = []
    for (i, one) in old.enumerated() {
      guard let one else { continue }
      for (j, other) in new.enumerated() {
        let overlap = one.overlap(other)
        if overlap >= BoundingBox.sameFaceOverlap { candidates.append((overlap, i, j)) }
      }
    }
    candidates.sort { ($1.overlap, $0.figure, $0.track) < ($0.overlap, $1.figure, $1.track) }
    var embeddings = [Embedding?](repeating: nil, count: figures.count)
    var taken: Set<Int> = []
    for candidate in candidates
    where embeddings[candidate.figure] == nil && taken.insert(candidate.track).inserted {
      embeddings[candidate.figure] =
        findings.tracks[candidate.track].face(videos.settings.tracking.founding).embedding
    }
    return embeddings
  }
}

extension MediaID {
  /// The number under which a task keeps how far the video has come.
  fileprivate var checkpoint: Int { Int(rawValue) }
}

extension ModelSwitchRecord {
  /// Whether a model is one of the two.
  func concerns(_ model: ModelFingerprint) -> Bool { model == source || model == target }
}

extension Track {
  /// The mean intersection over union at the moments that both tracks have; 0 without any.
  fileprivate func overlap(_ other: Track) -> Float {
    let boxes = Dictionary(
      other.points.map { ($0.moment, $0.boundingBox) }, uniquingKeysWith: { first, _ in first })
    let overlaps = points.compactMap { point in
      boxes[point.moment].map { $0.intersectionOverUnion(point.boundingBox) }
    }
    return overlaps.isEmpty ? 0 : overlaps.reduce(0, +) / Float(overlaps.count)
  }

  private var points: [AppearancePoint] { appearances.flatMap(\.points) }
}

extension AppearancePoint {
  /// Times are stored as 32-bit numbers: hundredths of a second tell frames apart.
  fileprivate var moment: Int { Int((time * 100).rounded()) }
}
