internal import FoundationEssentials
internal import Glibc

/// Times of the wire as a person's clock shows them.
package enum LocalTime {
  /// `2026-11-21 09:12` in the time zone of the user; text that is no ISO 8601 time as it is.
  package static func shown(_ wire: String) -> String {
    date(wire).map { shown($0) } ?? wire
  }

  /// Whether a text is a time as the wire has it.
  static func isWireTime(_ text: String) -> Bool { date(text) != nil }

  private static func date(_ wire: String) -> Date? {
    for withFraction in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
      if let date = try? Date(wire, strategy: style) { return date }
    }
    return nil
  }

  /// The moment at which a day such as `2026-11-21` begins for the user, in ISO 8601; `nil` for
  /// what is no day.
  static func startOfDay(_ day: String) -> String? {
    let numbers = day.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
    guard day.utf8.count == 10, numbers.count == 3, let year = numbers[0], let month = numbers[1],
      let date = numbers[2]
    else { return nil }
    var parts = unsafe tm()
    unsafe parts.tm_year = year - 1900
    unsafe parts.tm_mon = month - 1
    unsafe parts.tm_mday = date
    unsafe parts.tm_isdst = -1
    let seconds = unsafe mktime(&parts)
    // It makes 2 March of 30 February.
    guard unsafe parts.tm_mon == month - 1, unsafe parts.tm_mday == date else { return nil }
    return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  static func shown(_ date: Date) -> String {
    // Times that `time_t` cannot hold are no times of files or tasks.
    guard var seconds = time_t(exactly: date.timeIntervalSince1970.rounded(.down)) else {
      return "?"
    }
    var parts = unsafe tm()
    guard unsafe localtime_r(&seconds, &parts) != nil else { return "?" }
    let numbers = unsafe [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min].map {
      $0 < 10 ? "0\($0)" : "\($0)"
    }
    let year = unsafe Int(parts.tm_year) + 1900
    return "\(year)-\(numbers[0])-\(numbers[1]) \(numbers[2]):\(numbers[3])"
  }
}
