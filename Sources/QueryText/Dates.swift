// Dates as people type them. Each pattern is tried at each place, the longest first.

extension QueryLine {
  /// Takes out all dates and spans of dates.
  mutating func takeDates(today: CalendarDay) -> [DateSpan] {
    var spans = takeRelativeDates(today: today)
    var position = 0
    while position < characters.count {
      guard isBoundary(position), let (span, end) = date(at: position) else {
        position += 1
        continue
      }
      if let (last, rangeEnd) = rangeEnd(after: end), last.last >= span.first {
        spans.append(DateSpan(first: span.first, last: last.last))
        remove(position..<rangeEnd)
        position = rangeEnd
      } else {
        spans.append(span)
        remove(position..<end)
        position = end
      }
    }
    return spans
  }

  private mutating func takeRelativeDates(today: CalendarDay) -> [DateSpan] {
    func span(_ first: CalendarDay, _ last: CalendarDay) -> DateSpan {
      DateSpan(first: first, last: last)
    }
    let yesterday = today.adding(days: -1)
    let monthStart = CalendarDay(year: today.year, month: today.month, day: 1)
    let lastMonth = monthStart.adding(days: -1)
    let meanings: [([String], DateSpan?)] = [
      (["today", "今天"], span(today, today)), (["yesterday", "昨天"], span(yesterday, yesterday)),
      (["last week", "上周", "上星期"], span(today.adding(days: -7), yesterday)),
      (["this month", "本月", "这个月"], span(monthStart, today)),
      (["last month", "上个月", "上月"], DateSpan(year: lastMonth.year, month: lastMonth.month)),
      (["this year", "今年"], DateSpan(year: today.year)),
      (["last year", "去年"], DateSpan(year: today.year - 1)),
      (["前年"], DateSpan(year: today.year - 2)),
    ]
    var spans: [DateSpan] = []
    for (words, meaning) in meanings {
      if let meaning, takeAny(of: words) { spans.append(meaning) }
    }
    return spans
  }

  /// The end of “… to 2024”, “… - 2024” or “…到2024年”.
  private func rangeEnd(after position: Int) -> (DateSpan, Int)? {
    for word in ["to", "until", "through", "-", "–", "到", "至"] {
      let start = skipSpaces(position)
      let end = start + word.count
      guard end <= characters.count, characters[start..<end].elementsEqual(word),
        let found = date(at: skipSpaces(end))
      else { continue }
      return found
    }
    return nil
  }

  private func skipSpaces(_ position: Int) -> Int {
    var position = position
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    return position
  }

  /// The longest date that begins at a place, and where it ends.
  private func date(at position: Int) -> (DateSpan, Int)? {
    numericDate(at: position) ?? chineseDate(at: position) ?? englishDate(at: position)
      ?? year(at: position)
  }

  /// `2024-08-15`, `2024/8/15`, `2024.08.15`, `2024-08`.
  private func numericDate(at position: Int) -> (DateSpan, Int)? {
    guard let (year, afterYear) = yearNumber(at: position), afterYear < characters.count,
      ["-", "/", "."].contains(characters[afterYear]),
      let (month, afterMonth) = number(at: afterYear + 1, digits: 1...2)
    else { return nil }
    if afterMonth < characters.count, characters[afterMonth] == characters[afterYear],
      let (day, end) = number(at: afterMonth + 1, digits: 1...2), isBoundary(end),
      let span = DateSpan(year: year, month: month, day: day)
    {
      return (span, end)
    }
    guard isBoundary(afterMonth), let span = DateSpan(year: year, month: month) else { return nil }
    return (span, afterMonth)
  }

  /// `2024年8月15日`, `2024年8月`, `2024年`.
  private func chineseDate(at position: Int) -> (DateSpan, Int)? {
    guard let (year, afterYear) = yearNumber(at: position), afterYear < characters.count,
      characters[afterYear] == "年"
    else { return nil }
    let start = afterYear + 1
    guard let (month, afterMonth) = number(at: start, digits: 1...2),
      afterMonth < characters.count, characters[afterMonth] == "月",
      let whole = DateSpan(year: year, month: month)
    else { return DateSpan(year: year).map { ($0, start) } }
    guard let (day, afterDay) = number(at: afterMonth + 1, digits: 1...2),
      afterDay < characters.count, ["日", "号"].contains(characters[afterDay]),
      let span = DateSpan(year: year, month: month, day: day)
    else { return (whole, afterMonth + 1) }
    return (span, afterDay + 1)
  }

