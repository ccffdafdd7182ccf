package import CommandLineParsing
internal import FaceClient
internal import FoundationEssentials

/// figurectl as a whole: what its command line may be, and what then happens.
///
/// Start here: ``main(_:environment:)`` is the program.
package enum FigureProgram {
  package static let version = "0.1.0"

  // MARK: What the command line may be

  private static let subcommands: [any Subcommand.Type] = [
    StatusCommand.self, ImportCommand.self, MediaCommand.self, RemoveCommand.self,
    FacesCommand.self, ClustersCommand.self, ClusterCommand.self, NameCommand.self,
    SearchCommand.self, FindCommand.self, AskCommand.self, EnrolCommand.self,
    RecogniseCommand.self, CompareCommand.self, ReclusterCommand.self, TasksCommand.self,
    WaitCommand.self, CancelCommand.self, EvaluateCommand.self, CalibrateCommand.self,
    DoctorCommand.self,
  ]
  private static let curationCommands: [any Subcommand.Type] = [
    MergeCommand.self, SplitCommand.self, MoveCommand.self, RejectCommand.self,
    NotAFaceCommand.self, IgnoreCommand.self, LinkCommand.self, SeparateCommand.self,
    ExplainCommand.self, SuggestionsCommand.self, ReviewCommand.self, SetCommand.self,
    HistoryCommand.self, UndoCommand.self, RedoCommand.self,
    ForgetHistoryCommand.self,
  ]
  private static let libraryCommands: [any Subcommand.Type] = [
    ListLibrariesCommand.self, CreateLibraryCommand.self, DropLibraryCommand.self,
  ]
  private static let peopleCommands: [any Subcommand.Type] = [
    ExportPeopleCommand.self, ImportPeopleCommand.self,
  ]
  private static let modelCommands: [any Subcommand.Type] = [
    ModelStatusCommand.self, PrepareModelCommand.self, ApplyModelCommand.self,
    UndoModelCommand.self, DiscardModelCommand.self,
  ]
  private static let attributeCommands: [any Subcommand.Type] = [
    AttributeStatusCommand.self, FillAttributesCommand.self,
  ]
  private static let exportCommands: [any Subcommand.Type] = [ExportCommand.self]
  private static let lastCommands: [any Subcommand.Type] = [
    ReportCommand.self, CallCommand.self, VersionCommand.self,
  ]

  private static let socket: Argument<String?> = .option(
    "socket", short: "s", value: "PATH",
    help: "The daemon's socket; else that of \(SocketPath.environmentVariable), else the system's, "
      + "else the user's own.", completion: .file)
  private static let json: Argument<Bool> = .flag(
    "json", help: "Print results as JSON, as they came from the daemon.")
  private static let wide: Argument<Bool> = .flag(
    "wide", help: "Cut nothing in tables, however wide they become.")
  private static let shell: Argument<Shell> = .operand("SHELL", help: "For which shell.")

  private static let completionCommand = Command(
    "completion", summary: "Write a completion script for a shell", arguments: [shell],
    examples: [
      .init(
        "figurectl completion bash > ~/.local/share/bash-completion/completions/figurectl",
        "Complete figurectl's commands in new shells.")
    ])

  /// The declarations from which help, completion and manual are made.
  package static let program = Program(
    Command(
      "figurectl", summary: "Control figured, which finds and recognises faces in photographs",
      discussion: """
        figurectl talks to a running figured over its Unix socket. A library holds media; each \
        face found in one is a figure, and all figures of one person are a cluster.
        """,
      arguments: [socket, json, wide],
      commands: (subcommands + curationCommands).map { $0.declaration }
        + [
          Command(
            "libraries", summary: "List, create and drop libraries",
            commands: libraryCommands.map { $0.declaration }),
          Command(
            "people", summary: "Take who is who from one library to another",
            commands: peopleCommands.map { $0.declaration }),
          Command(
            "model", summary: "Change to another face recognition model, and back",
            commands: modelCommands.map { $0.declaration }),
          Command(
            "attributes", summary: "Find out more of faces than whose they are",
            commands: attributeCommands.map { $0.declaration }),
          Command(
            "export", summary: "Write stored data for other programs",
            commands: exportCommands.map { $0.declaration }),
        ] + lastCommands.map { $0.declaration } + [completionCommand],
      examples: [
        .init("figurectl status", "Is it running, and what is it doing?"),
        .init("figurectl import ~/Pictures --wait", "Import a folder of photographs."),
        .init("figurectl clusters", "Who is in them?"),
        .init("figurectl report --output people.html", "Look at everybody in a browser."),
      ]),
    version: version,
    exitStatuses: [
      .init("0", "Everything was done."),
      .init("1", "The command failed, or did a part only: a file was refused, a task failed."),
      .init("2", "The command line is wrong."),
      .init("4", "The daemon does not allow it to this user."),
      .init("5", "The daemon does not answer."),
      .init("130", "Ctrl-C stopped it."),
    ],
    environment: [
      .init(SocketPath.environmentVariable, "The daemon's socket, unless --socket names one."),
      .init("NO_COLOR", "If not empty, tables are printed without emphasis."),
      .init("COLUMNS", "The width of tables where the output is no terminal."),
    ],
    files: [
      .init(SocketPath.system, "The socket of the system's daemon."),
      .init("$XDG_RUNTIME_DIR/figured/figured.sock", "The socket of a daemon of the user's own."),
    ],
    seeAlso: ["figured(8)"])

  // MARK: What happens

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - words: the arguments, without the program's name.
  ///   - environment: the process's environment.
  /// - Returns: what the process ends with.
  package static func main(_ words: [String], environment: [String: String]) -> ExitCode {
    let terminal = Terminal.current(environment: environment)
    let output = Output.standard(terminal: terminal)
    do {
      switch try program.parse(words) {
      case .print(let text):
        output.bytes(Array(text.utf8))
      case .run(let arguments):
        try run(arguments, terminal: terminal, environment: environment)
      }
      return .success
    } catch {
      output.endProgress()
      let message = ErrorText.of(error)
      if !message.isEmpty { output.note(message) }
      return ExitCode(error)
    }
  }

  private static func run(
    _ arguments: ParsedArguments, terminal: Terminal, environment: [String: String]
  ) throws {
    var terminal = terminal
    if arguments[wide] { terminal.tableWidth = nil }
    let output = Output.standard(terminal: terminal)
    if arguments.commandPath == [completionCommand.name] {
      guard
        case .print(let script) = try program.parse([
          "--generate-completion", arguments[shell].rawValue,
        ])
      else { return }
      return output.bytes(Array(script.utf8))
    }
    let context = CommandContext(
      socketPath: arguments[socket] ?? SocketPath.standard(environment: environment),
      isJSON: arguments[json], output: output)
    try subcommand(arguments.commandPath).init(arguments).run(in: context)
  }

  /// - Precondition: the program's declaration has such a command.
  private static func subcommand(_ path: [String]) -> any Subcommand.Type {
    let candidates =
      switch path.dropLast() {
      case ["libraries"]: libraryCommands
      case ["people"]: peopleCommands
      case ["model"]: modelCommands
      case ["attributes"]: attributeCommands
      case ["export"]: exportCommands
      default: subcommands + curationCommands + lastCommands
      }
    guard let command = candidates.first(where: { $0.declaration.name == path.last }) else {
      preconditionFailure("“\(path.joined(separator: " "))” is declared but not implemented")
    }
    return command
  }
}
