public import CommandLineParsing
public import Kernels

/// Arguments that several commands have.
enum SharedArguments {
  static let models: Argument<String> = .option(
    "models", value: "DIR", default: "Models", help: "The folder of the networks.",
    completion: .directory)
  static let level: Argument<ProcessorLevel> = .option(
    "level", value: "LEVEL", default: .best, help: "Which instructions to use.")
  static let precision: Argument<Precision?> = .option(
    "precision", value: "PRECISION",
    help: "What SFace multiplies; else what the daemon would choose for these instructions.")
  static let figured: Argument<String?> = .option(
    "figured", value: "PATH", help: "The daemon to measure; else the one beside figurebench.",
    completion: .file)
}

/// What the commands that start a daemon say of it.
struct DaemonArguments {
  static let all: [any ArgumentDeclaring] = [SharedArguments.figured, SharedArguments.models]

  private let executable: String?
  private let models: String

  init(_ arguments: ParsedArguments) {
    executable = arguments[SharedArguments.figured]
    models = arguments[SharedArguments.models]
  }

  /// - Parameter workers: images analysed at once; 0 for one on each processor.
  /// - Returns: how to start it.
  /// - Throws: ``BenchmarkError`` if there is no daemon.
  func settings(workers: Int = 0) throws -> MeasuredDaemon.Settings {
    try MeasuredDaemon.Settings(executable: executable, models: models, workers: workers)
  }
}

/// A whole number of at least one, as an option's value.
struct Count: CommandLineValue {
  let value: Int

  init(_ value: Int) { self.value = value }

  init?(commandLineWord word: String) {
    guard let value = Int(word), value >= 1 else { return nil }
    self.value = value
  }

  static var expectation: String { "a whole number of at least 1" }
  var commandLineWord: String { "\(value)" }
}

extension ProcessorLevel: CommandLineValue {}

extension Precision: CommandLineValue {}
