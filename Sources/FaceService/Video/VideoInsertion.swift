internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import VideoDecoding
internal import WireProtocol

/// An open file that a job on another thread reads.
final class SharedFile: Sendable {
  let file: OpenFile

  init(_ file: consuming OpenFile) { self.file = file }
}

extension OpenFile {
  /// What kind of video the file is; `nil` if it is an image, or nothing that is known.
  ///
  /// - Parameter wanted: Whether the request says that it is a video.
  /// - Returns: The kind.
  /// - Throws: ``VideoError/empty``.
  func videoContainer(wanted: Bool) throws -> VideoContainer? {
    let header = self.header(VideoContainer.headerLength)
    if header.isEmpty, wanted { throw VideoError.empty }
    return VideoContainer(ofMediumWith: header)
  }
}

extension VideoContainer {
  /// The kind of video that a medium is, by its first bytes; `nil` if it is an image, or nothing that
  /// is known.
  init?(ofMediumWith header: [UInt8]) {
    guard ImageFormat(recognizing: header) == nil else { return nil }
    self.init(header: header)
  }
}

extension WireError {
  /// What was given is no video, or not in a way in which videos can be.
  static func noVideo(_ reason: String) -> WireError {
    WireError(
      .videoInvalid, reason, field: "Input",
      hint: "A video is given as a path, a passed descriptor, or frame by frame in Frames.")
  }
}

extension Service {
  /// Analyses and stores a video that came with a request, and answers the request when that is
  /// done.
  ///
  /// - Parameters:
  ///   - shared: The open video.
  ///   - container: What it is.
  ///   - uri: What it is called.
  ///   - modified: In place of the file's own time.
  ///   - details: What the user says about it, changing what is stored.
  ///   - library: Where it goes.
  ///   - context: The request to answer; its cancelling ends the analysis.
  ///   - reply: Makes the answer of what was stored; ``reply(to:)`` unless it is given.
  /// - Throws: ``ServiceStopped``.
  func insertVideo(
    _ shared: SharedFile, _ container: VideoContainer, uri: String, modified: Timestamp?,
    details: @escaping @Sendable (MediaDetails) throws -> MediaDetails, _ library: LibraryID,
    _ context: RequestContext, reply: (@Sendable (Recorded) throws -> Reply)? = nil
  ) throws {
    try onVideoThread(context, reply: reply) { [self] workspace, isCancelled in
      let facts = ContentFacts(
        byteCount: shared.file.facts.byteCount,
        sha256: try shared.file.digest(isCancelled: isCancelled),
        modified: modified ?? shared.file.facts.modified)
      guard !isCancelled() else { throw VideoError.cancelled }
      if let known = try unchanged(uri, facts, details, library) { return known }
      let findings = try installedModels.withDescriber { describer in
        try videos.findings(
          in: shared.file, container, describer, &workspace,
          VideoAnalysis.Observer(isCancelled: isCancelled))
      }
      let arrival = Arrival(
        uri: uri, facts: facts, details: details, findings: findings,
        founding: videos.settings.tracking.founding)
      return try people.record([arrival], in: library)[0]
    }
  }

  /// The stored medium of this name, if nothing about it is new.
  func unchanged(
    _ uri: String, _ facts: ContentFacts,
    _ details: @Sendable (MediaDetails) throws -> MediaDetails, _ library: LibraryID
  ) throws -> Recorded? {
    try store.read { snapshot -> Recorded? in
      guard let known = try snapshot.media(in: library, uri: uri),
        try snapshot.isUnchanged(known, facts, model: people.model),
        try details(known.details) == known.details
      else { return nil }
      return Recorded(
        media: known.id, outcome: .unchanged, faceCount: try snapshot.figures(of: known.id).count)
    }
  }

  /// Does something on the thread for videos, and answers the request with what came of it.
  ///
  /// - Parameters:
  ///   - context: The request.
  ///   - reply: Makes the answer of what was stored; ``reply(to:)`` unless it is given.
  ///   - body: Is told how to find out whether it is still wanted.
  /// - Throws: ``ServiceStopped``.
  func onVideoThread(
    _ context: RequestContext, reply: (@Sendable (Recorded) throws -> Reply)? = nil,
    _ body:
      @escaping @Sendable (inout AnalysisWorkspace, @escaping @Sendable () -> Bool) throws ->
      Recorded
  ) throws {
    let isQueued = pool.video { [self] _, workspace in
      let isCancelled: @Sendable () -> Bool = { context.isCancelled || self.isStopping }
      guard !isCancelled() else { return context.refuse(WireError(mapping: ServiceStopped())) }
      do {
        let recorded = try body(&workspace, isCancelled)
        context.answer(try reply?(recorded) ?? self.reply(to: recorded))
      } catch {
        let cause: any Error = isStopping ? ServiceStopped() : error
        context.refuse(
          wireError(cause, method: "InsertMediaToSearchLib", requestID: context.requestID))
      }
    }
    guard isQueued else { throw ServiceStopped() }
  }
}
