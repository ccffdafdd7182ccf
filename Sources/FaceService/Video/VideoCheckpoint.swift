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

    init(_ file: FileFacts, _ settings: VideoSettings, _ fingerprint: ModelFingerprint) {
      byteCount = file.byteCount
      modified = file.modified.milliseconds
      decodingRate = settings.decodingRate
      frameLongSide = settings.decoding.frameLongSide
      self.fingerprint = fingerprint
    }
  }

  let identity: Identity
  /// The number of the first decoded frame that was not taken in.
  let nextFrame: Int
  let tracker: FaceTracker

  init(identity: Identity, nextFrame: Int, tracker: FaceTracker) {
    self.identity = identity
    self.nextFrame = nextFrame
    self.tracker = tracker
  }

  /// Reads what ``bytes()`` made; `nil` if another release made it.
  init?(bytes: [UInt8]) {
    guard let read = try? JSONDecoder().decode(VideoCheckpoint.self, from: Data(bytes)) else {
      return nil
    }
    self = read
  }

  func bytes() throws -> [UInt8] { [UInt8](try JSONEncoder().encode(self)) }
}
