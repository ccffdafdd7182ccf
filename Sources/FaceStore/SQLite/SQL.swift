/// One value of a column or of a parameter.
package enum SQLValue: Hashable, Sendable {
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
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  package private(set) var text: String
  package private(set) var values: [SQLValue]

  package init(stringLiteral literal: StaticString) {
    text = literal.description
    values = []
  }

  package init(stringInterpolation: StringInterpolation) {
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

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""
    fileprivate(set) var values: [SQLValue] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: StaticString) {
      text += literal.description
    }

    package mutating func appendInterpolation(_ part: SQL) {
      text += part.text
      values += part.values
    }

    package mutating func appendInterpolation(_ value: some SQLConvertible) {
      text += "?"
      values.append(value.sqlValue)
    }

    package mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
      text += "?"
      values.append(value?.sqlValue ?? .null)
    }

    /// A list of parameters with commas between them, such as for `IN`.
    package mutating func appendInterpolation(list: [some SQLConvertible]) {
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
package protocol SQLConvertible {
  /// The value as SQLite holds it.
  var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
  package var sqlValue: SQLValue { self }
}
extension Int64: SQLConvertible {
  package var sqlValue: SQLValue { .integer(self) }
}
extension Int32: SQLConvertible {
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension UInt32: SQLConvertible {
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension Int: SQLConvertible {
  package var sqlValue: SQLValue { .integer(Int64(self)) }
}
extension Bool: SQLConvertible {
  package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}
extension Float: SQLConvertible {
  package var sqlValue: SQLValue { .real(Double(self)) }
}
extension Double: SQLConvertible {
  package var sqlValue: SQLValue { .real(self) }
}
extension String: SQLConvertible {
  package var sqlValue: SQLValue { .text(self) }
}
extension [UInt8]: SQLConvertible {
  package var sqlValue: SQLValue { .blob(self) }
}
