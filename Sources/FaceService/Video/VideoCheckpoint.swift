internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import FoundationEssentials
internal import VideoDecoding

/// What it takes to go on with the analysis of a video that was interrupted.
struct VideoCheckpoint: Codable, Sendable {
  /// What must be as it was.
  struct Identity: Codable, Hashable, Sendable {
    private let byteCount: Int
    private let modified: Int64
    private let decodingRate: Double
    private let frameLongSide: Int
    private let fingerprint: ModelFingerprint
    private let attributes: [AttributeKind: ModelFingerprint]

    init(_ file: FileFacts, _ settings: VideoSettings, _ analyzer: FaceAnalyzer) {
      byteCount = file.byteCount
      modified = file.modified.milliseconds
      decodingRate = settings.decodingRate
      frameLongSide = settings.decoding.frameLongSide
      fingerprint = analyzer.fingerprint
      attributes = analyzer.attributeFingerprints
    }
  }

  let identity: Identity
  /// The number of the first decoded frame that was not taken in.
  let nextFrame: Int
  let tracker: FaceTracker
  /// The tracks that had ended; those of each saving are stored by themselves, once.
  var finished: [FaceTrack]

  private enum CodingKeys: CodingKey {
    case identity, nextFrame, tracker
  }

  init(identity: Identity, nextFrame: Int, tracker: FaceTracker, finished: [FaceTrack]) {
    self.identity = identity
    self.nextFrame = nextFrame
    self.tracker = tracker
    self.finished = finished
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    identity = try container.decode(Identity.self, forKey: .identity)
    nextFrame = try container.decode(Int.self, forKey: .nextFrame)
    tracker = try container.decode(FaceTracker.self, forKey: .tracker)
    finished = []
  }

  /// Reads what was stored; `nil` if another release did.
  init?(_ stored: AnalysisCheckpoint) {
    let decoder = JSONDecoder()
    do {
      self = try decoder.decode(VideoCheckpoint.self, from: Data(stored.state))
      finished = try stored.parts.map { try decoder.decode(FaceTrack.self, from: Data($0)) }
    } catch {
      return nil
    }
  }

  /// As it is stored, without the first `savedCount` tracks, which are stored already.
  func stored(savedCount: Int) throws -> AnalysisCheckpoint {
    let encoder = JSONEncoder()
    return AnalysisCheckpoint(
      state: [UInt8](try encoder.encode(self)),
      parts: try finished.dropFirst(savedCount).map { [UInt8](try encoder.encode($0)) })
  }
}
