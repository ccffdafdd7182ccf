internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import VideoDecoding

/// What was found in one video.
struct VideoFindings: Sendable {
  let facts: VideoFacts
  /// What the file format is called.
  let format: String
  /// In pixels of the frames as they are shown.
  let tracks: [FaceTrack]
  /// Seconds; as far as it could be read.
  let duration: Double
  /// What a user should know of how far it could be read.
  let note: String?
}

/// Analyses videos that ffmpeg reads.
struct VideoAnalysis: Sendable {
  let settings: VideoSettings

  /// How far an analysis has come.
  struct Advance: Sendable {
    /// Seconds of the video.
    let seconds: Double
    /// Of the whole video, if it says so.
    let total: Double?
  }

  /// Who follows an analysis, and may end it.
  struct Observer {
    /// Told now and then.
    var report: (Advance) -> Void = { _ in }
    /// Asked several times a second.
    var isCancelled: () -> Bool = { false }
    /// Keeps what it takes to go on after an interruption.
    ///
    /// The first time of an analysis that goes on from nothing, what was kept before is of no use.
    var save: (AnalysisCheckpoint, _ isFirst: Bool) throws -> Void = { _, _ in }
  }

  /// How often an analysis is saved.
  private static let savingInterval = Duration.seconds(10)
  /// A file that ends this much earlier than it says is said to, in seconds.
  private static let unremarkableLoss = 1.0

  /// Finds the people in a video.
  ///
  /// - Parameters:
  ///   - file: The open video.
  ///   - container: What it is.
  ///   - analyzer: Finds and describes faces.
  ///   - workspace: The analyser's memory.
  ///   - checkpoint: Where an interrupted analysis of the same file stopped.
  ///   - observer: Who follows.
  /// - Returns: What was found.
  /// - Throws: ``VideoError``, or what the analyser throws.
  func findings(
    in file: borrowing OpenFile, _ container: VideoContainer, _ analyzer: FaceAnalyzer,
    _ workspace: inout AnalysisWorkspace, resuming checkpoint: VideoCheckpoint? = nil,
    _ observer: Observer
  ) throws -> VideoFindings {
    try file.withDescriptor { descriptor in
      let video = try VideoFile(
        descriptor: descriptor, byteCount: file.facts.byteCount, policy: settings.decoding,
        isCancelled: observer.isCancelled)
      let identity = VideoCheckpoint.Identity(file.facts, settings, analyzer)
      let usable = checkpoint.flatMap { $0.identity == identity ? $0 : nil }
      var following = FaceFollowing(
        analyzer, settings, tracker: usable?.tracker, finished: usable?.finished ?? [])
      var savedCount = usable?.finished.count
      var index = usable?.nextFrame ?? 0
      // After the last frame that the tracker has taken in.
      var sampled = index
      let rate = settings.decodingRate
      var frames = try video.frames(rate: rate, from: Double(index) / rate)
      var lastSaving = ContinuousClock.now
      func save() {
        let checkpoint = VideoCheckpoint(
          identity: identity, nextFrame: sampled, tracker: following.tracker,
          finished: following.finished)
        do {
          try observer.save(checkpoint.stored(savedCount: savedCount ?? 0), savedCount == nil)
          savedCount = following.finished.count
        } catch {
          // What cannot be saved can still be finished; what is wrong shows when that is stored.
        }
        lastSaving = .now
      }
      observer.report(Advance(seconds: Double(index) / rate, total: video.facts.duration))
      do {
        while let frame = try frames.next(isCancelled: observer.isCancelled) {
          let isSample = index % settings.stride == 0
          index += 1
          // Before the first picture there is nothing to see, whatever is decoded there.
          guard frame.time >= video.facts.start - 0.5 / rate else { continue }
          try following.take(frame, isSample: isSample, workspace: &workspace)
          guard isSample else { continue }
          sampled = index
          observer.report(Advance(seconds: frame.time, total: video.facts.duration))
          if .now - lastSaving > Self.savingInterval { save() }
        }
      } catch VideoError.cancelled {
        save()
        throw VideoError.cancelled
      }
      let read = Double(index) / rate
      let end = min(read, video.facts.duration ?? read)
      let tracks = try following.finish(at: end, workspace: &workspace)
      let size = video.facts.shownPerDecodedPixel(settings.decoding)
      return VideoFindings(
        facts: video.facts, format: container.rawValue, tracks: tracks.map { $0.scaled(by: size) },
        duration: max(end, video.facts.duration ?? end),
        note: Self.note(read: end, declared: video.facts.pictureEnd ?? video.facts.duration))
    }
  }

  private static func note(read: Double, declared: Double?) -> String? {
    guard let declared, declared - read > unremarkableLoss else { return nil }
    func tenths(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
    return "The file ends early or is damaged: \(tenths(read)) of \(tenths(declared)) seconds "
      + "could be read."
  }
}

extension FaceTrack {
  /// The track in frames `factor` times as large.
  func scaled(by factor: Float) -> FaceTrack {
    FaceTrack(
      appearances: appearances.map { appearance in
        TrackAppearance(
          start: appearance.start, end: appearance.end,
          points: appearance.points.map {
            TrackPoint(time: $0.time, boundingBox: $0.boundingBox.scaled(by: factor))
          })
      },
      representatives: representatives.map { representative in
        let face = representative.described.face
        return TrackRepresentative(
          time: representative.time,
          described: DescribedFace(
            face: Face(
              boundingBox: face.boundingBox.scaled(by: factor),
              landmarks: face.landmarks.scaled(by: factor), score: face.score,
              quality: face.quality, embedding: face.embedding, attributes: face.attributes),
            thumbnail: representative.described.thumbnail))
      }, score: score)
  }

  /// The track as it is stored.
  var stored: Track {
    Track(
      best: representatives[0].time,
      appearances: appearances.map { appearance in
        Appearance(
          start: appearance.start, end: appearance.end,
          points: appearance.points.map {
            AppearancePoint(time: $0.time, boundingBox: $0.boundingBox)
          })
      })
  }
}
