/// Reads dates of a Match.
enum MatchTime {
  /// Milliseconds since 1970 of `2024-08-01`, `2024-08-01T12:30Z` or `2024-08-01T12:30:59.5Z`, all
  /// in UTC; `nil` for anything else.
  static func milliseconds(_ text: String) -> Double? {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard date.count == 3, date[0].utf8.count == 4, let year = Int(digits: date[0]),
      let month = Int(digits: date[1]), (1...12).contains(month),
      let day = Int(digits: date[2]), (1...daysInMonth(month, of: year)).contains(day)
    else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    guard parts.count == 2 else { return Double(days) * 86_400_000 }
    guard parts[1].last == "Z" else { return nil }
    let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(clock.count), let hour = Int(digits: clock[0]), hour < 24,
      let minute = Int(digits: clock[1]), minute < 60
    else { return nil }
    var milliseconds = Double((days * 24 + hour) * 60 + minute) * 60_000
    if clock.count == 3 {
      guard let seconds = Double(matchNumber: String(clock[2])), (0..<60).contains(seconds),
        clock[2].utf8.first?.isDigit == true
      else { return nil }
      milliseconds += (seconds * 1000).rounded()
    }
    return milliseconds
  }

  private static func daysInMonth(_ month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days of the Gregorian calendar, counted in years that begin in March.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return 365 * shifted + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
  }
}

extension Int {
  /// A number of two to four digits and nothing else.
  fileprivate init?(digits: Substring) {
    guard (2...4).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit) else {
      return nil
    }
    self.init(digits)
  }
}
