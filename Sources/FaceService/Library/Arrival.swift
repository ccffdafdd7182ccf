internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging

/// What a file is, as far as that is known without decoding it.
struct ContentFacts: Sendable {
  var byteCount: Int
  /// 32 bytes.
  var sha256: [UInt8]
  var modified: Timestamp?
}

/// A medium that was analysed and is to be stored.
struct Arrival: Sendable {
  let uri: String
  let facts: ContentFacts
  /// What the user says about it, changing what is stored.
  let details: @Sendable (MediaDetails) throws -> MediaDetails
  let analysis: ImageAnalysis
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
  var content: MediaContent {
    let info = analysis.info
    return MediaContent(
      byteCount: Int64(facts.byteCount), sha256: facts.sha256, modified: facts.modified,
      format: info.format.rawValue,
      dimensions: MediaDimensions(
        storedWidth: info.storedWidth, storedHeight: info.storedHeight, width: info.width,
        height: info.height, orientation: Int(info.orientation.rawValue)),
      captureTime: info.captureTime, position: info.position, cameraMake: info.cameraMake,
      cameraModel: info.cameraModel)
  }
}
