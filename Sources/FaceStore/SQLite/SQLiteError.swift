internal import CSQLite

/// A failure in SQLite's own words; every code is explained at <https://sqlite.org/rescode.html>.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The extended result code, such as 2067 for `SQLITE_CONSTRAINT_UNIQUE`.
  public let code: Int32
  public let message: String
  /// The statement that failed, without the values bound to it; empty where there is none.
  public let sql: String

  public init(code: Int32, message: String, sql: String) {
    self.code = code
    self.message = message
    self.sql = sql
  }

  /// The low byte of ``code``: the kind of the failure, such as 19 for `SQLITE_CONSTRAINT`.
  public var primaryCode: Int32 { code & 0xFF }

  public var isBusy: Bool { primaryCode == SQLITE_BUSY }
  public var isDiskFull: Bool { primaryCode == SQLITE_FULL }
  public var isTooBig: Bool { primaryCode == SQLITE_TOOBIG }
  public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
  public var isForeignKeyConstraint: Bool { code == Self.extended(SQLITE_CONSTRAINT, 3) }
  public var isUniqueConstraint: Bool {
    code == Self.extended(SQLITE_CONSTRAINT, 8)  // SQLITE_CONSTRAINT_UNIQUE
      || code == Self.extended(SQLITE_CONSTRAINT, 6)  // SQLITE_CONSTRAINT_PRIMARYKEY
  }
  /// Whether the file is damaged or is no database at all.
  public var isCorruption: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

  public var description: String {
    let beginning = sql.prefix(200)
    let statement = sql.isEmpty ? "" : " in: \(beginning)\(beginning.count < sql.count ? "…" : "")"
    return "SQLite error \(code), \(message)\(statement)"
  }

  /// What SQLite's own checks of a file have found.
  static func corruption(_ findings: String) -> SQLiteError {
    SQLiteError(code: SQLITE_CORRUPT, message: findings, sql: "")
  }

  /// The transaction that a statement belongs to has ended with an earlier error.
  static func rolledBack(_ sql: String) -> SQLiteError {
    SQLiteError(
      code: extended(SQLITE_ABORT, 2),  // SQLITE_ABORT_ROLLBACK
      message: "the transaction was rolled back by an earlier error", sql: sql)
  }

  /// Builds an extended code as sqlite3.h does; the macros themselves are not visible to Swift.
  private static func extended(_ primary: Int32, _ detail: Int32) -> Int32 {
    primary | (detail << 8)
  }
}
