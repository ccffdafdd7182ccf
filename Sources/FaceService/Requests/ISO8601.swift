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
