/// What a setting accepts, and how its values are written.
struct SettingKind<Value: Equatable & Sendable>: Sendable {
  /// Completes “expected …”.
  let expectation: String
  /// `nil` if the value is not acceptable.
  let decode: @Sendable (ConfigurationValue) -> Value?
  let encode: @Sendable (Value) -> String
}

extension SettingKind where Value == Bool {
  static var boolean: SettingKind {
    SettingKind(
      expectation: "true or false",
      decode: { value in
        guard case .boolean(let flag) = value else { return nil }
        return flag
      }, encode: { "\($0)" })
  }
}

extension SettingKind where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> SettingKind {
    SettingKind(
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      decode: { value in
        guard case .integer(let number) = value, range.contains(number) else { return nil }
        return number
      }, encode: { "\($0)" })
  }

  /// Bytes; zero needs no unit.
  static func size(_ range: ClosedRange<Int>) -> SettingKind {
    let bounds = [range.lowerBound, range.upperBound].map(ConfigurationValue.text(size:))
    return SettingKind(
      expectation: "a size with a unit (B, KiB, MiB, GiB) from \(bounds[0]) to \(bounds[1])",
      decode: { value in
        switch value {
        case .size(let bytes) where range.contains(bytes): bytes
        case .integer(0) where range.contains(0): 0
        default: nil
        }
      }, encode: ConfigurationValue.text(size:))
  }

  /// Zero, which stands for something special, or a size of the range.
  static func sizeOrZero(_ range: ClosedRange<Int>) -> SettingKind {
    let size = SettingKind.size(range)
    return SettingKind(
      expectation: "0 or \(size.expectation)",
      decode: { $0 == .integer(0) || $0 == .size(0) ? 0 : size.decode($0) }, encode: size.encode)
  }

  /// Octal permission bits in quotes, as chmod(1) takes them.
  static var fileMode: SettingKind {
    SettingKind(
      expectation: "permission bits in quotes from \"0600\" to \"0666\"",
      decode: { value in
        guard case .string(let text) = value, (3...4).contains(text.utf8.count),
          let mode = Int(text, radix: 8), mode & ~0o666 == 0, mode & 0o600 == 0o600
        else { return nil }
        return mode
      },
      encode: { mode in
        let digits = String(mode, radix: 8)
        return "\"" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "\""
      })
  }
}

extension SettingKind where Value == Double {
  static func decimal(_ range: ClosedRange<Double>) -> SettingKind {
    SettingKind(
      expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
      decode: { value in
        switch value {
        case .decimal(let number) where range.contains(number): number
        case .integer(let number) where range.contains(Double(number)): Double(number)
        default: nil
        }
      }, encode: { "\($0)" })
  }
}

extension SettingKind where Value == Duration {
  static func duration(_ range: ClosedRange<Duration>) -> SettingKind {
    let bounds = [range.lowerBound, range.upperBound].map(ConfigurationValue.text(duration:))
    return SettingKind(
      expectation: "a time with a unit (ms, s, min, h, d) from \(bounds[0]) to \(bounds[1])",
      decode: { value in
        guard case .duration(let time) = value, range.contains(time) else { return nil }
        return time
      }, encode: ConfigurationValue.text(duration:))
  }
}

extension SettingKind where Value == String {
  /// An absolute path.
  static var path: SettingKind {
    SettingKind(
      expectation: "an absolute path in quotes",
      decode: { value in
        guard case .string(let path) = value, isAbsolutePath(path) else { return nil }
        return path
      }, encode: ConfigurationValue.text(string:))
  }

  /// An absolute path, or nothing.
  static var optionalPath: SettingKind {
    SettingKind(
      expectation: "an absolute path in quotes, or \"\"",
      decode: { $0 == .string("") ? "" : path.decode($0) }, encode: path.encode)
  }

  /// A group, by name or number; may be empty.
  static var group: SettingKind {
    SettingKind(
      expectation: "the name or number of a group in quotes, or \"\"",
      decode: { value in
        guard case .string(let name) = value else { return nil }
        return name.isEmpty || Principal("@" + name) != nil ? name : nil
      }, encode: ConfigurationValue.text(string:))
  }
}

extension SettingKind where Value == [String] {
  static var paths: SettingKind {
    SettingKind(
      expectation: "a list of absolute paths, such as [\"/srv/photos\"]",
      decode: { $0.elements(SettingKind<String>.path.decode) },
      encode: { listText($0.map(ConfigurationValue.text(string:))) })
  }
}

extension SettingKind where Value == [Principal] {
  static var principals: SettingKind {
    SettingKind(
      expectation: "a list of \(Principal.expectation), each in quotes",
      decode: { value in
        value.elements { element in
          guard case .string(let text) = element else { return nil }
          return Principal(text)
        }
      },
      encode: { listText($0.map { ConfigurationValue.text(string: $0.description) }) })
  }
}

extension SettingKind
where Value: RawRepresentable<String> & CaseIterable {
  /// One of the names of an enumeration, in quotes.
  static var choice: SettingKind {
    let names = Value.allCases.map { ConfigurationValue.text(string: $0.rawValue) }
    return SettingKind(
      expectation: "one of " + names.joined(separator: ", "),
      decode: { value in
        guard case .string(let name) = value else { return nil }
        return Value(rawValue: name)
      }, encode: { ConfigurationValue.text(string: $0.rawValue) })
  }
}

extension ConfigurationValue {
  /// The elements of a list, all decoded; `nil` if it is none or one cannot be.
  fileprivate func elements<Element>(
    _ decode: (ConfigurationValue) -> Element?
  ) -> [Element]? {
    guard case .list(let values) = self else { return nil }
    var elements: [Element] = []
    for value in values {
      guard let element = decode(value) else { return nil }
      elements.append(element)
    }
    return elements
  }
}

private func listText(_ elements: [String]) -> String {
  "[" + elements.joined(separator: ", ") + "]"
}

private func isAbsolutePath(_ path: String) -> Bool {
  path.hasPrefix("/") && !path.utf8.contains(0) && path.utf8.count < 4_096
}
