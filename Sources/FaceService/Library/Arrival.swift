internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import VideoDecoding

/// What a file is, as far as that is known without decoding it.
struct ContentFacts: Sendable {
  var byteCount: Int
  /// 32 bytes.
  var sha256: [UInt8]
  var modified: Timestamp?
}

/// A medium that was analysed and is to be stored.
struct Arrival: Sendable {
  /// One of its faces; of a video, one that was followed.
  struct ArrivingFace: Sendable {
    let face: Face
    let crop: [UInt8]?
    let track: Track?
  }

  let uri: String
  let mediaType: MediaType
  let facts: ContentFacts
  let content: MediaContent
  /// `nil` of a photograph.
  let video: VideoContent?
  let faces: [ArrivingFace]
  /// What the user says about it, changing what is stored.
  let details: @Sendable (MediaDetails) throws -> MediaDetails
  /// Whether the analysis is to be stored though content and model are the same.
  var isRepeated = false
}

/// What became of an arrival.
struct Recorded: Sendable {
  enum Outcome: String, Sendable {
    case added = "Added"
    case changed = "Changed"
    case unchanged = "Unchanged"
  }

  let media: MediaID
  let outcome: Outcome
  let faceCount: Int
}

extension Arrival {
  /// A photograph.
  init(
    uri: String, facts: ContentFacts,
    details: @escaping @Sendable (MediaDetails) throws -> MediaDetails, analysis: ImageAnalysis
  ) {
    let info = analysis.info
    self.init(
      uri: uri, mediaType: .image, facts: facts,
      content: MediaContent(
        byteCount: Int64(facts.byteCount), sha256: facts.sha256, modified: facts.modified,
        format: info.format.rawValue,
        dimensions: MediaDimensions(
          storedWidth: info.storedWidth, storedHeight: info.storedHeight, width: info.width,
          height: info.height, orientation: Int(info.orientation.rawValue)),
        captureTime: info.captureTime, position: info.position, cameraMake: info.cameraMake,
        cameraModel: info.cameraModel),
      video: nil,
      faces: analysis.faces.map { ArrivingFace(face: $0.face, crop: $0.thumbnail, track: nil) },
      details: details)
  }

  /// A video.
  init(
    uri: String, facts: ContentFacts,
    details: @escaping @Sendable (MediaDetails) throws -> MediaDetails, findings: VideoFindings,
    founding: TrackFoundingPolicy
  ) {
    let video = findings.facts
    self.init(
      uri: uri, mediaType: .video, facts: facts,
      content: MediaContent(
        byteCount: Int64(facts.byteCount), sha256: facts.sha256, modified: facts.modified,
        format: findings.format,
        dimensions: MediaDimensions(
          storedWidth: video.storedWidth, storedHeight: video.storedHeight, width: video.width,
          height: video.height, orientation: video.orientation),
        captureTime: video.creationTime.flatMap(CaptureTime.init(iso8601:))),
      video: VideoContent(
        duration: findings.duration, frameRate: video.frameRate, codec: video.codec,
        note: findings.note),
      faces: findings.tracks.map { track in
        ArrivingFace(
          face: track.face(founding), crop: track.representatives[0].described.thumbnail,
          track: track.stored)
      }, details: details)
  }
}
