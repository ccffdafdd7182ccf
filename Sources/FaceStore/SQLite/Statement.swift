internal import CSQLite

/// SQLite's handle of a statement; owned by the connection that prepared it.
@safe
struct PreparedStatement {
  let handle: OpaquePointer

  init(handle: OpaquePointer) { unsafe self.handle = handle }

  /// Makes it ready for its next use, and forgets its values.
  func reset() {
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  func finalize() { unsafe sqlite3_finalize(handle) }
}

/// A prepared statement on loan from its connection, which keeps it for the next use.
///
/// Not copyable and not `Sendable`: it lives and dies where its connection does.
@safe
struct Statement: ~Copyable {
  private let prepared: PreparedStatement
  private let connection: Connection
  private let text: String

  init(_ prepared: PreparedStatement, connection: Connection, text: String) {
    self.prepared = prepared
    self.connection = connection
    self.text = text
  }

  deinit { connection.takeBack(prepared, text: text) }

  private var handle: OpaquePointer { unsafe prepared.handle }

  /// Gives the parameters their values, from the first on.
  ///
  /// - Precondition: there are as many values as parameters.
  func bind(_ values: [SQLValue]) throws(SQLiteError) {
    precondition(
      unsafe sqlite3_bind_parameter_count(handle) == Int32(values.count),
      "a statement gets a value for each parameter")
    for (position, value) in values.enumerated() {
      let result = bind(value, at: Int32(position + 1))
      guard result == SQLITE_OK else { throw connection.error(code: result, sql: text) }
    }
  }

  /// Goes to the next row; `false` when there is none.
  mutating func step() throws(SQLiteError) -> Bool {
    let result = unsafe sqlite3_step(handle)
    switch result {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.error(code: result, sql: text)
    }
  }

  /// The row that ``step()`` arrived at; to be read before the next step.
  var row: Row { unsafe Row(statement: handle) }

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
    switch value {
    case .null: return unsafe sqlite3_bind_null(handle, index)
    case .integer(let value): return unsafe sqlite3_bind_int64(handle, index, value)
    case .real(let value): return unsafe sqlite3_bind_double(handle, index, value)
    case .text(var value):
      return value.withUTF8 { bytes in
        // An empty buffer may have no address, and no address would mean NULL.
        guard let address = bytes.baseAddress else {
          return unsafe figured_sqlite3_bind_text_copy(handle, index, "", 0)
        }
        return unsafe address.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
          unsafe figured_sqlite3_bind_text_copy(handle, index, text, UInt64(bytes.count))
        }
      }
    case .blob(let value):
      guard !value.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
      return unsafe value.withUnsafeBytes { bytes in
        unsafe figured_sqlite3_bind_blob_copy(
          handle, index, bytes.baseAddress, UInt64(bytes.count))
      }
    }
  }
}
