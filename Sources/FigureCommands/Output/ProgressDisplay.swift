internal import Synchronization
package import WireProtocol

/// Shows progress as often as a person can read it: ten times a second on a terminal, every few
/// seconds in a log.
package final class ProgressDisplay: Sendable {
  private let output: Output
  private let label: String
  private let isSilent: Bool
  private let lastShown = Mutex<ContinuousClock.Instant?>(nil)

  private static let redrawInterval = Duration.milliseconds(100)
  private static let logInterval = Duration.seconds(5)

  /// - Parameters:
  ///   - label: what is being done.
  ///   - output: where it is shown.
  ///   - isSilent: shows nothing at all.
  package init(_ label: String, output: Output, isSilent: Bool) {
    self.label = label
    self.output = output
    self.isSilent = isSilent
  }

  package func show(_ progress: TaskProgress, now: ContinuousClock.Instant = .now) {
    guard !isSilent else { return }
    let isBar = output.terminal.errorIsTerminal
    let interval = isBar ? Self.redrawInterval : Self.logInterval
    let isDue = lastShown.withLock { last in
      if let last, now - last < interval { return false }
      // A log starts with the first interval, not with a line that says nothing yet.
      if last == nil, !isBar {
        last = now
        return false
      }
      last = now
      return true
    }
    guard isDue else { return }
    if isBar {
      // One column less: a full last column makes some terminals wrap.
      output.progress(
        ProgressLine.bar(
          label, progress, width: Terminal.errorWidth - 1, isUnicode: output.terminal.isUnicode))
    } else {
      output.note(ProgressLine.plain(label, progress))
    }
  }

  package func end() {
    if !isSilent { output.endProgress() }
  }
}
