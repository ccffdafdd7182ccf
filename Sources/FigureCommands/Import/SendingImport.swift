internal import FaceClient
internal import Glibc
internal import Synchronization
package import WireProtocol

/// Sends files one by one as descriptors, with as many under way as the daemon allows.
final class SendingImport: Sendable {
  /// What came of it, in the terms of an import that the daemon does by itself.
  struct Outcome: Encodable, Sendable {
    var progress = TaskProgress()
    /// The first that were refused.
    var refusals: [TaskMessage.Refusal] = []

    enum CodingKeys: String, CodingKey {
      case progress = "Progress"
      case refusals = "Refusals"
    }
  }

  private struct Underway {
    let path: String
    let answer: PendingAnswer<InsertMediaResult>
  }

  private let files: [String]
  private let refusals: [TaskMessage.Refusal]
  private let library: String
  private let client: FaceClient
  private let isStopped = Atomic(false)

  /// More are counted, not listed.
  private static let listedRefusals = 20
  /// How often a file is sent again that the daemon had no room for.
  private static let attempts = 5

  /// - Parameters:
  ///   - files: absolute paths.
  ///   - refusals: what could not be read when the files were looked for.
  ///   - library: where the media go.
  ///   - client: whom to send to.
  init(
    files: [String], refusals: [TaskMessage.Refusal], library: String, client: FaceClient
  ) {
    self.files = files
    self.refusals = refusals
    self.library = library
    self.client = client
  }

  /// Sends no more; what is under way is still stored.
  func stop() { isStopped.store(true, ordering: .releasing) }

  /// Sends the files and waits until each is dealt with, or the sending is stopped.
  ///
  /// - Parameter onProgress: called after each file.
  /// - Returns: what came of it.
  /// - Throws: what concerns more than one file, such as a lost connection.
  func run(onProgress: (TaskProgress) -> Void) throws -> Outcome {
    var outcome = Outcome()
    outcome.progress.total = files.count + refusals.count
    for refusal in refusals { refuse(refusal, &outcome) }
    let limits = client.hello.limits
    let window = max(1, min(limits.inFlight, limits.descriptors))
    let started = ContinuousClock.now
    var underway: [Underway] = []
    var next = files.makeIterator()
    while true {
      while underway.count < window, !isStopped.load(ordering: .acquiring), let path = next.next() {
        do {
          underway.append(Underway(path: path, answer: try start(path)))
        } catch let error as OpenFile.Failure {
          refuse(
            .init(inputURL: path, code: "ImageUnreadable", message: error.reason), &outcome)
        }
      }
      guard !underway.isEmpty else { return outcome }
      // Oldest first: answers that come earlier wait, which costs nothing.
      try take(underway.removeFirst(), &outcome)
      outcome.progress.estimate(since: started)
      onProgress(outcome.progress)
    }
  }

  private func start(_ path: String) throws -> PendingAnswer<InsertMediaResult> {
    try client.start(
      .insertMedia(.file(OpenFile(path: path)), name: path, library: library))
  }

  private func take(_ item: Underway, _ outcome: inout Outcome) throws {
    var answer = item.answer
    for attempt in 1... {
      do {
        let result = try answer.wait()
        outcome.progress.done += 1
        if result.outcome == "Unchanged" { outcome.progress.unchanged += 1 }
        outcome.progress.faces += result.mediaInfo.figures?.count ?? 0
        return
      } catch {
        switch error {
        case .refused(let reason) where reason.code == .tooManyRequests && attempt < Self.attempts:
          _ = usleep(200_000 * UInt32(attempt))
          answer = try start(item.path)
        case .refused(let reason) where Self.concernsFile(reason.code):
          return refuse(
            .init(
              inputURL: item.path, code: reason.code.rawValue, message: reason.message), &outcome)
        default:
          throw error
        }
      }
    }
  }

  /// Whether the next file may fare better.
  private static func concernsFile(_ code: ErrorCode) -> Bool {
    switch code {
    case .imageUnreadable, .imageInvalid, .imageTooLarge, .invalidParameter, .videoInvalid,
      .videoReaderMissing:
      true
    default: false
    }
  }

  private func refuse(_ refusal: TaskMessage.Refusal, _ outcome: inout Outcome) {
    outcome.progress.done += 1
    outcome.progress.refused += 1
    if outcome.refusals.count < Self.listedRefusals { outcome.refusals.append(refusal) }
  }
}

extension TaskProgress {
  /// Works out rate and time left from the time that it took so far.
  package mutating func estimate(
    since start: ContinuousClock.Instant, now: ContinuousClock.Instant = .now
  ) {
    let elapsed = start.duration(to: now) / .seconds(1)
    guard elapsed > 0.5, done > 0 else { return }
    let rate = Double(done) / elapsed
    self.rate = rate
    secondsLeft = Double(max(0, total - done)) / rate
  }
}
