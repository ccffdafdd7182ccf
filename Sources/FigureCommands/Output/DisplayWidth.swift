/// How much room text takes on a terminal, and making it fit.
package enum DisplayWidth {
  /// Columns that a character takes: 0 for combining marks alone, 2 for East Asian wide
  /// characters and emoji, else 1.
  package static func of(_ character: Character) -> Int {
    guard let base = character.unicodeScalars.first else { return 0 }
    if base.isASCII { return character.unicodeScalars.contains(emojiSelector) ? 2 : 1 }
    switch base.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    let isWide =
      base.properties.isEmojiPresentation || character.unicodeScalars.contains(emojiSelector)
      || wideRanges.contains { $0.contains(base.value) }
    return isWide ? 2 : 1
  }

  /// Columns that a text without control characters takes.
  package static func of(_ text: some StringProtocol) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + of($1) }
  }

  /// The text, or as much of its beginning as fits `width` columns with an ellipsis.
  package static func truncatedEnd(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    return prefix(text, columns: width - 1) + "…"
  }

  /// The text, or its beginning and end with an ellipsis between, in `width` columns.
  ///
  /// The end gets more of the room: it is where paths differ.
  package static func truncatedMiddle(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    let head = prefix(text, columns: (width - 1) / 3)
    let tail = prefix(String(text.reversed()), columns: width - 1 - of(head))
    return head + "…" + String(tail.reversed())
  }

  /// The text with spaces up to `width` columns.
  package static func padded(_ text: String, to width: Int, isTrailing: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - of(text)))
    return isTrailing ? space + text : text + space
  }

  private static func prefix(_ text: String, columns: Int) -> String {
    var room = columns
    return String(
      text.prefix { character in
        room -= of(character)
        return room >= 0
      })
  }

  /// Asks for a character to be shown as an emoji (variation selector 16).
  private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"

  /// East Asian Width W and F, by blocks (Unicode Standard Annex 11).
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B16F, 0x1F200...0x1F2FF,
    0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}

extension String {
  /// The text with what could command a terminal or turn the direction of writing made visible.
  ///
  /// Names and paths come from outside: an escape sequence in a file's name must not run.
  package var printable: String {
    guard unicodeScalars.contains(where: { $0.isUnprintable }) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars { result.append(scalar.isUnprintable ? "\u{FFFD}" : scalar) }
    return String(result)
  }
}

extension Unicode.Scalar {
  fileprivate var isUnprintable: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    // Line and paragraph separators; embeddings, overrides and isolates of direction.
    case 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
