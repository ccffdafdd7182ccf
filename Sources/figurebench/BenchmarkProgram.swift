import CommandLineParsing
import FoundationEssentials
import Glibc

/// One command of figurebench: how it is written, and what it measures.
protocol BenchmarkCommand: Sendable {
  static var declaration: Command { get }
  /// Takes its values from a command line that names it.
  init(_ arguments: ParsedArguments)
  /// Measures, and prints what came of it.
  func run() throws
}

/// figurebench as a whole: what its command line may be, and what then happens.
enum BenchmarkProgram {
  private static let commands: [any BenchmarkCommand.Type] = [
    NetworksCommand.self, FloorCommand.self, DetectionCommand.self, VerificationCommand.self,
    AttributesCommand.self, EmbeddingsCommand.self, ClusteringCommand.self,
    RecognitionCommand.self, NearestCommand.self, SearchCommand.self,
    ImportCommand.self, StartCommand.self, ReclusteringCommand.self, FaceSearchCommand.self,
    CompareCommand.self,
  ]

  private static let program = Program(
    Command(
      "figurebench", summary: "Measure how fast and how accurate figured is",
      discussion: """
        Every command prints its result as JSON. On a machine that has other work, only processor \
        times and ratios that were taken in turns mean much; Benchmarks/README.md has some.
        """,
      commands: commands.map { $0.declaration },
      examples: [
        .init("figurebench networks --network sface", "Time the embedder alone."),
        .init("figurebench import ~/Pictures --workers 1", "Time a daemon's import of a folder."),
        .init("figurebench compare before.json after.json", "Has anything become slower?"),
      ]),
    version: "0.1.0",
    exitStatuses: [
      .init("0", "It was measured."),
      .init("1", "It could not be measured; or compare found something slower."),
      .init("2", "The command line is wrong."),
    ],
    seeAlso: ["figured(8)"])

  /// Runs a command line.
  ///
  /// - Parameter words: the arguments, without the program's name.
  /// - Returns: what the process ends with.
  static func main(_ words: [String]) -> Int32 {
    do {
      switch try program.parse(words) {
      case .print(let text): print(text, terminator: "")
      case .run(let arguments):
        guard
          let command = commands.first(where: { [$0.declaration.name] == arguments.commandPath })
        else { preconditionFailure("\(arguments.commandPath) is declared but not implemented") }
        try command.init(arguments).run()
      }
      return 0
    } catch let error as UsageError {
      tell("\(error)")
      return UsageError.exitStatus
    } catch {
      tell("figurebench: \(error)")
      return 1
    }
  }

  private static func tell(_ message: String) {
    let bytes = Array((message + "\n").utf8)
    // Nobody could be told that this fails.
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
  }
}

/// Prints a result as JSON, its members in the order of their names.
func printJSON(_ result: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(result), as: UTF8.self))
}

/// Prints a result as one line, at once, for a script that waits for it.
func printJSONLine(_ result: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  print(String(decoding: try encoder.encode(result), as: UTF8.self))
  fflush(nil)
}
