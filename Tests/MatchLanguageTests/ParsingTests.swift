import MatchLanguage
import Testing

/// What a Match means, and where it is wrong.
@Suite struct ParsingTests {
  private static let meanings: [(String, MatchExpression)] = [
    ("title == 'China'", .condition(.init(.title, .equal(.text("China"))))),
    ("title = \"China\"", .condition(.init(.title, .contains("China")))),
    ("title='it''s'", .condition(.init(.title, .contains("it's")))),
    (
      "tagList in ('a','b')",
      .condition(.init(.tags, .anyOf([.text("a"), .text("b")])))
    ),
    (
      "utcCreate = ['1693367158561','1693367158562']",
      .condition(
        .init(
          .created,
          .within(
            .init(
              lower: .init(1_693_367_158_561, isIncluded: true),
              upper: .init(1_693_367_158_562, isIncluded: true)))))
    ),
    (
      "utcCreate >= '2024-08-01'",
      .condition(
        .init(
          .created, .within(.init(lower: .init(1_722_470_400_000, isIncluded: true), upper: nil)))
      )
    ),
    (
      "faces.count = (2,]",
      .condition(
        .init(.faceCount, .within(.init(lower: .init(2, isIncluded: false), upper: nil))))
    ),
    (
      "person == 'Ann' and faces.count >= 2",
      .all([
        .condition(.init(.person, .equal(.text("Ann")))),
        .condition(
          .init(.faceCount, .within(.init(lower: .init(2, isIncluded: true), upper: nil)))),
      ])
    ),
    (
      "not (title = 'a' or exists description) and person together with ('Ann', 'Bob')",
      .all([
        .not(
          .any([
            .condition(.init(.title, .contains("a"))), .condition(.init(.description, .exists)),
          ])),
        .condition(.init(.person, .allOf([.text("Ann"), .text("Bob")]))),
      ])
    ),
    ("person not in ('Ann')", .not(.condition(.init(.person, .anyOf([.text("Ann")]))))),
    ("intField1 == 12", .condition(.init(.custom("intField1"), .equal(.number(12))))),
    ("strField1 == 12", .condition(.init(.custom("strField1"), .equal(.text("12"))))),
    ("customFields.size != 3", .condition(.init(.custom("size"), .different(.number(3))))),
    ("customFields.'a b' == 'x'", .condition(.init(.custom("a b"), .equal(.text("x"))))),
    (
      "TITLE == 'x' AND tag IN 'y'",
      .all([
        .condition(.init(.title, .equal(.text("x")))),
        .condition(.init(.tags, .anyOf([.text("y")]))),
      ])
    ),
  ]

  @Test(arguments: meanings)
  func readsWhatIsMeant(text: String, meaning: MatchExpression) throws {
    let parsed = try MatchExpression(parsing: text)
    #expect(parsed == meaning)
    #expect(try MatchExpression(parsing: "\(parsed)") == parsed)
  }

  private static let mistakes: [(String, Int, String)] = [
    ("", 1, "a field"), ("title", 6, "=="), ("title = ", 9, "text in quotes"),
    ("titel = 'a'", 1, "titel"), ("title = 'a", 9, "no closing"),
    ("title = 'a' tagList in ('b')", 13, "“and”"), ("(title = 'a'", 13, "“)”"),
    ("utcCreate = 'soon'", 13, "neither"), ("title = ['a','b']", 9, "a range is for numbers"),
    ("title >= 3", 10, "cannot be larger"), ("faces.count = [,]", 15, "at least one end"),
    ("faces.count >= 1e999", 16, "no number"), ("title = \u{2018}a\u{2019}", 9, "means nothing"),
    ("title = 'a' and", 16, "a field"), ("title = ''", 9, "empty text"),
    ("utcCreate >= '2023-02-29'", 14, "neither"), ("person together ('Ann')", 17, "“with”"),
  ]

  @Test(arguments: mistakes)
  func namesThePlaceOfAMistake(text: String, column: Int, part: String) {
    #expect {
      try MatchExpression(parsing: text)
    } throws: { error in
      guard let error = error as? MatchError else { return false }
      return error.column == column && error.problem.contains(part)
    }
  }

  @Test func saysWhatWasProbablyMeant() {
    #expect {
      try MatchExpression(parsing: "titel = 'a'")
    } throws: {
      ($0 as? MatchError)?.hint == "Did you mean title?"
    }
  }

  @Test func depthAndNumberOfConditionsAreBounded() {
    let deep = String(repeating: "not ", count: 40) + "title = 'a'"
    let wide = Array(repeating: "title = 'a'", count: 101).joined(separator: " or ")
    let listed = "tagList in (" + Array(repeating: "'a'", count: 101).joined(separator: ",") + ")"
    for text in [deep, wide, listed, String(repeating: " ", count: 9000)] {
      #expect(throws: MatchError.self) { try MatchExpression(parsing: text) }
    }
  }
}
