internal import Synchronization
internal import WireProtocol

/// Adds what is done of one video to its task's progress.
final class VideoProgress: Sendable {
  private let control: TaskControl
  private let counted = Mutex((seconds: 0.0, total: 0.0))
  private let lastReport = Mutex<ContinuousClock.Instant?>(nil)

  /// Watchers are told no more often, since each is sent a line.
  private static let interval = Duration.milliseconds(200)

  /// Seconds to 1/1024: sums and differences of such numbers are exact, so that a finished task's
  /// seconds are those of its total whenever reports came.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1024).rounded() / 1024 }

  /// Begins a video.
  init(_ control: TaskControl) {
    self.control = control
    control.videosUnderway(1)
  }

  /// Takes the new state in.
  func report(_ advance: VideoAnalysis.Advance) {
    let isSoon = lastReport.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < Self.interval { return true }
      last = now
      return false
    }
    guard !isSoon else { return }
    add(seconds: advance.seconds, total: max(advance.total ?? 0, advance.seconds))
  }

  /// Ends the video: nothing of it is left to do.
  ///
  /// - Parameter duration: What was analysed of it in seconds; `nil` if it came to no good end.
  func end(analysed duration: Double?) {
    let seconds = duration ?? counted.withLock(\.seconds)
    control.videosUnderway(-1)
    add(seconds: seconds, total: seconds)
  }

  private func add(seconds: Double, total: Double) {
    let (seconds, total) = (Self.rounded(seconds), Self.rounded(total))
    let (moreSeconds, moreTotal) = counted.withLock { counted in
      defer { counted = (seconds, total) }
      return (seconds - counted.seconds, total - counted.total)
    }
    control.update { progress in
      progress.videoSeconds = (progress.videoSeconds ?? 0) + moreSeconds
      progress.videoSecondsTotal = (progress.videoSecondsTotal ?? 0) + moreTotal
    }
  }
}
