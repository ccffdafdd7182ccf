import CommandLineParsing

/// The command `figurebench search`.
struct SearchCommand: BenchmarkCommand {
  private static let media: Argument<Count> = .option(
    "media", value: "N", default: Count(1_000_000), help: "How many made-up media are stored.")
  private static let runs: Argument<Count> = .option(
    "runs", value: "N", default: Count(21), help: "How often each search is made.")

  static let declaration = Command(
    "search", summary: "Time a daemon's searches by metadata among very many media",
    arguments: DaemonArguments.all + [media, runs])

  private let daemon: DaemonArguments
  private let media: Int
  private let runs: Int

  init(_ arguments: ParsedArguments) {
    daemon = DaemonArguments(arguments)
    media = arguments[Self.media].value
    runs = arguments[Self.runs].value
  }

  func run() throws {
    try printJSON(SearchBenchmark(settings: daemon.settings(), media: media, runs: runs).run())
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

/// The command `figurebench nearest`.
struct NearestCommand: BenchmarkCommand {
  private static let rows: Argument<String> = .operand(
    "ROWS", help: "A file of 32-bit floating point numbers: the rows that are searched.",
    completion: .file)
  private static let queries: Argument<String> = .operand(
    "QUERIES", help: "Another one: what is searched for.", completion: .file)
  private static let dimension: Argument<Count> = .option(
    "dimension", value: "N", default: Count(128), help: "How many numbers make a row.")
  private static let count: Argument<Count> = .option(
    "count", value: "N", default: Count(10), help: "How many neighbours are searched for.")

  static let declaration = Command(
    "nearest", summary: "Time searches for the most similar embeddings",
    discussion: """
      Answers each line “FIRST COUNT AT-ONCE THREADS” of the standard input: COUNT searches from \
      query FIRST on, AT-ONCE of them in each pass over the rows, which THREADS share. So a script \
      can take turns with others.
      """,
    arguments: [rows, queries, dimension, count])

  private let rows: String
  private let queries: String
  private let dimension: Int
  private let count: Int

  init(_ arguments: ParsedArguments) {
    rows = arguments[Self.rows]
    queries = arguments[Self.queries]
    dimension = arguments[Self.dimension].value
    count = arguments[Self.count].value
  }

  func run() throws {
    try NearestBenchmark(rows: rows, queries: queries, dimension: dimension, count: count)
      .answerRequests()
  }
}
