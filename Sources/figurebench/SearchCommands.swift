import CommandLineParsing

/// The command `figurebench search`.
struct SearchCommand: BenchmarkCommand {
  private static let media: Argument<Count> = .option(
    "media", value: "N", default: Count(1_000_000), help: "How many made-up media are stored.")
  private static let runs: Argument<Count> = .option(
    "runs", value: "N", default: Count(21), help: "How often each search is made.")

  static let declaration = Command(
    "search", summary: "Time a daemon's searches by metadata among very many media",
    arguments: [SharedArguments.figured, SharedArguments.models, media, runs])

  private let executable: String?
  private let models: String
  private let media: Int
  private let runs: Int

  init(_ arguments: ParsedArguments) {
    executable = arguments[SharedArguments.figured]
    models = arguments[SharedArguments.models]
    media = arguments[Self.media].value
    runs = arguments[Self.runs].value
  }

  func run() throws {
    let settings = try MeasuredDaemon.Settings(executable: executable, models: models, workers: 0)
    try printJSON(SearchBenchmark(settings: settings, media: media, runs: runs).run())
  }
}

/// The command `figurebench recognition`.
struct RecognitionCommand: BenchmarkCommand {
  private static let dataset: Argument<String> = .operand(
    "DATASET", help: "A folder with photos/PERSON/….", completion: .directory)
  private static let enrolled: Argument<Count> = .option(
    "enrolled", value: "N", default: Count(200), help: "How many people are enrolled.")
  private static let strangers: Argument<Count> = .option(
    "strangers", value: "N", default: Count(1000), help: "How many others are not.")
  private static let draws: Argument<Count> = .option(
    "draws", value: "N", default: Count(6), help: "How often people are drawn by lot.")

  static let declaration = Command(
    "recognition",
    summary: "Measure how well people enrolled by one photograph are told from strangers",
    arguments: [SharedArguments.models, enrolled, strangers, draws, dataset])

  private let benchmark: RecognitionBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = RecognitionBenchmark(
      modelDirectory: arguments[SharedArguments.models], dataset: arguments[Self.dataset],
      enrolled: arguments[Self.enrolled].value, strangers: arguments[Self.strangers].value,
      draws: arguments[Self.draws].value)
  }

  func run() throws { try printJSON(benchmark.run()) }
}
