internal import ContentHash
internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import VideoDecoding
internal import WireProtocol

/// A video that a request gives frame by frame, with no need of ffmpeg.
private struct FrameList: Sendable {
  struct Entry: Sendable {
    /// Seconds.
    let time: Double
    let image: ImageReference
  }

  let entries: [Entry]

  static let format = "frames"
  /// Frames of one request.
  private static let limit = 20_000
  /// Seconds.
  private static let timeLimit = 1e6
  private static let expected =
    "a list of 1 to \(limit) objects of a Timestamp in seconds and an Image, in the order of time"

  /// Reads `Frames`.
  init(_ parameters: Parameters) throws(WireError) {
    guard let values = try parameters.array("Frames", limit: Self.limit), !values.isEmpty else {
      throw parameters.missing("Frames", Self.expected)
    }
    var entries: [Entry] = []
    for (index, value) in values.enumerated() {
      guard case .object(let members) = value else {
        throw parameters.invalid("Frames", Self.expected)
      }
      let frame = Parameters(members, path: "Frames[\(index)].")
      try frame.allowOnly(["Timestamp", "Image"])
      let time: Double
      switch frame.value("Timestamp") {
      case .integer(let seconds)?: time = Double(seconds)
      case .double(let seconds)?: time = seconds
      default: throw frame.invalid("Timestamp", "a number of seconds")
      }
      guard (0...Self.timeLimit).contains(time), entries.last.map({ $0.time < time }) ?? true else {
        throw frame.invalid("Timestamp", "later than that of the frame before, from 0")
      }
      entries.append(Entry(time: time, image: try frame.requiredImage("Image")))
    }
    self.entries = entries
  }
}

extension Service {
  /// Analyses and stores a video that came as a list of frames, and answers the request when that
  /// is done.
  ///
  /// - Parameters:
  ///   - parameters: Of the request.
  ///   - library: Where it goes.
  ///   - context: The request to answer; its cancelling ends the analysis.
  /// - Throws: ``WireError`` or ``ServiceStopped``.
  func insertFrames(
    _ parameters: Parameters, _ library: LibraryID, _ context: RequestContext
  ) throws {
    guard !parameters.has("Input") else {
      throw WireError(
        .invalidParameter, "A medium is given by Input or by Frames, not by both.", field: "Frames")
    }
    let list = try FrameList(parameters)
    let uri = try parameters.inputURL(for: nil)
    let modified = try parameters.time("FileModifiedTime")
    try onVideoThread(context) { [self] workspace, isCancelled in
      let (findings, facts) = try installedModels.withDescriber { describer in
        try self.findings(
          in: list, modified: modified, describer, &workspace, context, isCancelled)
      }
      let details: @Sendable (MediaDetails) throws -> MediaDetails = {
        try parameters.mediaDetails(changing: $0)
      }
      if let known = try unchanged(uri, facts, details, library) { return known }
      let arrival = Arrival(
        uri: uri, facts: facts, details: details, findings: findings,
        founding: videos.settings.tracking.founding)
      return try people.record([arrival], in: library)[0]
    }
  }

  private func findings(
    in list: FrameList, modified: Timestamp?, _ analyzer: FaceAnalyzer,
    _ workspace: inout AnalysisWorkspace, _ context: RequestContext, _ isCancelled: () -> Bool
  ) throws -> (VideoFindings, ContentFacts) {
    var following = FaceFollowing(analyzer, videos.settings)
    var digest = SHA256Stream()
    var byteCount = 0
    var size: (width: Int, height: Int)?
    var lastTime = 0.0
    for (index, entry) in list.entries.enumerated() {
      guard !isCancelled() else { throw VideoError.cancelled }
      let bytes = try images.load(entry.image, context).bytes
      digest.append(bytes.span)
      digest.append(Array("\(entry.time)".utf8).span)
      byteCount += bytes.count
      let shown = try analyzer.decodedFrame(bytes, longSide: videos.settings.decoding.frameLongSide)
      let first = size ?? (shown.width, shown.height)
      size = first
      guard (shown.width, shown.height) == first else {
        throw WireError(
          .videoInvalid,
          "Frame \(index) has \(shown.width) × \(shown.height) pixels, the first one has "
            + "\(first.width) × \(first.height).", field: "Frames[\(index)]")
      }
      lastTime = entry.time
      try following.take(
        VideoFrames.Frame(time: entry.time, image: shown.image), isSample: true,
        workspace: &workspace)
    }
    let tracks = try following.finish(at: lastTime, workspace: &workspace)
    let (width, height) = size ?? (0, 0)
    let policy = videos.settings.decoding
    let facts = VideoFacts(
      storedWidth: width, storedHeight: height, width: width, height: height, duration: lastTime,
      frameRate: nil, codec: FrameList.format)
    let scale = facts.shownPerDecodedPixel(policy)
    return (
      VideoFindings(
        facts: facts, format: FrameList.format, tracks: tracks.map { $0.scaled(by: scale) },
        duration: lastTime, note: nil),
      ContentFacts(
        byteCount: byteCount, sha256: digest.finish().bytes, modified: modified)
    )
  }
}
