/// One value of a column or of a parameter.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// SQL text together with the values of its parameters.
///
/// Text comes from literals of the source alone; whatever is interpolated becomes a parameter, and
/// another piece of `SQL` becomes a part of the text. So no value can ever be read as SQL:
///
///     let sql: SQL = "SELECT id FROM media WHERE uri = \(uri)"   // … WHERE uri = ?
struct SQL: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String
  private(set) var values: [SQLValue]

  init(stringLiteral literal: StaticString) {
    text = literal.description
    values = []
  }

  init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    values = stringInterpolation.values
  }

  private init(text: String, values: [SQLValue]) {
    self.text = text
    self.values = values
  }

  static func + (left: SQL, right: SQL) -> SQL {
    SQL(text: left.text + right.text, values: left.values + right.values)
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""
    fileprivate(set) var values: [SQLValue] = []

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    mutating func appendLiteral(_ literal: StaticString) {
      text += literal.description
    }

    mutating func appendInterpolation(_ part: SQL) {
      text += part.text
      values += part.values
    }

    mutating func appendInterpolation(_ value: some SQLConvertible) {
      text += "?"
      values.append(value.sqlValue)
    }

    mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
      text += "?"
      values.append(value?.sqlValue ?? .null)
    }

    /// A list of parameters with commas between them, such as for `IN`.
    mutating func appendInterpolation(list: [some SQLConvertible]) {
      text += Array(repeating: "?", count: list.count).joined(separator: ",")
      values += list.map(\.sqlValue)
    }
  }
}

extension [SQL] {
  /// The conditions with `AND` between them; true if there are none.
  var conjunction: SQL {
    guard var result = first else { return "TRUE" }
    for condition in dropFirst() { result = result + " AND " + condition }
    return result
  }
}

/// A value that SQLite can hold.
protocol SQLConvertible {
  /// The value as SQLite holds it.
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
  var sqlValue: SQLValue { self }
}
extension Int64: SQLConvertible {
  var sqlValue: SQLValue { .integer(self) }
}
extension Int32: SQLConvertible {
  var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension UInt32: SQLConvertible {
  var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension Int: SQLConvertible {
  var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension Bool: SQLConvertible {
  var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}
extension Float: SQLConvertible {
  var sqlValue: SQLValue { .real(Double(self)) }
}
extension Double: SQLConvertible {
  var sqlValue: SQLValue { .real(self) }
}
extension String: SQLConvertible {
  var sqlValue: SQLValue { .text(self) }
}
extension [UInt8]: SQLConvertible {
  var sqlValue: SQLValue { .blob(self) }
}
