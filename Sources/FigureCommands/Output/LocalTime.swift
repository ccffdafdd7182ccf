internal import FoundationEssentials
internal import Glibc

/// Times of the wire as a person's clock shows them.
package enum LocalTime {
  /// `2026-11-21 09:12` in the time zone of the user; text that is no ISO 8601 time as it is.
  package static func shown(_ wire: String) -> String {
    for withFraction in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
      if let date = try? Date(wire, strategy: style) { return shown(date) }
    }
    return wire
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
