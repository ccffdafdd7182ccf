import CommandLineParsing
import Configuration
import FaceService
import Glibc

/// What the command line says.
struct Options: Sendable {
  /// `nil` uses the default place if there is a file, and defaults else.
  let configurationPath: String?
  let stateDirectory: String?
  let socketPath: String?
  let modelsDirectory: String?
  let isCheck: Bool

  private static let config: Argument<String?> = .option(
    "config", short: "c", value: "FILE",
    help: "Read the configuration from FILE (\(DaemonConfiguration.defaultPath)).",
    completion: .file)
  private static let state: Argument<String?> = .option(
    "state", value: "DIR", help: "Keep the database in DIR.", completion: .directory)
  private static let socket: Argument<String?> = .option(
    "socket", value: "PATH", help: "Listen at PATH.", completion: .file)
  private static let models: Argument<String?> = .option(
    "models", value: "DIR", help: "Read the networks from DIR.", completion: .directory)
  private static let check: Argument<Bool> = .flag(
    "check", help: "Check the configuration and exit.")

  static let program = Program(
    Command(
      "figured", summary: "Find, cluster and search faces in photographs",
      discussion: """
        figured finds the faces of photographs, groups them by person, and answers searches over a \
        Unix socket with one JSON object a line. figurectl(1) is its command. It stays in the \
        foreground, logs to standard error, reads its configuration again on SIGHUP and stops on \
        SIGTERM. Options override the configuration.
        """,
      arguments: [config, state, socket, models, check],
      examples: [
        .init(
          "figured --state ~/faces --socket /run/user/1000/figured.sock --models Models",
          "Serve one user, without a configuration.")
      ]),
    version: Service.version, manualSection: 8,
    exitStatuses: [
      .init("0", "It was told to stop."),
      .init("1", "It could not start, or had to give up; the log says why."),
      .init("2", "The command line or the configuration is wrong."),
    ],
    environment: [
      .init(
        "FIGURED_PROCESSOR_LEVEL",
        "baseline, avx2 or avx512: use at most these instructions."),
      .init("FIGURED_PRECISION", "float32: do not compute embeddings with integers."),
      .init("OPENBLAS_CORETYPE", "The processor that OpenBLAS takes this one for."),
    ],
    files: [
      .init(DaemonConfiguration.defaultPath, "The configuration."),
      .init("/var/lib/figured/figured.sqlite", "Everything that is remembered."),
      .init("/run/figured/figured.sock", "Where it listens."),
    ],
    seeAlso: ["figurectl(1)"])

  /// Reads the words of the command line; prints what was asked for and exits where that is all.
  static func parse(_ words: [String]) -> Options {
    do {
      switch try program.parse(words) {
      case .print(let text):
        print(text, terminator: "")
        exit(0)
      case .run(let arguments):
        return Options(
          configurationPath: arguments[config], stateDirectory: arguments[state],
          socketPath: arguments[socket], modelsDirectory: arguments[models],
          isCheck: arguments[check])
      }
    } catch {
      StandardError.write("\(error)")
      exit(UsageError.exitStatus)
    }
  }

  /// The configuration, with what the command line overrides.
  func configuration() throws(ConfigurationError) -> DaemonConfiguration {
    var configuration = DaemonConfiguration()
    if let configurationPath {
      configuration = try DaemonConfiguration(readingFileAt: configurationPath)
    } else if unsafe access(DaemonConfiguration.defaultPath, F_OK) == 0 {
      configuration = try DaemonConfiguration(readingFileAt: DaemonConfiguration.defaultPath)
    }
    if let stateDirectory { configuration.service.stateDirectory = stateDirectory }
    if let socketPath { configuration.service.socketPath = socketPath }
    if let modelsDirectory { configuration.service.modelsDirectory = modelsDirectory }
    return configuration
  }
}
