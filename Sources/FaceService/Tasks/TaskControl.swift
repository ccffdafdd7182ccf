internal import FaceTypes
internal import Synchronization
internal import Threading
internal import WireProtocol

/// A task while it runs: its progress, who watches it, and whether it should stop.
final class TaskControl: Sendable {
  private struct State {
    var progress = TaskMessage.Progress()
    var isCancelled = false
    var outcome: TaskMessage?
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0
    var pace = Pace()
    var videoPace = Pace()
    var videosUnderway = 0

    /// Seconds that are left at the present paces; `nil` as long as there is none.
    var secondsLeft: Double? {
      let items = progress.total - progress.done - videosUnderway
      let video = (progress.videoSecondsTotal ?? 0) - (progress.videoSeconds ?? 0)
      let itemsLeft = pace.rate.flatMap { $0 > 0 ? Double(items) / $0 : nil }
      let videoLeft = videoPace.rate.flatMap { $0 > 0 ? video / $0 : nil }
      guard items <= 0 || itemsLeft != nil || videosUnderway > 0 else { return nil }
      guard videosUnderway == 0 || videoLeft != nil else { return nil }
      if items <= 0, videosUnderway == 0 { return pace.rate == nil ? nil : 0 }
      return (items > 0 ? itemsLeft ?? 0 : 0) + (videosUnderway > 0 ? videoLeft ?? 0 : 0)
    }
  }

  /// What a watcher is told; called on the task's own threads, so it must not block.
  struct Watcher: Sendable {
    let progress: @Sendable (TaskMessage.Progress) -> Void
    let end: @Sendable (TaskMessage) -> Void
  }

  let id: TaskID
  let publicID: PublicIdentifier
  private let state = Mutex(State())
  private let hasSuccessor: @Sendable () -> Bool

  /// - Parameters:
  ///   - id: the task's row.
  ///   - publicID: the name that clients know it by.
  ///   - hasSuccessor: whether another task waits for this one to end.
  init(
    id: TaskID, publicID: PublicIdentifier, hasSuccessor: @escaping @Sendable () -> Bool
  ) {
    self.id = id
    self.publicID = publicID
    self.hasSuccessor = hasSuccessor
  }

  /// Whether another task waits.
  var isAwaited: Bool { hasSuccessor() }

  var isCancelled: Bool { state.withLock(\.isCancelled) }

  /// Asks the task to stop at the next opportunity.
  func cancel() { state.withLock { $0.isCancelled = true } }

  var progress: TaskMessage.Progress { state.withLock(\.progress) }

  /// Changes the progress and tells the watchers.
  func update(_ change: (inout TaskMessage.Progress) -> Void) {
    let (progress, watchers) = state.withLock { state in
      change(&state.progress)
      state.pace.note(done: Double(state.progress.done - state.progress.unchanged))
      state.progress.rate = state.pace.rate
      if let seconds = state.progress.videoSeconds {
        state.videoPace.note(done: seconds)
      }
      state.progress.secondsLeft = state.secondsLeft
      return (state.progress, Array(state.watchers.values))
    }
    for watcher in watchers { watcher.progress(progress) }
  }

  /// A video has begun, or with −1 ended: it is no longer to be counted as one item among others.
  func videosUnderway(_ change: Int) { state.withLock { $0.videosUnderway += change } }

  /// Tells the watchers how it ended, once.
  func end(_ outcome: TaskMessage) {
    let watchers = state.withLock { state in
      state.outcome = outcome
      defer { state.watchers = [:] }
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.end(outcome) }
  }

  /// Has `watcher` told of what happens from now on; of the end at once if it is over.
  ///
  /// - Returns: what ``unwatch(_:)`` takes.
  func watch(_ watcher: Watcher) -> Int {
    let (number, outcome) = state.withLock { state in
      state.nextWatcher += 1
      if state.outcome == nil { state.watchers[state.nextWatcher] = watcher }
      return (state.nextWatcher, state.outcome)
    }
    if let outcome { watcher.end(outcome) }
    return number
  }

  func unwatch(_ number: Int) { state.withLock { _ = $0.watchers.removeValue(forKey: number) } }
}

/// How fast something gets done, over the last ten seconds.
struct Pace {
  private static let window = Duration.seconds(10)
  private var samples: [(time: ContinuousClock.Instant, done: Double)] = []

  /// Items a second; `nil` until there is half a second to judge by.
  private(set) var rate: Double?

  mutating func note(done: Double, at now: ContinuousClock.Instant = .now) {
    samples.append((now, done))
    samples.removeAll { now - $0.time > Self.window }
    guard let first = samples.first, now - first.time > .milliseconds(500) else { return }
    rate = (done - first.done) / (now - first.time).seconds
  }
}

extension Duration {
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
