internal import CSystemd
internal import Glibc

/// Tells the service manager what the daemon is doing (sd_notify(3)).
///
/// Without a service manager, that is without NOTIFY_SOCKET, nothing happens.
public struct ServiceManager: Sendable {
  public init() {}

  /// Requests are answered from now on; also ends ``reloading()``.
  public func ready(status: String? = nil) {
    notify("READY=1" + (status.map { "\nSTATUS=\(oneLine($0))" } ?? ""))
  }

  /// A line for people, which `systemctl status` shows.
  public func status(_ text: String) {
    notify("STATUS=\(oneLine(text))")
  }

  /// The configuration is being read again; ``ready(status:)`` must follow, also after a failure.
  public func reloading() {
    // Newer service managers take the time to tell this reload from one that they wait for.
    notify("RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds())")
  }

  /// No more requests are accepted.
  public func stopping() {
    notify("STOPPING=1")
  }

  /// The daemon is alive.
  ///
  /// To be sent by the part whose health is in question, not by a free-running timer, at least every
  /// ``watchdogInterval``.
  public func keepAlive() {
    notify("WATCHDOG=1")
  }

  /// Starting, or stopping, may take this long from now on.
  public func extendTimeout(_ time: Duration) {
    notify("EXTEND_TIMEOUT_USEC=\(microseconds(of: time))")
  }

  /// Half of what the unit allows between two ``keepAlive()``; `nil` if it has no watchdog.
  public var watchdogInterval: Duration? {
    var interval: UInt64 = 0
    guard unsafe sd_watchdog_enabled(0, &interval) > 0 else { return nil }
    return .microseconds(Int64(clamping: interval / 2))
  }

  private func notify(_ state: String) {
    // A failure concerns nobody but the service manager, which acts on silence anyway.
    _ = unsafe sd_notify(0, state)
  }

  /// Without line breaks, which would start another assignment.
  private func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}

private func monotonicMicroseconds() -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
}

private func microseconds(of time: Duration) -> Int64 {
  let (seconds, attoseconds) = time.components
  return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
}
