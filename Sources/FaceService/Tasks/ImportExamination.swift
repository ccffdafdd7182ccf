internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import VideoDecoding
internal import WireProtocol

// What a worker does with the files that it is handed.

extension MediaImport {
  /// A file to be looked at.
  struct Item {
    let path: String
    let ordinal: Int
    let task: TaskID
    let library: LibraryID
    /// Whether the request names it, rather than a folder around it.
    let isExplicit: Bool
  }

  /// A photograph whose faces wait to be embedded.
  private struct Examined {
    let item: Item
    let facts: ContentFacts
    let image: ExaminedImage
  }

  /// Reads and analyses some files; whatever is wrong with one becomes its result.
  ///
  /// Files that the task's cancellation leaves undone are not reported.
  func examine(
    _ group: [Item], _ parameters: ImportParameters, _ control: TaskControl,
    _ analyzer: FaceAnalyzer, _ workspace: inout AnalysisWorkspace, report: (Finding) -> Void
  ) {
    var examined: [Examined] = []
    for item in group where !control.isCancelled {
      let result = examine(item, parameters, control, analyzer, &workspace) {
        examined.append($0)
      }
      if let result { report(Finding(ordinal: item.ordinal, result: result)) }
    }
    guard !examined.isEmpty, !control.isCancelled else { return }
    let results: [Finding.Result]
    do {
      let analyses = try analyzer.embed(examined.map(\.image), workspace: &workspace)
      results = zip(examined, analyses).map { examined, analysis in
        var arrival = Arrival(
          uri: fileURL(examined.item.path), facts: examined.facts,
          details: { try parameters.details(changing: $0) }, analysis: analysis)
        arrival.isRepeated = parameters.repeats == true
        return .analysed(arrival)
      }
    } catch {
      let refusal = WireError(mapping: error)
      results = examined.map { _ in .refused(code: refusal.code, reason: refusal.message) }
    }
    for (examined, result) in zip(examined, results) {
      report(Finding(ordinal: examined.item.ordinal, result: result))
    }
  }

  /// Reads and analyses one file; whatever is wrong with it becomes its result.
  ///
  /// - Returns: `nil` if the task was cancelled meanwhile, and for a photograph that is well, which
  ///   goes to `wait` instead.
  private func examine(
    _ item: Item, _ parameters: ImportParameters, _ control: TaskControl,
    _ analyzer: FaceAnalyzer, _ workspace: inout AnalysisWorkspace, wait: (Examined) -> Void
  ) -> Finding.Result? {
    do {
      let file = try images.open(item.path)
      let header = file.header(VideoContainer.headerLength)
      if ImageFormat(recognizing: header) == nil {
        if header.isEmpty, looksLikeVideo(item.path) { throw VideoError.empty }
        if let container = VideoContainer(header: header) {
          return try examine(item, file, container, parameters, control, &workspace)
        }
      }
      let image = try file.load(limit: images.byteLimit)
      let facts = image.facts()
      if let known = try known(item, facts, parameters) { return .unchanged(known) }
      let examined = try analyzer.examine(image.bytes, workspace: &workspace, options: options)
      wait(Examined(item: item, facts: facts, image: examined))
      return nil
    } catch ImageError.unknownFormat
      where !item.isExplicit && !looksLikeImage(item.path) && !looksLikeVideo(item.path)
    {
      return .skipped
    } catch VideoError.cancelled {
      return nil
    } catch {
      let refusal = WireError(mapping: error)
      return .refused(code: refusal.code, reason: refusal.message)
    }
  }

  /// The stored medium, if nothing about it is new.
  private func known(
    _ item: Item, _ facts: ContentFacts, _ parameters: ImportParameters
  ) throws -> MediaID? {
    guard parameters.repeats != true else { return nil }
    return try store.read { snapshot -> MediaID? in
      guard let known = try snapshot.media(in: item.library, uri: fileURL(item.path)),
        try snapshot.isUnchanged(known, facts, model: libraries.model),
        parameters.changesNothing(of: known.details)
      else { return nil }
      return known.id
    }
  }

  /// Analyses one video, or goes on where an interrupted run of the task stopped.
  private func examine(
    _ item: Item, _ file: borrowing OpenFile, _ container: VideoContainer,
    _ parameters: ImportParameters, _ control: TaskControl, _ workspace: inout AnalysisWorkspace
  ) throws -> Finding.Result {
    let facts = ContentFacts(
      byteCount: file.facts.byteCount,
      sha256: try file.digest(isCancelled: { control.isCancelled }),
      modified: file.facts.modified)
    guard !control.isCancelled else { throw VideoError.cancelled }
    if let known = try known(item, facts, parameters) { return .unchanged(known) }
    let checkpoint = try store.read { try $0.checkpoint(of: item.task, ordinal: item.ordinal) }
    let progress = VideoProgress(control)
    var duration: Double?
    defer { progress.end(analysed: duration) }
    let observer = VideoAnalysis.Observer(
      report: progress.report, isCancelled: { control.isCancelled },
      save: { state, isFirst in
        try store.write {
          try $0.setCheckpoint(
            state, of: item.task, ordinal: item.ordinal, replacingParts: isFirst)
        }
      })
    let findings = try installed.withDescriber { describer in
      try videos.findings(
        in: file, container, describer, &workspace,
        resuming: checkpoint.flatMap(VideoCheckpoint.init), observer)
    }
    duration = findings.duration
    var arrival = Arrival(
      uri: fileURL(item.path), facts: facts, details: { try parameters.details(changing: $0) },
      findings: findings, founding: videos.settings.tracking.founding)
    arrival.isRepeated = parameters.repeats == true
    return .analysed(arrival)
  }
}
