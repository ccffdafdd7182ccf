/// A line of words from which parts are taken out as they are understood.
struct QueryLine {
  /// In small letters; what was taken is a space.
  private(set) var characters: [Character]

  init(_ text: String) { characters = Array(text.lowercased()) }

  /// Takes a text out wherever it stands as words of their own; whether it did.
  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.lowercased())
    guard !wanted.isEmpty, wanted.count <= characters.count else { return false }
    var isFound = false
    var start = 0
    while start + wanted.count <= characters.count {
      let end = start + wanted.count
      if characters[start..<end].elementsEqual(wanted), isBoundary(start), isBoundary(end) {
        remove(start..<end)
        isFound = true
        start = end
      } else {
        start += 1
      }
    }
    return isFound
  }

  mutating func takeAny(of texts: [String]) -> Bool {
    // All of them, so that none is left as a word.
    texts.map { take($0) }.contains(true)
  }

  mutating func remove(_ range: Range<Int>) {
    for position in range { characters[position] = " " }
  }

  /// Whether no word of letters goes on across a place; Chinese has no spaces between words.
  func isBoundary(_ position: Int) -> Bool {
    guard position > 0, position < characters.count else { return true }
    let (before, after) = (characters[position - 1], characters[position])
    guard before.isWordCharacter, after.isWordCharacter else { return true }
    return before.isIdeograph || after.isIdeograph || before.isNumber != after.isNumber
  }

  /// The words that are left, without those that say nothing.
  var terms: [String] {
    var terms: [String] = []
    var word = ""
    func finish() {
      let text = word.trimmingFillers
      if !text.isEmpty, !Self.fillers.contains(text), !terms.contains(text) { terms.append(text) }
      word = ""
    }
    for character in characters {
      let goesOn =
        character.isWordCharacter
        && (word.last.map { $0.isIdeograph == character.isIdeograph } ?? true)
      if !goesOn { finish() }
      if character.isWordCharacter { word.append(character) }
    }
    finish()
    return terms
  }

  /// Words that say nothing of what is looked for.
  private static let fillers: Set<String> = [
    "a", "an", "the", "and", "or", "of", "in", "on", "at", "with", "to", "from", "for", "by", "is",
    "are", "was", "were", "me", "my", "our", "their", "his", "her", "all", "some", "any", "show",
    "find", "where", "who", "together", "near", "during", "between",
  ]
}

extension Character {
  /// A letter or a digit.
  var isWordCharacter: Bool { isLetter || isNumber }

  /// A character of Chinese, Japanese or Korean.
  var isIdeograph: Bool {
    guard let value = unicodeScalars.first?.value else { return false }
    return (0x2E80...0x9FFF).contains(value) || (0xAC00...0xD7AF).contains(value)
      || (0xF900...0xFAFF).contains(value) || (0x20000...0x3FFFF).contains(value)
  }
}

extension String {
  /// A run of Chinese without the particles around it.
  fileprivate var trimmingFillers: String {
    guard first?.isIdeograph == true else { return self }
    let fillers: Set<Character> = [
      "的", "和", "在", "与", "跟", "有", "了", "里", "上", "是", "张", "拍", "我", "找",
    ]
    var text = self[...]
    while let first = text.first, fillers.contains(first) { text = text.dropFirst() }
    while let last = text.last, fillers.contains(last) { text = text.dropLast() }
    return String(text)
  }
}
