/// Numbers in the form that people read.
package enum Quantity {
  /// `1,234,567`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// `1 face`, `2 faces`.
  package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
  }

  /// `12 B`, `3.4 MiB`: three digits at most, in powers of 1024.
  package static func bytes(_ value: Int) -> String {
    var scaled = Double(value)
    var unit = "B"
    for larger in ["KiB", "MiB", "GiB", "TiB"] {
      guard scaled >= 1023.5 else { break }
      scaled /= 1024
      unit = larger
    }
    return unit == "B" || scaled >= 9.95
      ? "\(Int(scaled.rounded())) \(unit)" : "\(decimal(scaled, places: 1)) \(unit)"
  }

  /// `0:07`, `12:34`, `1:23:45`.
  package static func clock(seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let whole = Int(min(max(0, seconds), 359_999).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }

  /// `42 s`, `5 min`, `3 h 12 min`, `4 d 7 h`: the two largest units.
  package static func duration(seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let whole = Int(min(max(0, seconds), 3.2e9))
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60)
    if days > 0 { return "\(days) d \(hours) h" }
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min" : "\(whole) s"
  }

  /// `87 %` of a value in 0…1.
  package static func percent(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    return "\(Int((min(max(0, value), 1) * 100).rounded())) %"
  }

  /// With exactly `places` digits after the point.
  package static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return "?" }
    let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
    let scaled = (value.magnitude * factor).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int(scaled) / Int(factor)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let digits = String(Int(scaled) % Int(factor))
    return "\(sign)\(whole)." + String(repeating: "0", count: places - digits.count) + digits
  }

  /// A rate a second: `0.4/s`, `12/s`.
  package static func rate(_ value: Double) -> String {
    decimal(value, places: value < 9.95 ? 1 : 0) + "/s"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

extension Quantity {
  /// `1 medium`, `2 media`.
  package static func media(_ value: Int) -> String { count(value, "medium", plural: "media") }
}
