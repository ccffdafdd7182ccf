internal import FaceAnalysis
internal import FaceStore
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import Synchronization
internal import Threading
internal import VideoDecoding
internal import WireProtocol

/// Imports files and folders: lists them, analyses them on every worker, stores them in batches.
///
/// What is to be done stands in the store first and is ticked off in the transaction that stores
/// its outcome, so that an import which is interrupted goes on where it stopped and nothing is
/// stored twice.
struct MediaImport: Sendable {
  let store: FaceStore
  let libraries: FaceLibraries
  let pool: AnalysisPool
  let images: ImageSource
  let options: AnalysisOptions
  let videos: VideoAnalysis
  /// Media that one transaction stores at most.
  let batchSize: Int
  /// How long the first medium of a batch waits for the others.
  let batchInterval: Duration

  /// Paths that one transaction queues.
  private static let listingBatch = 1000
  /// Paths that are read from the queue at a time, to be worked on.
  private static let claimBatch = 256
  /// Paths that are read from the queue at a time, to see what is in it.
  private static let queueReadingBatch = 10_000

  /// What came of one file.
  private struct Finding: Sendable {
    enum Result: Sendable {
      case analysed(Arrival)
      case unchanged(MediaID)
      /// Neither by content nor by name an image or a video, and not asked for by name.
      case skipped
      case refused(code: ErrorCode, reason: String)
    }
    let ordinal: Int
    let result: Result
  }

  func run(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    guard let library = task.library else {
      return .init(status: .failed, message: "The library was dropped.")
    }
    let parameters = try ImportParameters(json: task.parameters)
    let stored = try store.read { try $0.task(task.id) } ?? task
    control.update { progress in
      progress.total = stored.progress.total
      progress.done = stored.progress.done + stored.progress.refused
      progress.refused = stored.progress.refused
    }
    if try store.read({ try $0.metaValue(Self.listedMark(task.id)) }) == nil {
      guard try list(parameters, task.id, control) else { return cancelled(control) }
    }
    try process(task.id, library, parameters, control)
    while !control.isCancelled, try !libraries.settle(library) {}
    try store.write { try $0.removeMetaValue(Self.listedMark(task.id)) }
    return control.isCancelled ? cancelled(control) : finished(control)
  }

  /// Remembers that all paths of a task are queued.
  private static func listedMark(_ task: TaskID) -> String { "listed-\(task)" }

  private func cancelled(_ control: TaskControl) -> TaskRegistry.TaskEnd {
    .init(
      status: .cancelled,
      message: "Cancelled after \(control.progress.done) of \(control.progress.total) files; "
        + "what was stored stays.")
  }

  private func finished(_ control: TaskControl) -> TaskRegistry.TaskEnd {
    let progress = control.progress
    let stored = progress.done - progress.refused - progress.unchanged - progress.skipped
    return .init(
      status: .succeeded,
      message: "\(stored) files stored, \(progress.unchanged) unchanged, "
        + "\(progress.skipped) skipped, \(progress.refused) refused; \(progress.faces) faces.",
      outcome: [
        "Stored": stored, "Unchanged": progress.unchanged, "Skipped": progress.skipped,
        "Refused": progress.refused, "Faces": progress.faces,
      ])
  }

  // MARK: Listing

  /// The paths that a task has queued so far.
  private func queuedPaths(of task: TaskID) throws -> Set<String> {
    try store.read { snapshot in
      var paths = Set<String>()
      var last = -1
      while true {
        let items = try snapshot.taskItems(of: task, after: last, count: Self.queueReadingBatch)
        guard let end = items.last else { return paths }
        paths.formUnion(items.map(\.path))
        last = end.ordinal
      }
    }
  }

