/// One key of the configuration file: its place in ``DaemonConfiguration``, its meaning, its range.
///
/// ``all`` is the only list of keys; reading a file, writing the reference and comparing two
/// configurations follow it.
struct Setting: Sendable {
  let section: String
  let key: String
  /// Sentences for the administrator; broken into lines when written.
  let documentation: String
  /// Completes “expected …”.
  let expectation: String
  /// Stores a value; `false` if it is not acceptable.
  let store: @Sendable (ConfigurationValue, inout DaemonConfiguration) -> Bool
  /// The field's value as it would be written.
  let text: @Sendable (DaemonConfiguration) -> String

  init<Value>(
    _ section: String, _ key: String,
    _ field: any WritableKeyPath<DaemonConfiguration, Value> & Sendable,
    _ kind: SettingKind<Value>, _ documentation: String
  ) {
    self.section = section
    self.key = key
    self.documentation = documentation
    expectation = kind.expectation
    store = { value, configuration in
      guard let decoded = kind.decode(value) else { return false }
      configuration[keyPath: field] = decoded
      return true
    }
    text = { kind.encode($0[keyPath: field]) }
  }

  /// `section.key`.
  var name: String { "\(section).\(key)" }
}

/// A section of the configuration file.
struct SettingSection: Sendable {
  let name: String
  let documentation: String
  let settings: [Setting]

  init(_ name: String, _ documentation: String, _ settings: (String) -> [Setting]) {
    self.name = name
    self.documentation = documentation
    self.settings = settings(name)
  }
}
