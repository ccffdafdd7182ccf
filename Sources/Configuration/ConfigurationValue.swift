/// A value as it stands in a configuration file.
enum ConfigurationValue: Equatable, Sendable {
  case string(String)
  case integer(Int)
  case decimal(Double)
  case boolean(Bool)
  /// Bytes.
  case size(Int)
  case duration(Duration)
  case list([ConfigurationValue])

  private static let sizeUnits: [(name: String, bytes: Int)] = [
    ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
  ]
  private static let durationUnits: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// Reads a value that stands without quotes; `nil` if it is none.
  init?(bare text: String) {
    switch text {
    case "true": self = .boolean(true)
    case "false": self = .boolean(false)
    default:
      guard let number = NumberWithUnit(text) else { return nil }
      self.init(number)
    }
  }

  private init?(_ number: NumberWithUnit) {
    switch number.unit {
    case "":
      if number.isWhole {
        guard let value = Int(number.digits) else { return nil }
        self = .integer(value)
      } else {
        guard let value = Double(number.digits), value.isFinite else { return nil }
        self = .decimal(value)
      }
    case let unit:
      guard number.isWhole, let value = Int(number.digits), value >= 0 else { return nil }
      if let unit = Self.sizeUnits.first(where: { $0.name == unit }) {
        let (bytes, overflow) = value.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow else { return nil }
        self = .size(bytes)
      } else if let unit = Self.durationUnits.first(where: { $0.name == unit }) {
        let (time, overflow) = Int64(value).multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow else { return nil }
        self = .duration(.milliseconds(time))
      } else {
        return nil
      }
    }
  }

  /// Writes bytes with the largest unit that leaves a whole number.
  static func text(size: Int) -> String {
    guard size > 0 else { return "\(size)" }
    for unit in sizeUnits where size % unit.bytes == 0 { return "\(size / unit.bytes)\(unit.name)" }
    return "\(size)B"
  }

  /// Writes a time with the largest unit that leaves a whole number.
  static func text(duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    for unit in durationUnits where milliseconds % unit.milliseconds == 0 && milliseconds > 0 {
      return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
    return "\(milliseconds)ms"
  }

  /// Writes a string with quotes.
  static func text(string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text + "\""
  }
}

/// Digits, maybe with a sign and a fraction, and the letters behind them.
private struct NumberWithUnit {
  let digits: String
  let unit: String
  let isWhole: Bool

  init?(_ text: String) {
    var rest = Substring(text)
    var digits = ""
    if rest.first == "-" || rest.first == "+" { digits.append(rest.removeFirst()) }
    var hasFraction = false
    var hasDigit = false
    while let character = rest.first {
      if character.isASCII, character.isNumber {
        digits.append(character)
        hasDigit = true
      } else if character == ".", hasDigit, !hasFraction {
        digits.append(character)
        hasFraction = true
        hasDigit = false
      } else if character == "_", hasDigit, rest.dropFirst().first?.isNumber == true {
        // Separates thousands, as in TOML.
      } else {
        break
      }
      rest.removeFirst()
    }
    guard hasDigit, rest.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
    self.digits = digits.hasPrefix("+") ? String(digits.dropFirst()) : digits
    unit = String(rest)
    isWhole = !hasFraction
  }
}
