import MatchLanguage
import Testing

/// Random and damaged texts: each is read or refused with a place, and what is read prints as
/// something that means the same.
@Suite struct FuzzTests {
  private static let pieces = [
    "title", "tagList", "utcCreate", "faces.count", "person", "customFields.", "intField1", "==",
    "=", "!=", "<", "<=", ">", ">=", "(", ")", "[", "]", ",", "and", "or", "not", "in", "exists",
    "together", "with", "'a'", "'", "\"b\"", "\"", "12", "-1.5", "1e5", "1e999", "'2024-08-01'",
    "'2024-02-30'", "🙂", "\u{FF08}", "''", "e\u{301}", "\0", ".", "+", "-", "日本",
  ]

  @Test(arguments: 0..<8)
  func everyTextIsReadOrRefused(seed: UInt64) {
    var generator = Generator(state: seed)
    for _ in 0..<4000 {
      let count = Int.random(in: 0...14, using: &generator)
      let text = (0..<count).map { _ in
        Self.pieces.randomElement(using: &generator)! + (Bool.random(using: &generator) ? " " : "")
      }.joined()
      check(text)
    }
  }

  @Test(arguments: 0..<4)
  func damagedTextsAreReadOrRefused(seed: UInt64) {
    var generator = Generator(state: seed &+ 99)
    let sound =
      "not (title = 'a b' or tagList in ('x','y')) and utcCreate = ('2024-08-01', 1722556800000] "
      + "and customFields.'odd name' != 3 and person together with ('Ann','Bob')"
    for _ in 0..<2000 {
      var characters = Array(sound)
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let position = Int.random(in: 0..<characters.count, using: &generator)
        if Bool.random(using: &generator) {
          characters.remove(at: position)
        } else {
          characters[position] = "()[]'\"=!<>,9 a\u{301}".randomElement(using: &generator)!
        }
      }
      check(String(characters))
    }
  }

  private func check(_ text: String) {
    do {
      let expression = try MatchExpression(parsing: text)
      #expect(try MatchExpression(parsing: "\(expression)") == expression, "\(text)")
    } catch {
      #expect((1...(text.count + 1)).contains(error.column), "\(text)")
    }
  }
}

/// Repeatable random numbers (SplitMix64).
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
