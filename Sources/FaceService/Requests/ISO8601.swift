internal import FaceTypes
internal import FoundationEssentials

extension Timestamp {
  /// The present moment.
  static var now: Timestamp {
    Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded()))
  }

  /// `2024-08-01T12:00:00.123Z`; without the milliseconds where they are zero.
  var iso8601: String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    return date.formatted(.iso8601(withFraction: milliseconds % 1000 != 0))
  }

  /// Reads a time with a zone, with or without fractions of a second.
  init?(iso8601 text: String) {
    for withFraction in [false, true] {
      if let date = try? Date(text, strategy: .iso8601(withFraction: withFraction)) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
        return
      }
    }
    return nil
  }
}

extension FormatStyle where Self == Date.ISO8601FormatStyle {
  fileprivate static func iso8601(withFraction: Bool) -> Date.ISO8601FormatStyle {
    Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
  }
}

extension ParseStrategy where Self == Date.ISO8601FormatStyle {
  fileprivate static func iso8601(withFraction: Bool) -> Date.ISO8601FormatStyle {
    Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
  }
}

extension CaptureTime {
  /// Reads a time with a zone, such as `2024-08-01T12:00:00+0200`; `nil` also for the zeros of clocks
  /// that were never set.
  init?(iso8601 text: String) {
    guard let moment = Timestamp(iso8601: text), moment.milliseconds > Self.unsetClock,
      let offset = Self.offsetSeconds(text.drop { $0 != "T" }.drop { !"+-Z".contains($0) })
    else { return nil }
    self.init(
      localTime: Timestamp(milliseconds: moment.milliseconds + Int64(offset) * 1000),
      offsetSeconds: offset)
  }

  /// The first day of 1970: what lies before it are zeros of 1904 or 1970.
  private static let unsetClock: Int64 = 24 * 3600 * 1000

  /// Seconds of `Z`, `+02`, `+0200` or `+02:00`.
  private static func offsetSeconds(_ zone: Substring) -> Int32? {
    if zone == "Z" { return 0 }
    let digits = zone.dropFirst().filter { $0 != ":" }
    guard let number = Int32(digits), digits.count == 2 || digits.count == 4 else { return nil }
    let (hours, minutes) = digits.count == 2 ? (number, 0) : (number / 100, number % 100)
    return (zone.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// `2024-08-01T12:00:00+02:00`, without an offset where the camera wrote none.
  var iso8601: String {
    var text = localTime.iso8601
    text.removeLast()
    guard let offsetSeconds else { return text }
    let minutes = abs(offsetSeconds) / 60
    func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return text + (offsetSeconds < 0 ? "-" : "+") + twoDigits(minutes / 60) + ":"
      + twoDigits(minutes % 60)
  }
}
