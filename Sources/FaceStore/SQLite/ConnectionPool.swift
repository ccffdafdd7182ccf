internal import Dispatch
internal import Synchronization

/// Connections that many threads share, each used by one at a time.
///
/// A thread that finds none left waits.
final class ConnectionPool: Sendable {
  /// Hands a connection from thread to thread.
  ///
  /// Unchecked because a connection is either in `idle` or with the one thread that took it out.
  private struct Handle: @unchecked Sendable {
    let connection: Connection
  }

  private let path: String
  private let options: Connection.Options
  private let vacancies: DispatchSemaphore
  private let idle = Mutex<[Handle]>([])

  init(path: String, options: Connection.Options, limit: Int) {
    self.path = path
    self.options = options
    vacancies = DispatchSemaphore(value: limit)
  }

  /// Closes the connections; nobody may be using one.
  func close() { idle.withLock { $0.removeAll() } }

  /// Lends a connection for the length of `body`.
  func withConnection<Result>(
    _ body: (Connection) throws -> Result
  ) throws -> Result {
    vacancies.wait()
    defer { vacancies.signal() }
    let handle: Handle
    if let idle = idle.withLock({ $0.popLast() }) {
      handle = idle
    } else {
      handle = Handle(connection: try Connection(path: path, options: options))
    }
    defer {
      // One whose rollback failed, as after an error of the disk, is closed instead.
      if !handle.connection.isInTransaction { idle.withLock { $0.append(handle) } }
    }
    return try body(handle.connection)
  }
}
