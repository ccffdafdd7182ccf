/// Waits until everything that was begun has ended.
///
/// `@unchecked Sendable`: `condition` protects the count.
public final class Countdown: @unchecked Sendable {
  private let condition = Condition()
  private var open = 0

  public init() {}

  /// Something more has begun.
  public func begin() { condition.withLock { open += 1 } }

  /// Something has ended.
  public func end() {
    condition.withLock {
      open -= 1
      if open == 0 { condition.wakeAll() }
    }
  }

  /// Waits until as much has ended as was begun.
  public func wait() {
    condition.withLock {
      while open > 0 { condition.wait() }
    }
  }

  /// Waits as ``wait()`` does, but no longer than `limit`; `false` if that was too short.
  public func wait(within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    return condition.withLock {
      while open > 0 {
        let (seconds, attoseconds) = (deadline - .now).components
        let milliseconds = Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        guard milliseconds > 0 else { return false }
        _ = condition.wait(milliseconds: milliseconds)
      }
      return true
    }
  }
}
