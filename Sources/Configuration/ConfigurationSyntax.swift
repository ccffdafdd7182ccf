/// A key with its value, where it was found.
struct ConfigurationEntry: Equatable {
  let section: String
  let key: String
  let value: ConfigurationValue
  /// As written, for messages.
  let text: String
  let line: Int
}

/// Reads `[sections]` of `key = value` lines: a part of TOML, with sizes and durations added.
///
/// A mistake costs its line only, so that one run reports all of them.
struct ConfigurationSyntax {
  private(set) var entries: [ConfigurationEntry] = []
  /// Section headers, for those that are unknown.
  private(set) var sections: [(name: String, line: Int)] = []
  private(set) var problems: [ConfigurationError.Problem] = []

  private var section = ""
  private var scanner: Scanner

  init(parsing text: String) {
    scanner = Scanner(text)
    while !scanner.isAtEnd {
      do throws(Mistake) {
        try parseLine()
      } catch {
        problems.append(.init(line: error.line, message: error.message))
        scanner.skipLine()
      }
    }
  }

  /// Why a line cannot be read.
  struct Mistake: Error {
    let line: Int
    let message: String
  }

  private mutating func parseLine() throws(Mistake) {
    scanner.skipBlanks()
    switch scanner.peek {
    case nil, "\n", "#":
      try scanner.endLine()
    case "[":
      try parseHeader()
      try scanner.endLine()
    default:
      let entry = try parseEntry()
      try scanner.endLine()
      entries.append(entry)
    }
  }

  private mutating func parseHeader() throws(Mistake) {
    let line = scanner.line
    scanner.advance()
    scanner.skipBlanks()
    let name = scanner.takeWord()
    scanner.skipBlanks()
    guard !name.isEmpty, scanner.peek == "]" else {
      throw Mistake(line: line, message: "a section is written as [name]")
    }
    scanner.advance()
    section = name
    sections.append((name, line))
  }

  private mutating func parseEntry() throws(Mistake) -> ConfigurationEntry {
    let line = scanner.line
    let key = scanner.takeWord()
    scanner.skipBlanks()
    guard !key.isEmpty, scanner.peek == "=" else {
      throw Mistake(line: line, message: "expected “key = value”, a [section] or a # comment")
    }
    scanner.advance()
    scanner.skipBlanks()
    let start = scanner.position
    let value = try scanner.takeValue()
    let text = scanner.text(since: start)
    return ConfigurationEntry(section: section, key: key, value: value, text: text, line: line)
  }
}
