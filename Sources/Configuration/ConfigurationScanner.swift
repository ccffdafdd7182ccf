extension ConfigurationSyntax {
  /// Steps through the text of a configuration file.
  struct Scanner {
    private let scalars: [Unicode.Scalar]
    private(set) var position = 0
    private(set) var line = 1

    /// Elements of one list.
    private static let listLimit = 1_000

    init(_ text: String) {
      scalars = Array(text.unicodeScalars)
    }

    var isAtEnd: Bool { position == scalars.count }
    var peek: Unicode.Scalar? { isAtEnd ? nil : scalars[position] }

    mutating func advance() {
      if peek == "\n" { line += 1 }
      position += 1
    }

    mutating func skipBlanks() {
      while peek == " " || peek == "\t" || peek == "\r" { advance() }
    }

    /// To the start of the next line, whatever is in between.
    mutating func skipLine() {
      while let next = peek {
        advance()
        if next == "\n" { return }
      }
    }

    func text(since start: Int) -> String {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars[start..<position])
      return String(text)
    }

    /// Nothing but a comment may follow on the line.
    mutating func endLine() throws(Mistake) {
      skipBlanks()
      if peek == "#" { while peek != nil, peek != "\n" { advance() } }
      guard let next = peek else { return }
      guard next == "\n" else {
        throw Mistake(line: line, message: "unexpected “\(next)” behind the value")
      }
      advance()
    }

    /// Letters, digits, `-`, `_`, `.`; may be empty.
    mutating func takeWord() -> String {
      let start = position
      while let next = peek, Self.isWord(next) { advance() }
      return text(since: start)
    }

    mutating func takeValue() throws(Mistake) -> ConfigurationValue {
      switch peek {
      case "\"", "'": return .string(try takeString())
      case "[": return .list(try takeList())
      case nil, "\n", "#": throw Mistake(line: line, message: "the value is missing")
      default: return try takeBare()
      }
    }

    private mutating func takeBare() throws(Mistake) -> ConfigurationValue {
      let start = position
      while let next = peek, !" \t\r\n#,]".unicodeScalars.contains(next) { advance() }
      let text = text(since: start)
      if let value = ConfigurationValue(bare: text) { return value }
      throw Mistake(
        line: line,
        message: "“\(text)” is no value; text stands in quotes (\"\(text)\"), "
          + "numbers have units such as 512MiB or 30s")
    }

    private mutating func takeList() throws(Mistake) -> [ConfigurationValue] {
      let start = line
      advance()
      var values: [ConfigurationValue] = []
      while true {
        skipBlanksAndComments()
        if peek == "]" { break }
        guard peek != nil else { throw Mistake(line: start, message: "the list lacks its “]”") }
        guard peek != "[" else {
          throw Mistake(line: line, message: "a list cannot hold a list")
        }
        guard values.count < Self.listLimit else {
          throw Mistake(line: line, message: "more than \(Self.listLimit) values in a list")
        }
        values.append(try takeValue())
        skipBlanksAndComments()
        if peek == "]" { break }
        guard peek != nil else { throw Mistake(line: start, message: "the list lacks its “]”") }
        guard peek == "," else {
          throw Mistake(line: line, message: "expected “,” or “]” in the list")
        }
        advance()
      }
      advance()
      return values
    }

    private mutating func skipBlanksAndComments() {
      while true {
        skipBlanks()
        if peek == "#" {
          while peek != nil, peek != "\n" { advance() }
        } else if peek == "\n" {
          advance()
        } else {
          return
        }
      }
    }

    private mutating func takeString() throws(Mistake) -> String {
      let quote = peek
      let start = line
      advance()
      var text = String.UnicodeScalarView()
      while let next = peek, next != "\n" {
        advance()
        if next == quote { return String(text) }
        if next == "\\", quote == "\"" {
          text.append(try takeEscape())
        } else if next.value < 0x20 && next != "\t" || next.value == 0x7F {
          throw Mistake(line: start, message: "a control character in text; write it as \\u00XX")
        } else {
          text.append(next)
        }
      }
      throw Mistake(line: start, message: "the text lacks its closing quote")
    }

    private mutating func takeEscape() throws(Mistake) -> Unicode.Scalar {
      guard let letter = peek, letter != "\n" else {
        throw Mistake(line: line, message: "the text ends in “\\”")
      }
      advance()
      switch letter {
      case "\"", "\\": return letter
      case "n": return "\n"
      case "t": return "\t"
      case "u":
        let start = position
        for _ in 0..<4 where peek?.properties.isASCIIHexDigit == true { advance() }
        let digits = text(since: start)
        if digits.count == 4, let code = UInt32(digits, radix: 16), code != 0,
          let scalar = Unicode.Scalar(code)
        {
          return scalar
        }
        throw Mistake(line: line, message: "“\\u” takes four hexadecimal digits of a character")
      default:
        throw Mistake(
          line: line,
          message:
            "“\\\(letter)” is no escape; write “\\\\” for a backslash, or use 'single quotes'")
      }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
      default: false
      }
    }
  }
}
