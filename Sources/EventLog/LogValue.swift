/// A value as it stands behind `key=`: bare if it is a plain word, else in quotes.
///
/// Line breaks and other control characters are escaped, and so are the separators and marks of
/// Unicode that break lines or reverse their direction, so that no client can forge an event. Long
/// values are cut.
func logValue(_ text: String) -> String {
  let isBare = !text.isEmpty && text.utf8.count <= valueLimit && text.utf8.allSatisfy(isWordByte)
  if isBare { return text }
  var quoted = "\""
  var length = 0
  for scalar in text.unicodeScalars {
    guard length < valueLimit else {
      quoted += "…"
      break
    }
    length += 1
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    default:
      if needsEscape(scalar) {
        quoted += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
  }
  return quoted + "\""
}

/// Characters of a value; errors that quote a client's words stay readable, floods do not pass.
private let valueLimit = 1_024

private func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true  // 0-9 A-Z a-z
  case let byte: "-_.:/@+%,$".utf8.contains(byte)
  }
}

private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
    true
  default: false
  }
}
