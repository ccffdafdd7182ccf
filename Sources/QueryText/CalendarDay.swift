/// A day of the Gregorian calendar.
public struct CalendarDay: Hashable, Sendable, Comparable {
  public var year: Int
  /// 1…12.
  public var month: Int
  /// From 1.
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day of a moment in milliseconds since 1970.
  public init(milliseconds: Int64) {
    self.init(daysSince1970: Int((Double(milliseconds) / 86_400_000).rounded(.down)))
  }

  /// Counts in years that begin in March, so that leap days come last.
  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSince1970: Int {
    let shifted = month <= 2 ? year - 1 : year
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return 365 * shifted + leapDays + (153 * ((month + 9) % 12) + 2) / 5 + day - 1 - 719_468
  }

  var isReal: Bool {
    (1...12).contains(month) && day >= 1 && CalendarDay(daysSince1970: daysSince1970) == self
  }

  func adding(days: Int) -> CalendarDay { CalendarDay(daysSince1970: daysSince1970 + days) }

  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

/// Some days in a row, both ends included.
public struct DateSpan: Hashable, Sendable {
  public var first: CalendarDay
  public var last: CalendarDay

  public init(first: CalendarDay, last: CalendarDay) {
    self.first = first
    self.last = last
  }

  /// A year, a month or a day; `nil` if there is none such.
  init?(year: Int, month: Int? = nil, day: Int? = nil) {
    guard let month else {
      self.init(
        first: CalendarDay(year: year, month: 1, day: 1),
        last: CalendarDay(year: year, month: 12, day: 31))
      return
    }
    guard let day else {
      guard (1...12).contains(month) else { return nil }
      let first = CalendarDay(year: year, month: month, day: 1)
      let next =
        month == 12
        ? CalendarDay(year: year + 1, month: 1, day: 1)
        : CalendarDay(year: year, month: month + 1, day: 1)
      self.init(first: first, last: next.adding(days: -1))
      return
    }
    let only = CalendarDay(year: year, month: month, day: day)
    guard only.isReal else { return nil }
    self.init(first: only, last: only)
  }

  /// Milliseconds since 1970, from the first day's beginning to the last one's end.
  public var milliseconds: ClosedRange<Int64> {
    let first = Int64(first.daysSince1970) * 86_400_000
    return first...(max(first, Int64(last.daysSince1970 + 1) * 86_400_000 - 1))
  }
}
