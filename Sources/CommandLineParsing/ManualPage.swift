extension Program {
  /// The manual page in roff with the `man` macros.
  var manualPage: String {
    let name = command.name
    var page = ManualPage()
    page.raw(
      ".TH \"\(name.uppercased())\" \"\(manualSection)\" \"\" \"\(name) \(version)\" \"\"")
    page.raw(".nh")  // Hyphenated option names cannot be copied.
    page.section("NAME")
    page.text("\(name) \\- \(ManualPage.escaped(command.summary.lowercasedFirst))")
    page.section("SYNOPSIS")
    for path in paths where path.last?.commands.isEmpty ?? true || path.count == 1 {
      page.synopsis(path)
    }
    page.section("DESCRIPTION")
    page.paragraph("\(command.summary).")
    for paragraph in command.discussion.paragraphs { page.paragraph(paragraph) }
    page.section("OPTIONS")
    for option in options(along: [command]) { page.option(option) }
    if !command.commands.isEmpty {
      page.section("COMMANDS")
      for path in paths.dropFirst() where path.last?.commands.isEmpty ?? false {
        page.command(path)
      }
    }
    page.notes("EXIT STATUS", exitStatuses)
    page.notes("ENVIRONMENT", environment)
    page.notes("FILES", files)
    let examples = paths.flatMap { $0.last?.examples ?? [] }
    if !examples.isEmpty {
      page.section("EXAMPLES")
      for example in examples { page.example(example) }
    }
    if !seeAlso.isEmpty {
      page.section("SEE ALSO")
      page.text(seeAlso.map(ManualPage.reference).joined(separator: ", "))
    }
    return page.content
  }
}

/// Collects the lines of a manual page.
private struct ManualPage {
  private(set) var content = ""

  mutating func raw(_ line: String) { content += line + "\n" }

  /// A line of text that is escaped already.
  mutating func text(_ escaped: String) {
    // A line that starts with a dot or an apostrophe would be a request.
    raw(escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped)
  }

  mutating func section(_ title: String) { raw(".SH \"\(title)\"") }

  mutating func paragraph(_ plain: String) {
    raw(".PP")
    text(Self.escaped(plain))
  }

  mutating func synopsis(_ path: [Command]) {
    raw(".PP")
    let names = path.map(\.name).joined(separator: " ")
    let words = Program.synopsisWords(of: path).map(Self.escaped)
    text(([Self.bold(names)] + words).joined(separator: " "))
  }

  mutating func option(_ option: ArgumentDeclaration) {
    raw(".TP")
    let spellings = option.spellings.map(Self.bold).joined(separator: ", ")
    text(option.takesValue ? "\(spellings) \(Self.italic(option.valueName))" : spellings)
    text(Self.escaped(option.fullHelp))
  }

  mutating func command(_ path: [Command]) {
    guard let command = path.last else { return }
    raw(".SS \"\(Self.escaped(path.dropFirst().map(\.name).joined(separator: " ")))\"")
    text(Self.escaped("\(command.summary)."))
    for text in command.discussion.paragraphs { paragraph(text) }
    for operand in command.operands {
      raw(".TP")
      text(Self.italic(operand.synopsis))
      text(Self.escaped(operand.fullHelp))
    }
    // Options of the commands in between; those of the program have a section of their own.
    for option in path.dropFirst().flatMap(\.options) { self.option(option) }
  }

  mutating func notes(_ title: String, _ notes: [Program.Note]) {
    guard !notes.isEmpty else { return }
    section(title)
    for note in notes {
      raw(".TP")
      text(Self.bold(note.term))
      text(Self.escaped(note.meaning))
    }
  }

  mutating func example(_ example: Command.Example) {
    raw(".PP")
    text(Self.escaped(example.explanation))
    raw(".PP")
    raw(".nf")
    raw(".RS 4")
    text(Self.escaped(example.commandLine))
    raw(".RE")
    raw(".fi")
  }

  /// `figured(8)` with the name in bold.
  static func reference(_ page: String) -> String {
    guard let parenthesis = page.firstIndex(of: "(") else { return escaped(page) }
    return bold(String(page[..<parenthesis])) + escaped(String(page[parenthesis...]))
  }

  static func bold(_ plain: String) -> String { "\\fB\(escaped(plain))\\fR" }
  static func italic(_ plain: String) -> String { "\\fI\(escaped(plain))\\fR" }

  /// Plain text as roff shows it unchanged, so that what is copied from it works in a shell.
  static func escaped(_ plain: String) -> String {
    var text = ""
    for character in plain {
      switch character {
      case "\\": text += "\\e"
      case "-": text += "\\-"
      case "'": text += "\\(aq"
      case "\"": text += "\\(dq"
      case "^": text += "\\(ha"
      case "~": text += "\\(ti"
      case "`": text += "\\(ga"
      default: text.append(character)
      }
    }
    return text
  }
}

extension String {
  /// As the NAME section has it, unless the word is an abbreviation.
  fileprivate var lowercasedFirst: String {
    guard let first, dropFirst().first?.isLowercase == true else { return self }
    return first.lowercased() + dropFirst()
  }
}
