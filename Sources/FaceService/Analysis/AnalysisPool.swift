internal import FaceAnalysis
internal import Synchronization
internal import Threading

/// The threads that turn image bytes into faces: some for the backlog, one for whoever waits, and
/// one for videos that came with requests.
///
/// A search must not queue behind an import, so the interactive thread takes interactive jobs
/// only. Each thread owns one workspace, which is most of what an analysis needs of memory.
final class AnalysisPool: Sendable {
  /// What a thread does with its workspace.
  ///
  /// Workspaces cannot be copied or sent, so jobs come to them.
  typealias Job = @Sendable (FaceAnalyzer, inout AnalysisWorkspace) -> Void

  private let interactive = BlockingQueue<Job>(capacity: .max)
  private let backlog: BlockingQueue<Job>
  private let videos = BlockingQueue<Job>(capacity: .max)

  /// What jobs are given; jobs that were begun keep what they have.
  private let analyzer: AnalyzerInUse

  /// Threads that have not ended.
  private let running = Countdown()

  /// Threads that work on the backlog.
  let workers: Int

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - analyzer: what the threads use at first; it has no state of its own.
  ///   - workers: threads for the backlog, besides the interactive one.
  ///   - nice: how far the backlog's threads stand back, 0…19.
  init(analyzer: FaceAnalyzer, workers: Int, nice: Int32) {
    self.workers = workers
    backlog = BlockingQueue(capacity: 2 * workers)
    let analyzer = AnalyzerInUse(analyzer)
    self.analyzer = analyzer
    for _ in 0..<workers + 2 { running.begin() }
    startThread(named: "analyse-now", stackSize: Self.stackSize) { [interactive, running] in
      Self.serve(interactive, analyzer, running)
    }
    startThread(named: "analyse-video", stackSize: Self.stackSize, nice: nice) {
      [videos, running] in
      Self.serve(videos, analyzer, running)
    }
    for number in 1...workers {
      startThread(named: "analyse-\(number)", stackSize: Self.stackSize, nice: nice) {
        [backlog, running] in
        Self.serve(backlog, analyzer, running)
      }
    }
  }

  /// Image codecs keep tables on the stack: libheif's decoders need the most.
  private static let stackSize = 8 << 20

  private static func serve(
    _ jobs: BlockingQueue<Job>, _ analyzer: AnalyzerInUse, _ running: Countdown
  ) {
    defer { running.end() }
    var workspace = AnalysisWorkspace()
    while let job = jobs.take() { job(analyzer.value, &workspace) }
  }

  /// Gives jobs that begin from now on another analyser.
  func use(_ analyzer: FaceAnalyzer) { self.analyzer.value = analyzer }

  /// Jobs of the backlog that no thread has taken yet.
  var backlogCount: Int { backlog.count }

  /// Runs `job` on the interactive thread and waits for its result.
  ///
  /// - Throws: what `job` throws, and ``ServiceStopped`` if the pool has stopped.
  func now<Result: Sendable>(
    _ job: @escaping @Sendable (FaceAnalyzer, inout AnalysisWorkspace) throws -> Result
  ) throws -> Result {
    let answer = BlockingQueue<Swift.Result<Result, any Error>>(capacity: 1)
    let isQueued = interactive.put { analyzer, workspace in
      do {
        _ = answer.put(.success(try job(analyzer, &workspace)))
      } catch {
        _ = answer.put(.failure(error))
      }
    }
    guard isQueued, let result = answer.take() else { throw ServiceStopped() }
    return try result.get()
  }

  /// Queues a job of the backlog, waiting for room; `false` if the pool has stopped.
  func later(_ job: @escaping Job) -> Bool { backlog.put(job) }

  /// Does something about each of some items on the threads of the backlog, and waits for all.
  ///
  /// - Parameters:
  ///   - items: what it is done about.
  ///   - isInterrupted: asked before each item; once `true`, those not begun are left out.
  ///   - body: what is done; `nil` leaves an item out.
  /// - Returns: what `body` returned, in no order.
  /// - Throws: what `body` throws, and ``ServiceStopped`` if the pool has stopped.
  func sideBySide<Item: Sendable, Outcome: Sendable>(
    _ items: [Item], unless isInterrupted: @escaping @Sendable () -> Bool,
    _ body: @escaping @Sendable (Item, inout AnalysisWorkspace) throws -> Outcome?
  ) throws -> [Outcome] {
    let state = Mutex((outcomes: [Outcome](), failure: (any Error)?.none))
    let pending = Countdown()
    for item in items where !isInterrupted() {
      pending.begin()
      let isQueued = later { _, workspace in
        defer { pending.end() }
        guard !isInterrupted() else { return }
        do {
          guard let outcome = try body(item, &workspace) else { return }
          state.withLock { $0.outcomes.append(outcome) }
        } catch {
          state.withLock { $0.failure = error }
        }
      }
      guard isQueued else {
        pending.end()
        pending.wait()
        throw ServiceStopped()
      }
    }
    pending.wait()
    let done = state.withLock { $0 }
    if let failure = done.failure { throw failure }
    return done.outcomes
  }

  /// Queues the analysis of a video that came with a request; `false` if the pool has stopped.
  func video(_ job: @escaping Job) -> Bool { videos.put(job) }

  /// Takes in no more jobs; those queued are still done.
  func stop() {
    interactive.close()
    backlog.close()
    videos.close()
  }

  /// Waits after ``stop()`` until the threads have ended, for `limit` at most: analyses of videos
  /// save how far they have come, and end their programs.
  func finish(within limit: Duration) { _ = running.wait(within: limit) }
}

/// The analyser of the model in use.
private final class AnalyzerInUse: Sendable {
  private let analyzer: Mutex<FaceAnalyzer>

  init(_ analyzer: FaceAnalyzer) { self.analyzer = Mutex(analyzer) }

  var value: FaceAnalyzer {
    get { analyzer.withLock { $0 } }
    set { analyzer.withLock { $0 = newValue } }
  }
}

/// The daemon is on its way down.
struct ServiceStopped: Error {}
