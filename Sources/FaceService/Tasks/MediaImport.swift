internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Synchronization
internal import Threading
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
  let installed: InstalledModels
  /// Media that one transaction stores at most.
  let batchSize: Int
  /// How long the first medium of a batch waits for the others.
  let batchInterval: Duration

  /// Paths that one transaction queues.
  private static let listingBatch = 1000
  /// Paths that are read from the queue at a time, to be worked on.
  private static let claimBatch = 256
  /// The most files that a worker takes at once: their faces are embedded together.
  private static let groupLimit = 4
  /// Paths that are read from the queue at a time, to see what is in it.
  private static let queueReadingBatch = 10_000

  /// What came of one file.
  struct Finding: Sendable {
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
      let work = items.map {
        Item(
          path: $0.path, ordinal: $0.ordinal, task: task, library: library,
          isExplicit: explicit.contains($0.path))
      }
      for group in groups(of: work) {
        guard !control.isCancelled else { return }
        pending.begin()
        let isQueued = pool.later { [self] analyzer, workspace in
          defer { pending.end() }
          examine(group, parameters, control, analyzer, &workspace) { _ = findings.put($0) }
        }
        guard isQueued else {
          pending.end()
          throw ServiceStopped()
        }
      }
    }
  }

  /// Files that one worker takes at once.
  ///
  /// Few files are spread over all workers rather than taken together, and what takes long, a video,
  /// keeps no photograph waiting.
  private func groups(of items: [Item]) -> [[Item]] {
    let limit = max(1, min(Self.groupLimit, items.count / (2 * pool.workers)))
    var groups: [[Item]] = []
    var isOpen = false
    for item in items {
      let isVideo = looksLikeVideo(item.path)
      if isOpen, !isVideo, groups[groups.count - 1].count < limit {
        groups[groups.count - 1].append(item)
      } else {
        groups.append([item])
      }
      isOpen = !isVideo
    }
    return groups
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
