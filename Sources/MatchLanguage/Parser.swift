internal import Spelling

/// Reads a Match by recursive descent: `or` binds weakest, then `and`, then `not`.
struct Parser {
  private let tokens: [Token]
  private var position = 0
  private var depth = 0
  private var conditionCount = 0

  static let byteLimit = 8192
  static let depthLimit = 32
  static let conditionLimit = 100
  static let listLimit = 100

  init(_ text: String) throws(MatchError) {
    guard text.utf8.count <= Self.byteLimit else {
      throw MatchError(
        column: Self.byteLimit, "a Match has at most \(Self.byteLimit) bytes")
    }
    tokens = try Lexer.tokens(of: text)
  }

  /// The whole text.
  mutating func expression() throws(MatchError) -> MatchExpression {
    let result = try disjunction()
    guard token.kind == .end else {
      throw unexpected("“and”, “or” or the end")
    }
    return result
  }

  private var token: Token { tokens[position] }

  private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

  private func unexpected(_ expected: String, hint: String? = nil) -> MatchError {
    MatchError(column: token.column, "\(expected) should be here, not \(token.shown)", hint: hint)
  }

  private mutating func take(symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  private mutating func take(keyword: String) -> Bool {
    guard isKeyword(keyword) else { return false }
    advance()
    return true
  }

  private func isKeyword(_ keyword: String) -> Bool {
    guard case .word(let word) = token.kind else { return false }
    return word.lowercased() == keyword
  }

  private mutating func disjunction() throws(MatchError) -> MatchExpression {
    var parts = [try conjunction()]
    while take(keyword: "or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(MatchError) -> MatchExpression {
    var parts = [try unary()]
    while take(keyword: "and") { parts.append(try unary()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func unary() throws(MatchError) -> MatchExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw MatchError(
        column: token.column, "conditions are nested more than \(Self.depthLimit) deep")
    }
    if take(keyword: "not") { return .not(try unary()) }
    if take(symbol: "(") {
      let inner = try disjunction()
      guard take(symbol: ")") else { throw unexpected("“and”, “or” or “)”") }
      return inner
    }
    return try condition()
  }

  private mutating func condition() throws(MatchError) -> MatchExpression {
    conditionCount += 1
    guard conditionCount <= Self.conditionLimit else {
      throw MatchError(
        column: token.column, "a Match has at most \(Self.conditionLimit) conditions")
    }
    if take(keyword: "exists") { return .condition(MatchCondition(try field(), .exists)) }
    let field = try field()
    if take(keyword: "not") {
      guard isKeyword("in") else { throw unexpected("“in”") }
      return .not(.condition(MatchCondition(field, try test(of: field))))
    }
    return .condition(MatchCondition(field, try test(of: field)))
  }

  private mutating func field() throws(MatchError) -> MatchField {
    guard case .word(var name) = token.kind else { throw unexpected("a field") }
    let start = token
    advance()
    if name == MatchField.customPrefix, case .text(let text) = token.kind, !text.isEmpty {
      name += text
      advance()
    }
    guard let field = MatchField(named: name) else {
      let near = nearestName(to: name, among: MatchField.named.map(\.name))
      throw MatchError(
        column: start.column, "there is no field “\(name)”",
        hint: near.map { "Did you mean \($0)?" }
          ?? "The fields are \(MatchField.named.map(\.name).joined(separator: ", ")), and "
          + "customFields.NAME.")
    }
    return field
  }

  private mutating func test(of field: MatchField) throws(MatchError) -> MatchTest {
    if take(symbol: "==") { return .equal(try value(of: field)) }
    if take(symbol: "!=") { return .different(try value(of: field)) }
    if take(symbol: "=") { return try containment(in: field) }
    if take(keyword: "in") { return .anyOf(try list(of: field)) }
    if take(keyword: "together") {
      guard take(keyword: "with") else { throw unexpected("“with”") }
      return .allOf(try list(of: field))
    }
    for (symbol, isLower, isIncluded) in [
      ("<", false, false), ("<=", false, true), (">", true, false), (">=", true, true),
    ] where take(symbol: symbol) {
      let end = MatchRange.End(try number(of: field), isIncluded: isIncluded)
      return .within(MatchRange(lower: isLower ? end : nil, upper: isLower ? nil : end))
    }
    throw unexpected("==, =, !=, <, <=, >, >=, “in” or “together with”")
  }

  /// After `=`: a text to be contained, a number, or a range in brackets.
  private mutating func containment(in field: MatchField) throws(MatchError) -> MatchTest {
    if token.kind == .symbol("[") || token.kind == .symbol("(") { return try range(of: field) }
    switch (field.kind, token.kind) {
    case (.prose, .text(let text)), (.word, .text(let text)), (.any, .text(let text)):
      guard !text.isEmpty else {
        throw MatchError(column: token.column, "an empty text is contained in everything")
      }
      advance()
      return .contains(text)
    default: return .equal(try value(of: field))
    }
  }

  private mutating func range(of field: MatchField) throws(MatchError) -> MatchTest {
    let start = token
    let includesLower = take(symbol: "[")
    if !includesLower { advance() }
    guard field.kind != .prose && field.kind != .word else {
      throw MatchError(
        column: start.column, "a range is for numbers and times, and \(field.name) is a text",
        hint: "Several texts go after “in”: \(field.name) in ('a', 'b').")
    }
    var range = MatchRange(lower: nil, upper: nil)
    if token.kind != .symbol(",") {
      range.lower = .init(try number(of: field), isIncluded: includesLower)
    }
    guard take(symbol: ",") else { throw unexpected("“,”") }
    let isOpen = token.kind == .symbol("]") || token.kind == .symbol(")")
    let upper = isOpen ? nil : try number(of: field)
    guard token.kind == .symbol("]") || token.kind == .symbol(")") else {
      throw unexpected("“]” or “)”")
    }
    let includesUpper = token.kind == .symbol("]")
    advance()
    range.upper = upper.map { .init($0, isIncluded: includesUpper) }
    guard range.lower != nil || range.upper != nil else {
      throw MatchError(column: start.column, "a range needs at least one end")
    }
    return .within(range)
  }

  /// One value, or several in parentheses.
  private mutating func list(of field: MatchField) throws(MatchError) -> [MatchValue] {
    guard take(symbol: "(") else { return [try value(of: field)] }
    var values: [MatchValue] = []
    repeat {
      guard values.count < Self.listLimit else {
        throw MatchError(
          column: token.column, "a list has at most \(Self.listLimit) values")
      }
      values.append(try value(of: field))
    } while take(symbol: ",")
    guard take(symbol: ")") else { throw unexpected("“,” or “)”") }
    return values
  }

  private mutating func value(of field: MatchField) throws(MatchError) -> MatchValue {
    let kind = token.kind
    switch (field.kind, kind) {
    case (.number, _), (.time, _): return .number(try number(of: field))
    case (_, .text(let text)):
      advance()
      return .text(text)
    case (.any, .number(let number)):
      advance()
      return .number(number)
    case (_, .number(let number)):
      advance()
      return .text(number.shortest)
    default:
      throw unexpected(
        "a text in quotes" + (field.kind == .any ? " or a number" : ""),
        hint: "Write \(field.name) == 'value'.")
    }
  }

  private mutating func number(of field: MatchField) throws(MatchError) -> Double {
    guard field.kind != .prose && field.kind != .word else {
      throw MatchError(
        column: token.column, "\(field.name) is a text and cannot be larger or smaller")
    }
    switch token.kind {
    case .number(let number):
      advance()
      return number
    case .text(let text):
      let moment = field.kind == .time ? MatchTime.milliseconds(text) : nil
      if let number = Double(matchNumber: text) ?? moment {
        advance()
        return number
      }
      throw MatchError(
        column: token.column,
        field.kind == .time
          ? "\(token.shown) is neither milliseconds since 1970 nor a date such as 2024-08-01"
          : "\(token.shown) is no number")
    default:
      throw unexpected(
        field.kind == .time ? "milliseconds since 1970, or a date in quotes" : "a number")
    }
  }
}

extension MatchExpression {
  /// Reads a Match.
  ///
  /// - Parameter text: as PROTOCOL.md describes it, of at most 8,192 bytes.
  /// - Throws: ``MatchError`` with the place of the first mistake.
  public init(parsing text: String) throws(MatchError) {
    var parser = try Parser(text)
    self = try parser.expression()
  }
}
