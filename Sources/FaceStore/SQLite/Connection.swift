internal import CSQLite

/// One connection to a database file, with the statements that it has prepared.
///
/// Opened without SQLite's own mutexes, so it may be used by one thread at a time; it is not
/// `Sendable`, and whoever shares it guards it with a lock.
@safe
final class Connection {
  struct Options: Sendable {
    /// Refuses every change.
    var isReadOnly = false
    /// How long a statement waits for a lock of another connection.
    var busyTimeout = 10_000
    /// The size of the page cache, in KiB.
    var cacheKibibytes = 2048
    /// The longest text, blob or row that is accepted.
    var valueByteLimit: Int32 = 16 << 20
  }

  let path: String
  private let handle: OpaquePointer
  private var idleStatements: [String: PreparedStatement] = [:]

  /// More statements than the module has; queries with many combined filters may exceed it.
  private static let idleStatementLimit = 200
  /// Bytes; longer than any text of the module without long lists.
  private static let idleTextLimit = 4096

  /// Opens an existing database file.
  init(path: String, options: Options) throws(SQLiteError) {
    precondition(sqlite3_threadsafe() != 0, "SQLite is built for use by threads")
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let handle = unsafe opened else {
      throw SQLiteError(code: result, message: "out of memory", sql: "")
    }
    self.path = path
    unsafe self.handle = handle
    guard result == SQLITE_OK else { throw error(code: result, sql: "") }
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, options.valueByteLimit)
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    unsafe sqlite3_busy_timeout(handle, Int32(options.busyTimeout))
    let hardened = unsafe figured_sqlite3_harden(handle)
    guard hardened == SQLITE_OK else { throw error(code: hardened, sql: "") }
    try setPragma("cache_size", to: -options.cacheKibibytes)
    // A mapped file turns a failing disk into a signal that ends the process, and reading 100,000
    // figures was not faster with one (64 and 256 MiB tried).
    try execute("PRAGMA mmap_size = 0")
    // Intermediate results hold names and embeddings: not into a file that nobody erases.
    try execute("PRAGMA temp_store = MEMORY")
    try execute("PRAGMA foreign_keys = ON")
    try execute("PRAGMA recursive_triggers = ON")
    if options.isReadOnly {
      try execute("PRAGMA query_only = ON")
    } else {
      // Acknowledged means on disk; erased means overwritten.
      try execute("PRAGMA synchronous = FULL")
      try execute("PRAGMA secure_delete = ON")
      // A log that a slow reader has made long becomes short again.
      try execute("PRAGMA journal_size_limit = 16777216")
    }
  }

  deinit {
    idleStatements.values.forEach { $0.finalize() }
    let result = unsafe sqlite3_close(handle)
    assert(result == SQLITE_OK, "a statement outlives its connection")
  }

  /// Lends a statement, prepared now or earlier, with its values bound.
  func statement(_ sql: SQL) throws(SQLiteError) -> Statement {
    let idle = idleStatements.removeValue(forKey: sql.text)
    let prepared = if let idle { idle } else { try prepare(sql.text) }
    let statement = Statement(prepared, connection: self, text: sql.text)
    try statement.bind(sql.values)
    return statement
  }

  /// Runs a statement to its end and ignores its rows.
  func execute(_ sql: SQL) throws(SQLiteError) {
    var statement = try statement(sql)
    while try statement.step() {}
  }

  /// Runs every statement of `script` in turn.
  func executeScript(_ script: SQL) throws(SQLiteError) {
    precondition(script.values.isEmpty, "a script has no parameters")
    let result = unsafe sqlite3_exec(handle, script.text, nil, nil, nil)
    guard result == SQLITE_OK else { throw error(code: result, sql: script.text) }
  }

  /// The integer in the first column of the first row; `nil` without a row.
  func integer(_ sql: SQL) throws(SQLiteError) -> Int64? {
    var statement = try statement(sql)
    guard try statement.step() else { return nil }
    var row = statement.row
    return row.integer()
  }

  /// The text in the first column of each row.
  func texts(_ sql: SQL) throws(SQLiteError) -> [String] {
    var statement = try statement(sql)
    var texts: [String] = []
    while try statement.step() {
      var row = statement.row
      texts.append(row.text())
    }
    return texts
  }

  /// The number of rows that the last INSERT, UPDATE or DELETE changed, without those of triggers.
  var changeCount: Int { unsafe Int(sqlite3_changes64(handle)) }

  /// The key of the row inserted last.
  var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Gives another piece of the generic half the handle, for one call.
  func withHandle<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    unsafe body(handle)
  }

  /// Describes what this connection's last call ended with.
  func error(code: Int32, sql: String) -> SQLiteError {
    let text = unsafe sqlite3_errmsg(handle)
    let message = unsafe text.map { unsafe String(cString: $0) } ?? "out of memory"
    let extended = unsafe sqlite3_extended_errcode(handle)
    let isDetail = extended & 0xFF == code & 0xFF
    return SQLiteError(code: isDetail ? extended : code, message: message, sql: sql)
  }

  /// Keeps a statement for its next use, without its values.
  func takeBack(_ statement: PreparedStatement, text: String) {
    statement.reset()
    if idleStatements[text] != nil || text.utf8.count > Self.idleTextLimit {
      statement.finalize()
      return
    }
    if idleStatements.count >= Self.idleStatementLimit,
      let evicted = idleStatements.popFirst()
    {
      evicted.value.finalize()
    }
    idleStatements[text] = statement
  }

  private func prepare(_ text: String) throws(SQLiteError) -> PreparedStatement {
    var prepared: OpaquePointer?
    let result = unsafe sqlite3_prepare_v3(
      handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard result == SQLITE_OK, let statement = unsafe prepared else {
      throw error(code: result, sql: text)
    }
    return unsafe PreparedStatement(handle: statement)
  }

  /// Sets a number that PRAGMA takes only as text.
  func setPragma(_ name: StaticString, to value: Int) throws(SQLiteError) {
    let result = unsafe sqlite3_exec(handle, "PRAGMA \(name) = \(value)", nil, nil, nil)
    guard result == SQLITE_OK else { throw error(code: result, sql: "PRAGMA \(name)") }
  }
}
