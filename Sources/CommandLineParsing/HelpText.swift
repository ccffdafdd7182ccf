extension Program {
  /// Columns of the help text.
  static let helpWidth = 80
  /// Where descriptions of options and commands start.
  private static let descriptionColumn = 26

  /// What `--help` prints for a command.
  ///
  /// - Parameter path: from the program to the command.
  /// - Returns: lines of at most ``helpWidth`` columns.
  func helpText(for path: [Command]) -> String {
    guard let command = path.last else { return "" }
    var blocks = [synopsis(of: path)]
    blocks.append(wrap("\(command.summary).", width: Self.helpWidth).joined(separator: "\n"))
    blocks += command.discussion.paragraphs.map {
      wrap($0, width: Self.helpWidth).joined(separator: "\n")
    }
    blocks.append(section("Commands:", command.commands.map { ($0.name, $0.summary + ".") }))
    blocks.append(section("Operands:", command.operands.map { ($0.name, $0.fullHelp) }))
    blocks.append(section("Options:", command.options.map(Self.row)))
    let inherited = path.dropLast().flatMap(\.options)
    // Rarely used ones are shown once, for the program itself.
    let standard = path.count == 1 ? Self.standardArguments : [Self.help]
    blocks.append(
      section("Common options:", (inherited + standard.map(\.declaration)).map(Self.row)))
    if !command.examples.isEmpty {
      let examples = command.examples.map { example in
        (["  " + example.commandLine]
          + wrap(example.explanation, width: Self.helpWidth - 6).map { "      " + $0 })
          .joined(separator: "\n")
      }
      blocks.append((["Examples:"] + examples).joined(separator: "\n"))
    }
    if !command.commands.isEmpty {
      blocks.append("“\(path.map(\.name).joined(separator: " ")) COMMAND --help” tells more.")
    }
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// `Usage: program command [options] OPERAND...`.
  private func synopsis(of path: [Command]) -> String {
    let words = Self.synopsisWords(of: path)
    let first = "Usage: " + path.map(\.name).joined(separator: " ")
    let indent = String(repeating: " ", count: min(first.count + 1, 24))
    var lines = [first]
    for word in words {
      if lines[lines.count - 1].count + 1 + word.count <= Self.helpWidth {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(indent + word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What follows the names of the commands in a synopsis.
  static func synopsisWords(of path: [Command]) -> [String] {
    guard let command = path.last else { return [] }
    var words = path.flatMap(\.options).compactMap { option -> String? in
      guard case .option(_, isRequired: true) = option.kind else { return nil }
      return "--\(option.name) \(option.valueName)"
    }
    words.append("[OPTION]...")
    if !command.commands.isEmpty { words.append("COMMAND") }
    return words + command.operands.map(\.synopsis)
  }

  private static func row(_ option: ArgumentDeclaration) -> (String, String) {
    (option.spelling, option.fullHelp)
  }

  private func section(_ title: String, _ rows: [(term: String, help: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    var lines = [title]
    let indent = String(repeating: " ", count: Self.descriptionColumn)
    for row in rows {
      let help = wrap(row.help, width: Self.helpWidth - Self.descriptionColumn)
      let term = "  " + row.term
      if term.count <= Self.descriptionColumn - 2 {
        let padding = String(repeating: " ", count: Self.descriptionColumn - term.count)
        lines.append(term + padding + (help.first ?? ""))
        lines += help.dropFirst().map { indent + $0 }
      } else {
        lines.append(term)
        lines += help.map { indent + $0 }
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension ArgumentDeclaration {
  /// `-l, --library NAME`, with room for the letter where there is none.
  var spelling: String {
    let long = takesValue ? "--\(name) \(valueName)" : "--\(name)"
    guard let short else { return "    " + long }
    return "-\(short), " + long
  }

  /// `FILE`, `[FILE]`, `FILE...` or `[FILE]...`.
  var synopsis: String {
    guard case .operand(let minimum, let maximum) = kind else { return "" }
    return (minimum == 0 ? "[\(name)]" : name) + (maximum == nil ? "..." : "")
  }

  /// The help with what follows from the type: choices, default, repetition.
  var fullHelp: String {
    var notes: [String] = []
    if case .words(let words) = completion {
      notes.append("one of " + words.joined(separator: ", "))
    }
    if case .option(isRepeatable: true, _) = kind { notes.append("may be repeated") }
    if let defaultText { notes.append("default: \(defaultText)") }
    return notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
  }
}

extension String {
  /// Parts between empty lines; single line breaks are spaces.
  var paragraphs: [String] {
    var paragraphs: [[Substring]] = [[]]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }
}

/// Breaks text at spaces; a longer word has a line of its own.
package func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let line = lines.last, line.count + 1 + word.count <= width {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
