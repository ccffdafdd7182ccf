internal import CSQLite

/// A row of a result, whose columns are read from left to right.
///
/// The tables are STRICT, so a column has the declared type or is NULL.
@safe
struct Row: ~Copyable {
  private let statement: OpaquePointer
  private var column: Int32 = 0

  init(statement: OpaquePointer) {
    unsafe self.statement = statement
  }

  mutating func integer() -> Int64 { unsafe sqlite3_column_int64(statement, next()) }
  mutating func int() -> Int { Int(integer()) }
  mutating func bool() -> Bool { integer() != 0 }
  mutating func double() -> Double { unsafe sqlite3_column_double(statement, next()) }
  mutating func float() -> Float { Float(double()) }

  /// Text; bytes that are not UTF-8 become replacement characters.
  mutating func text() -> String {
    let index = next()
    guard let address = unsafe sqlite3_column_text(statement, index) else { return "" }
    let count = unsafe Int(sqlite3_column_bytes(statement, index))
    return unsafe String(
      decoding: UnsafeBufferPointer(start: address, count: count), as: UTF8.self)
  }

  mutating func blob() -> [UInt8] {
    let index = next()
    guard let address = unsafe sqlite3_column_blob(statement, index) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(statement, index))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: address, count: count))
  }

  /// Little-endian 32-bit floats; `nil` if the length is no multiple of four.
  mutating func floats() -> [Float]? {
    let index = next()
    guard let address = unsafe sqlite3_column_blob(statement, index) else { return [] }
    let byteCount = unsafe Int(sqlite3_column_bytes(statement, index))
    guard byteCount % 4 == 0 else { return nil }
    return unsafe [Float](unsafeUninitializedCapacity: byteCount / 4) { values, count in
      count = byteCount / 4
      for position in 0..<count {
        let bits = unsafe address.loadUnaligned(fromByteOffset: 4 * position, as: UInt32.self)
        unsafe values.initializeElement(
          at: position, to: Float(bitPattern: UInt32(littleEndian: bits)))
      }
    }
  }

  /// Whatever the column holds.
  mutating func value() -> SQLValue {
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: .integer(integer())
    case SQLITE_FLOAT: .real(double())
    case SQLITE_TEXT: .text(text())
    case SQLITE_BLOB: .blob(blob())
    default: optional { $0.value() } ?? .null
    }
  }

  /// Skips a column that is NULL; otherwise reads it with `read`.
  mutating func optional<Value>(_ read: (inout Row) -> Value) -> Value? {
    guard unsafe sqlite3_column_type(statement, column) != SQLITE_NULL else {
      column += 1
      return nil
    }
    return read(&self)
  }

  mutating func optionalInteger() -> Int64? { optional { $0.integer() } }
  mutating func optionalDouble() -> Double? { optional { $0.double() } }
  mutating func optionalText() -> String? { optional { $0.text() } }
  mutating func optionalBlob() -> [UInt8]? { optional { $0.blob() } }

  private mutating func next() -> Int32 {
    defer { column += 1 }
    return column
  }
}

extension [Float] {
  /// The bytes of 32-bit floats, least significant first.
  var littleEndianBytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 4 * count) { bytes, byteCount in
      for (position, value) in enumerated() {
        unsafe UnsafeMutableRawBufferPointer(bytes).storeBytes(
          of: value.bitPattern.littleEndian, toByteOffset: 4 * position, as: UInt32.self)
      }
      byteCount = 4 * count
    }
  }
}
