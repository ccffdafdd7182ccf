/// One piece of a Match with its place.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A field or a keyword.
    case word(String)
    case text(String)
    case number(Double)
    /// `==`, `=`, `!=`, `<`, `<=`, `>`, `>=`, brackets, parentheses or a comma.
    case symbol(String)
    case end
  }

  let kind: Kind
  /// In characters, from 1.
  let column: Int

  /// As an error message shows it.
  var shown: String {
    switch kind {
    case .word(let word): "“\(word)”"
    case .text(let text): text.quotedForMatch
    case .number(let number): number.shortest
    case .symbol(let symbol): "“\(symbol)”"
    case .end: "the end"
    }
  }
}

/// Cuts a Match into tokens.
struct Lexer {
  private let characters: [Character]
  private var position = 0

  init(_ text: String) { characters = Array(text) }

  /// All tokens, of which the last is the end.
  static func tokens(of text: String) throws(MatchError) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private var current: Character? { position < characters.count ? characters[position] : nil }

  private mutating func next() throws(MatchError) -> Token {
    while let character = current, character.isWhitespace { position += 1 }
    let column = position + 1
    guard let character = current else { return Token(kind: .end, column: column) }
    if character == "'" || character == "\"" {
      return Token(kind: .text(try quoted(by: character)), column: column)
    }
    if character.isPlain(\.isWordStart) {
      return Token(kind: .word(run(of: \.isWordPart)), column: column)
    }
    if character.isPlain(\.isDigit) || character == "-" || character == "+" || character == "." {
      return Token(kind: .number(try number()), column: column)
    }
    for symbol in ["==", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ","]
    where characters[position...].starts(with: symbol) {
      position += symbol.count
      return Token(kind: .symbol(symbol), column: column)
    }
    throw MatchError(
      column: column, "“\(character)” means nothing here",
      hint: Self.fullWidth[character].map { "Write \($0) in its place." })
  }

  /// What a Chinese keyboard gives where the grammar has a sign of ASCII.
  private static let fullWidth: [Character: String] = [
    "\u{2018}": "'", "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{FF08}": "(",
    "\u{FF09}": ")", "\u{FF0C}": ",", "\u{FF1D}": "=", "\u{3010}": "[", "\u{3011}": "]",
    "\u{FF1C}": "<", "\u{FF1E}": ">", "\u{FF01}": "!",
  ]

  private mutating func quoted(by quote: Character) throws(MatchError) -> String {
    let start = position + 1
    position += 1
    var text = ""
    while let character = current {
      position += 1
      if character == quote {
        guard current == quote else { return text }
        position += 1
      }
      text.append(character)
    }
    throw MatchError(
      column: start, "this text has no closing \(quote)",
      hint: "Within a text, write the quote twice.")
  }

  private mutating func run(of belongs: KeyPath<UInt8, Bool>) -> String {
    let start = position
    while let character = current, character.isPlain(belongs) { position += 1 }
    return String(characters[start..<position])
  }

  private mutating func number() throws(MatchError) -> Double {
    let start = position
    if current == "-" || current == "+" { position += 1 }
    while let character = current {
      let isExponentSign =
        (character == "-" || character == "+")
        && (characters[position - 1] == "e" || characters[position - 1] == "E")
      guard character.isPlain(\.isWordPart) || isExponentSign else { break }
      position += 1
    }
    let text = String(characters[start..<position])
    guard let number = Double(matchNumber: text) else {
      throw MatchError(column: start + 1, "“\(text)” is no number")
    }
    return number
  }
}

extension Character {
  /// Whether this is one byte of ASCII that `belongs`.
  fileprivate func isPlain(_ belongs: KeyPath<UInt8, Bool>) -> Bool {
    utf8.count == 1 && (utf8.first?[keyPath: belongs] ?? false)
  }
}

extension Double {
  /// A finite decimal number, `+`, digits, a point and an exponent allowed.
  init?(matchNumber text: String) {
    let allowed = text.utf8.allSatisfy {
      $0.isDigit || [43, 45, 46, 69, 101].contains($0)  // + - . E e
    }
    guard allowed, let number = Double(text), number.isFinite else { return nil }
    self = number
  }

  /// The number without a fraction where it has none.
  var shortest: String {
    self == rounded() && magnitude < 9_007_199_254_740_992 ? "\(Int64(self))" : "\(self)"
  }
}
