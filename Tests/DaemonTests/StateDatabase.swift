import CSQLite
import Foundation
import Testing

/// The database of a daemon, opened from outside to check or change what no request can.
final class StateDatabase {
  struct Failure: Error { let reason: String }

  private var handle: OpaquePointer?

  /// Opens the database in a state directory.
  init(in directory: URL) throws {
    let path = directory.appending(path: "figured.sqlite").path
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
      throw failure
    }
    sqlite3_busy_timeout(handle, 10_000)
  }

  deinit { sqlite3_close(handle) }

  private var failure: Failure { Failure(reason: String(cString: sqlite3_errmsg(handle))) }

  /// The first column of every row that a statement gives.
  @discardableResult
  func texts(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
    defer { sqlite3_finalize(statement) }
    var texts: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: texts.append(String(cString: sqlite3_column_text(statement, 0)))
      case SQLITE_DONE: return texts
      default: throw failure
      }
    }
  }
}