  /// `August 2024`, `15 August 2024`, `August 15, 2024`, `15th of Aug 2024`.
  private func englishDate(at position: Int) -> (DateSpan, Int)? {
    if let (day, afterDay) = number(at: position, digits: 1...2) {
      var next = afterDay
      for suffix in ["st", "nd", "rd", "th"]
      where characters[next...].starts(with: suffix) { next += 2 }
      next = skipSpaces(next)
      if characters[next...].starts(with: "of ") { next = skipSpaces(next + 3) }
      guard let (month, afterMonth) = monthName(at: next),
        let (year, end) = yearNumber(at: skipSpaces(afterMonth)),
        let span = DateSpan(year: year, month: month, day: day)
      else { return nil }
      return (span, end)
    }
    guard let (month, afterMonth) = monthName(at: position) else { return nil }
    let next = skipSpaces(afterMonth)
    if let (year, end) = yearNumber(at: next), let span = DateSpan(year: year, month: month) {
      return (span, end)
    }
    guard let (day, afterDay) = number(at: next, digits: 1...2) else { return nil }
    var yearStart = afterDay
    if yearStart < characters.count, characters[yearStart] == "," { yearStart += 1 }
    guard let (year, end) = yearNumber(at: skipSpaces(yearStart)),
      let span = DateSpan(year: year, month: month, day: day)
    else { return nil }
    return (span, end)
  }

  private func year(at position: Int) -> (DateSpan, Int)? {
    guard let (year, end) = yearNumber(at: position), let span = DateSpan(year: year) else {
      return nil
    }
    return (span, end)
  }

  /// Four digits that are a year in which there were photographs.
  private func yearNumber(at position: Int) -> (Int, Int)? {
    guard let (year, end) = number(at: position, digits: 4...4), (1826...2199).contains(year),
      end == characters.count || !characters[end].isNumber
    else { return nil }
    return (year, end)
  }

  private func number(at position: Int, digits: ClosedRange<Int>) -> (Int, Int)? {
    var end = position
    while end < characters.count, end - position < digits.upperBound,
      characters[end].isASCII, characters[end].isNumber
    {
      end += 1
    }
    guard position < end, digits.contains(end - position),
      let number = Int(String(characters[position..<end]))
    else { return nil }
    return (number, end)
  }

  private func monthName(at position: Int) -> (Int, Int)? {
    guard position < characters.count else { return nil }
    for (index, name) in Self.months.enumerated() {
      for form in [name, String(name.prefix(3)) + ".", String(name.prefix(3))] {
        let end = position + form.count
        guard end <= characters.count, characters[position..<end].elementsEqual(form),
          isBoundary(end)
        else { continue }
        return (index + 1, end)
      }
    }
    return nil
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// Takes out `48.2082, 16.3738`.
  mutating func takePosition() -> TextQuery.Position? {
    for start in characters.indices where isBoundary(start) {
      guard let (latitude, comma) = decimal(at: start), (-90...90).contains(latitude),
        comma < characters.count, characters[comma] == ",",
        let (longitude, end) = decimal(at: skipSpaces(comma + 1)),
        (-180...180).contains(longitude), isBoundary(end)
      else { continue }
      remove(start..<end)
      return TextQuery.Position(latitude: latitude, longitude: longitude)
    }
    return nil
  }

  /// A number with a point and digits on both sides.
  private func decimal(at position: Int) -> (Double, Int)? {
    var end = position
    if end < characters.count, characters[end] == "-" { end += 1 }
    let digits = end
    while end < characters.count, characters[end].isASCII,
      characters[end].isNumber || characters[end] == "."
    {
      end += 1
    }
    let text = String(characters[position..<end])
    guard digits < end, text.contains("."), text.last != ".", characters[digits] != ".",
      let number = Double(text)
    else { return nil }
    return (number, end)
  }
}
