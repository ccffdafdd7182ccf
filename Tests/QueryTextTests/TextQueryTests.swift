import QueryText
import Testing

/// What is understood of a line of words.
@Suite struct TextQueryTests {
  private static let today = CalendarDay(year: 2026, month: 3, day: 1)
  private static let names = ["Ann", "Bob", "Ann Lee", "小明", "王芳"]

  private static func query(_ text: String) -> TextQuery {
    TextQuery(text, names: names, today: today)
  }

  private static func span(
    _ first: (Int, Int, Int), _ last: (Int, Int, Int)
  ) -> DateSpan {
    DateSpan(
      first: CalendarDay(year: first.0, month: first.1, day: first.2),
      last: CalendarDay(year: last.0, month: last.1, day: last.2))
  }

  @Test func readsAWholeSentenceOfEnglish() {
    let query = Self.query("Photos of Ann and Bob at the lake in August 2024, smiling")
    #expect(Set(query.people) == ["Ann", "Bob"])
    #expect(query.dates == [Self.span((2024, 8, 1), (2024, 8, 31))])
    #expect(query.mediaType == .image)
    #expect(query.emotions == [.happiness])
    #expect(query.emotionTerms == ["smiling"])
    #expect(query.terms == ["lake"])
  }

  @Test func readsAWholeSentenceOfChinese() {
    let query = Self.query("小明和王芳2024年8月在北京的照片")
    #expect(Set(query.people) == ["小明", "王芳"])
    #expect(query.dates == [Self.span((2024, 8, 1), (2024, 8, 31))])
    #expect(query.mediaType == .image)
    #expect(query.terms == ["北京"])
  }

  @Test(arguments: [
    ("爷爷笑着", TextQuery.EmotionWord.happiness), ("sad clowns", .sadness), ("angry birds", .anger),
    ("a surprised cat", .surprise), ("害怕的孩子", .fear), ("calm sea", .calmness),
  ])
  func readsExpressions(text: String, emotion: TextQuery.EmotionWord) {
    #expect(Self.query(text).emotions == [emotion])
    #expect(Self.query("smilingly").emotions.isEmpty)
  }

  @Test func takesTheLongestNameAndOnlyWholeWords() {
    #expect(Self.query("ann lee on a bike").people == ["Ann Lee"])
    #expect(Self.query("annual report").people.isEmpty)
    #expect(Self.query("annual report").terms == ["annual", "report"])
  }

  private static let dates: [(String, DateSpan?)] = [
    ("2024", span((2024, 1, 1), (2024, 12, 31))), ("2024-02", span((2024, 2, 1), (2024, 2, 29))),
    ("2024-02-29", span((2024, 2, 29), (2024, 2, 29))),
    ("2024/8/15", span((2024, 8, 15), (2024, 8, 15))),
    ("15 August 2024", span((2024, 8, 15), (2024, 8, 15))),
    ("August 15, 2024", span((2024, 8, 15), (2024, 8, 15))),
    ("3rd of Aug 2024", span((2024, 8, 3), (2024, 8, 3))),
    ("dec 2023", span((2023, 12, 1), (2023, 12, 31))),
    ("2022 to 2024", span((2022, 1, 1), (2024, 12, 31))),
    ("May 2023 - July 2023", span((2023, 5, 1), (2023, 7, 31))),
    ("2022年到2024年", span((2022, 1, 1), (2024, 12, 31))),
    ("2024年8月15日", span((2024, 8, 15), (2024, 8, 15))),
    ("yesterday", span((2026, 2, 28), (2026, 2, 28))), ("去年", span((2025, 1, 1), (2025, 12, 31))),
    ("last month", span((2026, 2, 1), (2026, 2, 28))), ("12345", nil), ("room 9999", nil),
    ("2023-13", span((2023, 1, 1), (2023, 12, 31))),
  ]

  @Test(arguments: dates)
  func readsDates(text: String, span: DateSpan?) {
    #expect(Self.query(text).dates == (span.map { [$0] } ?? []))
  }

  @Test func daysAndMillisecondsAgree() {
    for days in stride(from: -719_000, through: 800_000, by: 997) {
      let day = CalendarDay(milliseconds: Int64(days) * 86_400_000 + 5)
      let span = DateSpan(first: day, last: day).milliseconds
      #expect(span.lowerBound == Int64(days) * 86_400_000)
      #expect(span.upperBound == Int64(days + 1) * 86_400_000 - 1)
    }
  }

  @Test func readsPlacesAndNumbersOfFaces() {
    #expect(
      Self.query("near 48.2082, 16.3738").position
        == TextQuery.Position(latitude: 48.2082, longitude: 16.3738))
    #expect(Self.query("Ann alone").faceCount == 1...1)
    #expect(Self.query("合影").faceCount == 3...Int.max)
    #expect(Self.query("videos of the sea").mediaType == .video)
  }

  @Test func nothingIsLeftOfNothing() {
    #expect(Self.query("") == TextQuery())
    #expect(Self.query(" ,.!? the of and 的").terms.isEmpty)
  }
}
