internal import FaceTypes
internal import Spelling
internal import WireProtocol

/// The parameters of one request, read one by one with an error that names the field, the value
/// and what would be right.
///
/// A member that is `null` counts as absent.
struct Parameters: Sendable {
  private let members: [String: JSONValue]
  /// The path of the object whose members these are: empty at the top, `Source.` within `Source`.
  private let path: String

  init(_ members: [String: JSONValue], path: String = "") {
    self.members = members.filter { $0.value != .null }
    self.path = path
  }

  /// Refuses members that the method does not know, so that a misspelt filter is never ignored.
  func allowOnly(_ names: [String]) throws(WireError) {
    for name in members.keys.sorted() where !names.contains(name) {
      let hint =
        nearestName(to: name, among: names).map { "Did you mean \($0)?" }
        ?? (names.isEmpty
          ? "It takes none." : "It takes \(names.sorted().joined(separator: ", ")).")
      throw WireError(
        .unknownParameter, "There is no parameter \(path)\(name).", field: path + name, hint: hint)
    }
  }

  func has(_ name: String) -> Bool { members[name] != nil }

  func value(_ name: String) -> JSONValue? { members[name] }

  /// A refusal of `name`'s value, saying what would be right.
  func invalid(_ name: String, _ expected: String) -> WireError {
    let given = members[name].map { "\($0.shown)" } ?? "nothing"
    return WireError(
      .invalidParameter, "\(path)\(name) must be \(expected), not \(given).", field: path + name)
  }

  func missing(_ name: String, _ expected: String) -> WireError {
    WireError(
      .missingParameter, "\(path)\(name) is missing: it must be \(expected).", field: path + name)
  }

  /// Text of at most `limit` bytes in UTF-8, without NUL; empty text counts as given.
  func string(_ name: String, limit: Int = 1024) throws(WireError) -> String? {
    guard let value = members[name] else { return nil }
    guard case .string(let text) = value, text.utf8.count <= limit, !text.utf8.contains(0) else {
      throw invalid(name, "a string of at most \(limit) bytes")
    }
    return text
  }

  func requiredString(_ name: String, limit: Int = 1024) throws(WireError) -> String {
    guard let text = try string(name, limit: limit), !text.isEmpty else {
      throw missing(name, "a string of at most \(limit) bytes")
    }
    return text
  }

  /// One of a few words, as spelt.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(WireError) -> Choice? where Choice.RawValue == String {
    guard let value = members[name] else { return nil }
    guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
      let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw invalid(name, "one of \(choices)")
    }
    return choice
  }

  func integer(_ name: String, in range: ClosedRange<Int64>) throws(WireError) -> Int64? {
    guard let value = members[name] else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      let bounds =
        range.upperBound >= JSONParser.integerLimit
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw invalid(name, "an integer \(bounds)")
    }
    return number
  }

  func integer(
    _ name: String, in range: ClosedRange<Int64>, default standard: Int
  ) throws(WireError) -> Int {
    try integer(name, in: range).map(Int.init) ?? standard
  }

  /// A number, whether written with a fraction or not.
  func number(_ name: String, in range: ClosedRange<Double>) throws(WireError) -> Double? {
    guard let value = members[name] else { return nil }
    guard let number = value.doubleValue, range.contains(number) else {
      throw invalid(name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func boolean(_ name: String, default standard: Bool) throws(WireError) -> Bool {
    guard let value = members[name] else { return standard }
    guard case .boolean(let flag) = value else { throw invalid(name, "true or false") }
    return flag
  }

  func object(_ name: String) throws(WireError) -> Parameters? {
    guard let value = members[name] else { return nil }
    guard case .object(let members) = value else { throw invalid(name, "an object") }
    return Parameters(members, path: "\(path)\(name).")
  }

  /// An object, or a string that holds one in JSON as the reference pages have it.
  func objectOrText(_ name: String) throws(WireError) -> Parameters? {
    guard case .string(let text)? = members[name] else { return try object(name) }
    guard let value = try? JSONParser.parse(Array(text.utf8)), case .object(let members) = value
    else { throw invalid(name, "an object, or a string with an object in JSON") }
    return Parameters(members, path: "\(path)\(name).")
  }

  /// The members as they came, without those that are null.
  var all: [String: JSONValue] { members }

  func array(_ name: String, limit: Int) throws(WireError) -> [JSONValue]? {
    guard let value = members[name] else { return nil }
    guard case .array(let elements) = value, elements.count <= limit else {
      throw invalid(name, "a list of at most \(limit) elements")
    }
    return elements
  }

  /// A list of objects.
  func objects(_ name: String, limit: Int) throws(WireError) -> [Parameters]? {
    guard let elements = try array(name, limit: limit) else { return nil }
    var objects: [Parameters] = []
    for (index, element) in elements.enumerated() {
      guard case .object(let members) = element else {
        throw invalid(name, "a list of objects")
      }
      objects.append(Parameters(members, path: "\(path)\(name)[\(index)]."))
    }
    return objects
  }

  /// A list of strings, or one string with commas between them.
  func words(_ name: String, limit: Int, length: Int) throws(WireError) -> [String]? {
    guard let value = members[name] else { return nil }
    let expected = "a list of at most \(limit) strings of at most \(length) bytes each"
    let words: [String]
    switch value {
    case .string(let text):
      words = text.split(separator: ",").map { String($0.trimmed) }
    case .array(let elements):
      let texts = elements.compactMap(\.stringValue)
      guard texts.count == elements.count else { throw invalid(name, expected) }
      words = texts
    default:
      throw invalid(name, expected)
    }
    let kept = words.filter { !$0.isEmpty }
    guard kept.count <= limit, kept.allSatisfy({ $0.utf8.count <= length && !$0.utf8.contains(0) })
    else { throw invalid(name, expected) }
    return kept
  }

  /// An object whose values are all strings.
  func labels(_ name: String, limit: Int) throws(WireError) -> [String: String]? {
    guard let object = try object(name) else { return nil }
    let labels = object.members.compactMapValues(\.stringValue)
    guard labels.count == object.members.count, labels.count <= limit else {
      throw invalid(name, "an object of at most \(limit) strings")
    }
    return labels
  }

  /// A moment in ISO 8601 with its offset, such as `2024-08-01T12:00:00Z`.
  func time(_ name: String) throws(WireError) -> Timestamp? {
    guard let text = try string(name, limit: 64) else { return nil }
    guard let time = Timestamp(iso8601: text) else {
      throw invalid(name, "a time such as 2024-08-01T12:00:00Z")
    }
    return time
  }
}

extension JSONValue {
  /// The value as an error message shows it: short, and whole only if it is.
  var shown: String {
    switch self {
    case .string(let text):
      text.count <= 40 ? "\"\(text)\"" : "\"\(text.prefix(40))…\" (\(text.utf8.count) bytes)"
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .boolean(let flag): "\(flag)"
    case .array(let elements): "a list of \(elements.count)"
    case .null, .object: typeName
    }
  }
}

extension StringProtocol {
  /// The text without the spaces around it.
  var trimmed: SubSequence {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? start
    return self[start..<end]
  }
}
