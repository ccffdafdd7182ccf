public import FaceTypes

/// The state of the store at one moment; every read within one closure sees the same.
///
/// Not `Sendable`, and of no use once its closure has ended.
public class Snapshot {
  private let openConnection: Connection
  private var isOpen = true

  init(_ connection: Connection) {
    openConnection = connection
  }

  final func close() { isOpen = false }

  final var connection: Connection {
    precondition(isOpen, "a snapshot is used within its closure")
    return openConnection
  }

  /// Reads every row of a result.
  final func rows<Value>(
    _ sql: SQL, _ read: (inout Row) throws(StoreError) -> Value
  ) throws(StoreError) -> [Value] {
    var values: [Value] = []
    try forEachRow(sql) { row throws(StoreError) in values.append(try read(&row)) }
    return values
  }

  /// Reads the first row of a result; `nil` without one.
  final func firstRow<Value>(
    _ sql: SQL, _ read: (inout Row) throws(StoreError) -> Value
  ) throws(StoreError) -> Value? {
    try translating(path: connection.path) {
      var statement = try connection.statement(sql)
      guard try statement.step() else { return nil }
      var row = statement.row
      return try read(&row)
    }
  }

  /// Hands the rows of a result over one by one.
  final func forEachRow(
    _ sql: SQL, _ body: (inout Row) throws(StoreError) -> Void
  ) throws(StoreError) {
    try translating(path: connection.path) {
      var statement = try connection.statement(sql)
      while try statement.step() {
        var row = statement.row
        try body(&row)
      }
    }
  }

  /// The integer of a result of one row and one column.
  final func integer(_ sql: SQL) throws(StoreError) -> Int64? {
    try firstRow(sql) { $0.integer() }
  }

  /// The count of a `SELECT count(*)`.
  final func count(_ sql: SQL) throws(StoreError) -> Int {
    Int(try integer(sql) ?? 0)
  }
}

/// A snapshot that can be changed; all of it happens, or none.
public final class Transaction: Snapshot {
  /// When the transaction began: the date of everything it writes.
  public let now: Timestamp
  /// Rows with something personal in them that the transaction erased.
  var erasedRows = 0
  /// What changes of identity are recorded as; `nil` until the first.
  var openEvent: OpenIdentityEvent?

  init(_ connection: Connection, now: Timestamp) {
    self.now = now
    super.init(connection)
  }

  /// Runs a statement.
  ///
  /// - Returns: the number of rows changed.
  @discardableResult
  func execute(_ sql: SQL) throws(StoreError) -> Int {
    try translating(path: connection.path) {
      try change(sql)
      return connection.changeCount
    }
  }

  /// Inserts a row.
  ///
  /// - Returns: the key of the row; `nil` if another row has the same unique key.
  func insert(_ sql: SQL) throws(StoreError) -> Int64? {
    try translating(path: connection.path) {
      do {
        try change(sql)
        return connection.lastInsertedRow
      } catch let error as SQLiteError where error.isUniqueConstraint {
        return nil
      }
    }
  }

  /// Runs a statement, unless an error such as a full disk has ended the transaction behind the
  /// back of its closure: it would then be a transaction of its own.
  private func change(_ sql: SQL) throws(SQLiteError) {
    guard connection.isInTransaction else { throw .rolledBack(sql.text) }
    try connection.execute(sql)
  }

  /// Refuses a text that is not JSON.
  func checkJSON(_ text: String, field: String) throws(StoreError) {
    guard try integer("SELECT json_valid(\(text))") == 1 else {
      throw .invalidValue(field: field, reason: "it is not JSON")
    }
  }
}
