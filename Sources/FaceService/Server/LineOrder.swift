internal import Synchronization
internal import Threading

/// Sees to it that the lines of one connection are read in the order in which they came.
///
/// A short line is read at once. A long one is read on another thread, so that it holds up nobody
/// else's; what comes after it on the same connection then waits for it. Called on one thread, that
/// of the event loop.
final class LineOrder: Sendable {
  /// Lines that wait for a long one; `nil` while none is being read.
  private let waiting = Mutex<[@Sendable () -> Void]?>(nil)

  /// Reads a short line: now, or after those before it.
  func readShort(_ read: @escaping @Sendable () -> Void) {
    if !putOff(read) { read() }
  }

  /// Reads a long line on a thread of `pool`, after those before it.
  func readLong(on pool: WorkerPool, _ read: @escaping @Sendable () -> Void) {
    guard !putOff(read) else { return }
    waiting.withLock { $0 = [] }
    pool.submit { [self] in
      read()
      while let next = takeNext() { next() }
    }
  }

  /// Whether `read` has to wait, and does.
  private func putOff(_ read: @escaping @Sendable () -> Void) -> Bool {
    waiting.withLock { waiting in
      waiting?.append(read)
      return waiting != nil
    }
  }

  private func takeNext() -> (@Sendable () -> Void)? {
    waiting.withLock { waiting in
      guard waiting?.isEmpty == false else {
        waiting = nil
        return nil
      }
      return waiting?.removeFirst()
    }
  }
}