  /// Queues every file below the paths; `false` if the task was cancelled meanwhile.
  private func list(
    _ parameters: ImportParameters, _ task: TaskID, _ control: TaskControl
  ) throws -> Bool {
    // An interrupted listing begins anew; what it had queued is in order and is passed over.
    var known = try queuedPaths(of: task)
    var batch: [String] = []
    func flush() throws {
      let paths = batch.filter { known.insert($0).inserted }
      batch = []
      guard !paths.isEmpty else { return }
      try store.write { try $0.appendItems(to: task, paths: paths) }
      control.update { $0.total += paths.count }
    }
    func queue(_ path: String) throws -> Bool {
      batch.append(path)
      if batch.count >= Self.listingBatch { try flush() }
      return !control.isCancelled
    }
    for path in parameters.paths {
      guard isFolder(path) else {
        guard try queue(path) else { return false }
        continue
      }
      let wentThrough = try FolderWalk.walk(path, visit: queue) { folder, _ in
        // Queued like a file: reading it will fail in the same words, and be reported.
        _ = try queue(folder)
      }
      guard wentThrough else { return false }
    }
    try flush()
    try store.write { try $0.setMetaValue(Self.listedMark(task), "yes") }
    return true
  }

  // MARK: Processing

  private func process(
    _ task: TaskID, _ library: LibraryID, _ parameters: ImportParameters, _ control: TaskControl
  ) throws {
    let findings = BlockingQueue<Finding>(capacity: 4 * pool.workers)
    let explicit = Set(parameters.paths)
    let failure = Mutex<(any Error)?>(nil)
    startThread(named: "import") { [self] in
      do {
        try feed(task, library, parameters, explicit, findings, control)
      } catch {
        failure.withLock { $0 = error }
      }
      findings.close()
    }
    var isOpen = true
    while isOpen {
      var batch: [Finding] = []
      guard let first = findings.take() else { break }
      batch.append(first)
      let deadline = ContinuousClock.now + batchInterval
      while batch.count < batchSize {
        let left = deadline - .now
        guard left > .zero, let next = findings.take(within: left) else { break }
        switch next {
        case .element(let finding): batch.append(finding)
        case .closed: isOpen = false
        }
        if !isOpen { break }
      }
      try commit(batch, task, library, control)
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Hands the queued files to the workers, and returns when each has answered.
  private func feed(
    _ task: TaskID, _ library: LibraryID, _ parameters: ImportParameters, _ explicit: Set<String>,
    _ findings: BlockingQueue<Finding>, _ control: TaskControl
  ) throws {
    let pending = Countdown()
    defer { pending.wait() }
    var last = -1
    while !control.isCancelled {
      let items = try store.read { snapshot in
        try snapshot.taskItems(of: task, state: .queued, after: last, count: Self.claimBatch)
      }
      guard let end = items.last else { return }
      last = end.ordinal
      for item in items {
        guard !control.isCancelled else { return }
        pending.begin()
        let isExplicit = explicit.contains(item.path)
        let isQueued = pool.later { [self] analyzer, workspace in
          defer { pending.end() }
          guard !control.isCancelled else { return }
          let result = examine(
            Item(
              path: item.path, ordinal: item.ordinal, task: task, library: library,
              isExplicit: isExplicit), parameters, control, analyzer, &workspace)
          if let result { _ = findings.put(Finding(ordinal: item.ordinal, result: result)) }
        }
        guard isQueued else {
          pending.end()
          throw ServiceStopped()
        }
      }
    }
  }

  /// A file to be looked at.
  private struct Item {
    let path: String
    let ordinal: Int
    let task: TaskID
    let library: LibraryID
    /// Whether the request names it, rather than a folder around it.
    let isExplicit: Bool
  }

  /// Reads and analyses one file; whatever is wrong with it becomes its result.
  ///
  /// - Returns: `nil` if the task was cancelled meanwhile.
  private func examine(
    _ item: Item, _ parameters: ImportParameters, _ control: TaskControl,
    _ analyzer: FaceAnalyzer, _ workspace: inout AnalysisWorkspace
  ) -> Finding.Result? {
    do {
      let file = try images.open(item.path)
      let header = file.header(VideoContainer.headerLength)
      if ImageFormat(recognizing: header) == nil {
        if header.isEmpty, looksLikeVideo(item.path) { throw VideoError.empty }
        if let container = VideoContainer(header: header) {
          return try examine(
            item, file, container, parameters, control, analyzer, &workspace)
        }
      }
      let image = try file.load(limit: images.byteLimit)
      let facts = image.facts()
      if let known = try known(item, facts, parameters) { return .unchanged(known) }
      let analysis = try analyzer.analyze(image.bytes, workspace: &workspace, options: options)
      return .analysed(
        Arrival(
          uri: fileURL(item.path), facts: facts,
          details: { try parameters.details(changing: $0) }, analysis: analysis))
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
    try store.read { snapshot -> MediaID? in
      guard let known = try snapshot.media(in: item.library, uri: fileURL(item.path)),
        try snapshot.isUnchanged(known, facts, model: libraries.model.fingerprint),
        parameters.changesNothing(of: known.details)
      else { return nil }
      return known.id
    }
  }

  /// Analyses one video, or goes on where an interrupted run of the task stopped.
  private func examine(
    _ item: Item, _ file: borrowing OpenFile, _ container: VideoContainer,
    _ parameters: ImportParameters, _ control: TaskControl, _ analyzer: FaceAnalyzer,
    _ workspace: inout AnalysisWorkspace
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
    let findings = try videos.findings(
      in: file, container, analyzer, &workspace,
      resuming: checkpoint.flatMap(VideoCheckpoint.init),
      VideoAnalysis.Observer(
        report: progress.report, isCancelled: { control.isCancelled },
        save: { state, isFirst in
          try store.write {
            try $0.setCheckpoint(
              state, of: item.task, ordinal: item.ordinal, replacingParts: isFirst)
          }
        }))
    duration = findings.duration
    return .analysed(
      Arrival(
        uri: fileURL(item.path), facts: facts, details: { try parameters.details(changing: $0) },
        findings: findings, founding: videos.settings.tracking.founding))
  }

  private func commit(
    _ batch: [Finding], _ task: TaskID, _ library: LibraryID, _ control: TaskControl
  ) throws {
    var arrivals: [(ordinal: Int, arrival: Arrival)] = []
    var outcomes: [TaskItemOutcome] = []
    var progress = TaskMessage.Progress()
    for finding in batch {
      switch finding.result {
      case .analysed(let arrival): arrivals.append((finding.ordinal, arrival))
      case .unchanged(let media):
        outcomes.append(TaskItemOutcome(ordinal: finding.ordinal, result: .done(media)))
        progress.unchanged += 1
      case .skipped:
        outcomes.append(TaskItemOutcome(ordinal: finding.ordinal, result: .done(nil)))
        progress.skipped += 1
      case .refused(let code, let reason):
        outcomes.append(
          TaskItemOutcome(
            ordinal: finding.ordinal, result: .refused(code: code.rawValue, message: reason)))
        progress.refused += 1
      }
    }
    let recorded = try libraries.record(arrivals.map(\.arrival), in: library) {
      transaction, recorded in
      let stored = zip(arrivals, recorded).map {
        TaskItemOutcome(ordinal: $0.ordinal, result: .done($1.media))
      }
      try transaction.finishItems(of: task, outcomes + stored)
      try transaction.removeCheckpoints(of: task, ordinals: batch.map(\.ordinal))
    }
    // A library that grows fast is kept in order on the way.
    _ = try libraries.settle(library)
    progress.faces = recorded.reduce(0) { $0 + $1.faceCount }
    progress.unchanged += recorded.count { $0.outcome == .unchanged }
    let (news, count) = (progress, batch.count)
    control.update { progress in
      progress.done += count
      progress.unchanged += news.unchanged
      progress.skipped += news.skipped
      progress.refused += news.refused
      progress.faces += news.faces
    }
  }
}
