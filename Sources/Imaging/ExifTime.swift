/// The texts in which EXIF writes times (EXIF 2.32, sections 4.6.5 F and 4.6.4 D).
enum ExifTime {
  /// Seconds since 1970 of `YYYY:MM:DD HH:MM:SS` read as UTC; `nil` for anything that is no time.
  ///
  /// Some writers put hyphens or slashes into the date; all zeros or spaces mean "unknown".
  static func seconds(_ text: String) -> Int64? {
    let characters = Array(text.utf8)
    guard characters.count >= 19 else { return nil }
    for position in [4, 7] where !":-/".utf8.contains(characters[position]) { return nil }
    for position in [13, 16] where characters[position] != UInt8(ascii: ":") { return nil }
    guard
      let year = number(characters[0..<4]), (1826...9999).contains(year),
      let month = number(characters[5..<7]), (1...12).contains(month),
      let day = number(characters[8..<10]), day >= 1, day <= daysInMonth(month, year: year),
      let hour = number(characters[11..<13]), hour < 24,
      let minute = number(characters[14..<16]), minute < 60,
      let second = number(characters[17..<19]), second <= 60
    else { return nil }
    let days = daysSince1970(year: year, month: month, day: day)
    return Int64(((days * 24 + hour) * 60 + minute) * 60 + second)
  }

  /// The fraction of a second whose decimal digits are given, in milliseconds.
  static func milliseconds(_ digits: String) -> Int64 {
    let first = Array((digits.prefix { $0.isASCII && $0.isNumber } + "000").prefix(3).utf8)
    return Int64(number(first[...]) ?? 0)
  }

  /// Seconds east of UTC of `±HH:MM`, at most 14 hours; `nil` for anything else.
  static func offsetSeconds(_ text: String) -> Int32? {
    if text == "Z" { return 0 }
    let characters = Array(text.utf8)
    guard
      characters.count == 6, characters[3] == UInt8(ascii: ":"),
      let hours = number(characters[1..<3]), let minutes = number(characters[4..<6]), minutes < 60,
      hours * 60 + minutes <= 14 * 60
    else { return nil }
    let seconds = Int32(hours * 60 + minutes) * 60
    switch characters[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func daysInMonth(_ month: Int, year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days from 1970-01-01 in the Gregorian calendar, for years from 1 on.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let before = year - 1
    let leapDays = before / 4 - before / 100 + before / 400
    let monthStart = (1..<month).reduce(0) { $0 + daysInMonth($1, year: year) }
    return before * 365 + leapDays - 719_162 + monthStart + day - 1
  }
}
