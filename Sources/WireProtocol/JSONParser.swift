/// Where and why a text is not the JSON that we accept.
public struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes before the place, from 0.
  public let offset: Int
  public let reason: String

  public var description: String { "\(reason) at byte \(offset)" }
}

/// A strict reader of RFC 8259 that bounds what a hostile text can cost.
///
/// Stricter than the standard demands where leniency hides mistakes: names may not repeat within
/// an object, integers must be within ±2⁵³ so that every client reads the same number, nesting
/// and the number of values are limited.
public struct JSONParser {
  /// Deeper nesting is refused.
  public static let depthLimit = 64
  /// More values than this in one text are refused.
  public static let valueLimit = 250_000
  /// The largest integer that a double, and so every JSON reader, holds exactly.
  public static let integerLimit: Int64 = 1 << 53

  private let bytes: [UInt8]
  private var position = 0
  private var valueCount = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the one value that `bytes` hold, in UTF-8.
  public static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(bytes)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else {
      throw parser.error("unexpected text after the value")
    }
    return value
  }

  private func error(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, reason: reason)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    valueCount += 1
    guard valueCount <= Self.valueLimit else { throw error("more than \(Self.valueLimit) values") }
    guard let first = next else { throw error("the text ends where a value should stand") }
    switch first {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .boolean(true))
    case UInt8(ascii: "f"): return try literal("false", .boolean(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("no JSON value begins like this")
    }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    let expected = Array("\(word)".utf8)
    guard bytes[position...].starts(with: expected) else { throw error("expected \(word)") }
    position += expected.count
    return value
  }

  /// - Precondition: `depth` counts the objects and arrays around this one.
  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    try checkDepth(depth)
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a name in quotes") }
      let nameStart = position
      let name = try string()
      skipSpace()
      guard take(":") else { throw error("expected a colon after a name") }
      skipSpace()
      let member = try value(depth: depth + 1)
      guard members.updateValue(member, forKey: name) == nil else {
        throw JSONSyntaxError(offset: nameStart, reason: "the name \"\(name)\" stands twice")
      }
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("expected a comma or a closing brace") }
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    try checkDepth(depth)
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw error("expected a comma or a closing bracket") }
    }
  }

  private func checkDepth(_ depth: Int) throws(JSONSyntaxError) {
    guard depth < Self.depthLimit else { throw error("nested deeper than \(Self.depthLimit)") }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      position += 1
    }
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(bytes[start..<position], from: start)
    }
    return try escapedString(from: start)
  }

  /// Goes on from the first escape of a string that began at `start`.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var content = Array(bytes[start..<position])
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try text(content[...], from: start)
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &content)
      case 0..<0x20:
        throw error("a control character in a string must be escaped")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw error("the text ends within a string")
  }

  private func text(
    _ content: ArraySlice<UInt8>, from start: Int
  ) throws(JSONSyntaxError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw JSONSyntaxError(offset: start, reason: "a string is not valid UTF-8")
    }
    return text
  }

  private mutating func appendEscape(to content: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = next else { throw error("the text ends within an escape") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"): content.append(contentsOf: String(try unicodeEscape()).utf8)
    default: throw error("no such escape")
    }
  }

  private mutating func unicodeEscape() throws(JSONSyntaxError) -> Character {
    let first = try fourDigits()
    var code = UInt32(first)
    if (0xD800..<0xDC00).contains(first) {
      guard take("\\"), take("u") else { throw error("half of a surrogate pair") }
      let second = try fourDigits()
      guard (0xDC00..<0xE000).contains(second) else { throw error("half of a surrogate pair") }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
    return Character(scalar)
  }

  private mutating func fourDigits() throws(JSONSyntaxError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits")
      }
      code = code << 4 | UInt16(digit)
      position += 1
    }
    return code
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    _ = take("-")
    let leadingZero = next == UInt8(ascii: "0")
    let count = digits()
    guard count > 0, !(leadingZero && count > 1) else { throw error("not a number") }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard digits() > 0 else { throw error("expected digits after the decimal point") }
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { throw error("expected digits in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger {
      guard let value = Int64(text), abs(value) <= Self.integerLimit else {
        throw JSONSyntaxError(offset: start, reason: "an integer beyond ±2^53")
      }
      return .integer(value)
    }
    guard let value = Double(text), value.isFinite else {
      throw JSONSyntaxError(offset: start, reason: "a number out of range")
    }
    return .double(value)
  }
}
