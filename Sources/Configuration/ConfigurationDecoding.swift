internal import Spelling

extension DaemonConfiguration {
  /// Reads the text of a configuration file; what it does not mention keeps its default.
  ///
  /// - Parameters:
  ///   - text: the content.
  ///   - file: its name, for messages.
  /// - Throws: ``ConfigurationError`` with everything that is wrong.
  public init(parsing text: String, file: String) throws(ConfigurationError) {
    self.init()
    let syntax = ConfigurationSyntax(parsing: text)
    var problems = syntax.problems
    for section in syntax.sections
    where !Setting.sections.contains(where: { $0.name == section.name }) {
      problems.append(.init(line: section.line, message: Self.unknownSection(section.name)))
    }
    var lines: [String: Int] = [:]
    for entry in syntax.entries {
      guard let setting = Setting.all.first(where: { $0.matches(entry) }) else {
        if let message = Self.unknownKey(entry) {
          problems.append(.init(line: entry.line, message: message))
        }
        continue
      }
      if let earlier = lines[setting.name] {
        problems.append(
          .init(line: entry.line, message: "\(setting.name) is set in line \(earlier) already"))
        continue
      }
      lines[setting.name] = entry.line
      if !setting.store(entry.value, &self) {
        problems.append(
          .init(
            line: entry.line,
            message: "\(setting.name) = \(entry.text): expected \(setting.expectation)"))
      }
    }
    if problems.isEmpty {
      problems = contradictions().map { names, message in
        .init(line: names.compactMap { lines[$0] }.max(), message: message)
      }
    }
    guard problems.isEmpty else {
      throw ConfigurationError(
        file: file, problems: problems.sorted { ($0.line ?? .max) < ($1.line ?? .max) })
    }
  }

  /// Names of the keys whose values differ, in the order of the reference.
  public func changedSettings(from other: DaemonConfiguration) -> [String] {
    Setting.all.filter { $0.text(self) != $0.text(other) }.map(\.name)
  }

  /// The shipped configuration file: every key with its meaning and its default, commented out.
  public static var reference: String {
    let defaults = DaemonConfiguration()
    var lines = [
      "# Configuration of figured(8). Every key is shown with its default; remove the “#” to change it.",
      "# Text stands in quotes, sizes have units (512MiB), and so have times (30s). Check with",
      "# “figured --check --config FILE”; “systemctl reload figured” applies it.",
    ]
    for section in Setting.sections {
      lines += ["", "[\(section.name)]"]
      lines += wrapped(section.documentation, prefix: "# ")
      for setting in section.settings {
        lines.append("")
        lines += wrapped(setting.documentation, prefix: "# ")
        lines.append("#\(setting.key) = \(setting.text(defaults))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Messages

  private static func unknownSection(_ name: String) -> String {
    let names = Setting.sections.map(\.name)
    if let nearest = nearestName(to: name, among: names) {
      return "there is no section [\(name)]; did you mean [\(nearest)]?"
    }
    return "there is no section [\(name)]; sections are "
      + names.map { "[\($0)]" }.joined(separator: ", ")
  }

  /// `nil` if the section is unknown, which is said once already.
  private static func unknownKey(_ entry: ConfigurationEntry) -> String? {
    if entry.section.isEmpty {
      return "\(entry.key) stands before the first [section]"
    }
    guard let section = Setting.sections.first(where: { $0.name == entry.section }) else {
      return nil
    }
    let message = "[\(section.name)] has no key \(entry.key)"
    let keys = section.settings.map(\.key)
    if let elsewhere = Setting.all.first(where: { $0.key == entry.key }) {
      return "\(message); it belongs into [\(elsewhere.section)]"
    }
    if let nearest = nearestName(to: entry.key, among: keys) {
      return "\(message); did you mean \(nearest)?"
    }
    return "\(message); its keys are \(keys.joined(separator: ", "))"
  }

  /// What is wrong with values that are each right: the keys concerned, and why.
  private func contradictions() -> [([String], String)] {
    var found: [([String], String)] = []
    let socketPathLimit = 107
    if service.socketPath.utf8.count > socketPathLimit {
      found.append(
        (
          ["service.socket"],
          "service.socket: the path has more than \(socketPathLimit) bytes, which the kernel allows"
        ))
    }
    if limits.connectionsPerUser > limits.connections {
      found.append(
        (
          ["limits.connections-per-user", "limits.connections"],
          "limits.connections-per-user (\(limits.connectionsPerUser)) is above "
            + "limits.connections (\(limits.connections)); lower one or raise the other"
        ))
    }
    if limits.totalLineBytes < 2 * limits.lineBytes {
      found.append(
        (
          ["limits.held-lines-size", "limits.line-size"],
          "limits.held-lines-size must have room for two lines of limits.line-size, "
            + ConfigurationValue.text(size: 2 * limits.lineBytes)
        ))
    }
    return found
  }
}

extension Setting {
  fileprivate func matches(_ entry: ConfigurationEntry) -> Bool {
    entry.section == section && entry.key == key
  }
}

/// Breaks text at spaces into lines of at most 100 characters.
private func wrapped(_ text: String, prefix: String) -> [String] {
  var lines: [String] = []
  var line = prefix
  for word in text.split(separator: " ") {
    if line.count > prefix.count, line.count + word.count > 100 {
      lines.append(line.trimmingTrailingSpace)
      line = prefix
    }
    line += word + " "
  }
  return lines + [line.trimmingTrailingSpace]
}

extension String {
  fileprivate var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}
