/// A program's command, or the program itself, with everything that help and manual say about it.
public struct Command: Sendable {
  /// A command line, and what it does.
  public struct Example: Sendable, Hashable {
    public let commandLine: String
    public let explanation: String

    public init(_ commandLine: String, _ explanation: String) {
      self.commandLine = commandLine
      self.explanation = explanation
    }
  }

  public let name: String
  /// One line, without a full stop.
  public let summary: String
  /// Paragraphs, with an empty line between two.
  public let discussion: String
  /// Operands in the order in which they are given; options hold for the commands below as well.
  public let arguments: [any ArgumentDeclaring]
  public let commands: [Command]
  public let examples: [Example]

  /// - Precondition: an operand that may be left out or repeated comes last. A command that has
  ///   commands has no operands.
  public init(
    _ name: String, summary: String, discussion: String = "",
    arguments: [any ArgumentDeclaring] = [], commands: [Command] = [], examples: [Example] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.commands = commands
    self.examples = examples
    precondition(commands.isEmpty || operands.isEmpty, "\(name): either commands or operands")
    precondition(
      operands.dropLast().allSatisfy { $0.kind == .operand(minimum: 1, maximum: 1) },
      "\(name): only the last operand may be left out or repeated")
    precondition(
      Set(commands.map(\.name)).count == commands.count, "\(name): commands have different names")
  }

  var options: [ArgumentDeclaration] { arguments.map(\.declaration).filter { !$0.isOperand } }
  var operands: [ArgumentDeclaration] { arguments.map(\.declaration).filter(\.isOperand) }

  func command(named name: String) -> Command? { commands.first { $0.name == name } }
}

/// A program: its commands, and what its manual says beside them.
public struct Program: Sendable {
  /// A term and what it means, such as an exit status or a file.
  public struct Note: Sendable, Hashable {
    public let term: String
    public let meaning: String

    public init(_ term: String, _ meaning: String) {
      self.term = term
      self.meaning = meaning
    }
  }

  public let command: Command
  public let version: String
  /// The section of the manual: 1 for users' programs, 8 for the administrator's.
  public let manualSection: Int
  public let exitStatuses: [Note]
  public let environment: [Note]
  public let files: [Note]
  /// Such as `figured(8)`.
  public let seeAlso: [String]

  /// - Precondition: no two options of a command, those above it included, have the same name.
  public init(
    _ command: Command, version: String, manualSection: Int = 1, exitStatuses: [Note] = [],
    environment: [Note] = [], files: [Note] = [], seeAlso: [String] = []
  ) {
    self.command = command
    self.version = version
    self.manualSection = manualSection
    self.exitStatuses = exitStatuses
    self.environment = environment
    self.files = files
    self.seeAlso = seeAlso
    for path in paths {
      let options = Self.standardArguments.map(\.declaration) + path.flatMap(\.options)
      let names = options.map(\.name) + options.compactMap { $0.short.map(String.init) }
      precondition(
        Set(names).count == names.count,
        "\(path.map(\.name).joined(separator: " ")): two options have the same name")
    }
  }

  /// Every command with those above it, from the program on; each stands behind its parent.
  var paths: [[Command]] {
    func paths(from path: [Command], _ command: Command) -> [[Command]] {
      let path = path + [command]
      return [path] + command.commands.flatMap { paths(from: path, $0) }
    }
    return paths(from: [], command)
  }

  /// Options that every program has.
  static let help: Argument<Bool> = .flag("help", short: "h", help: "Show this help and exit.")
  static let versionFlag: Argument<Bool> = .flag("version", help: "Show the version and exit.")
  static let completion: Argument<Shell?> = .option(
    "generate-completion", value: "SHELL", help: "Write a completion script for a shell and exit.")
  static let manual: Argument<Bool> = .flag(
    "generate-man", help: "Write the manual page (roff) and exit.")

  /// In the order of the help text.
  static let standardArguments: [any ArgumentDeclaring] = [help, versionFlag, completion, manual]
}

/// A shell that completion scripts can be made for.
public enum Shell: String, CommandLineValue, CaseIterable {
  case bash, zsh, fish
}
