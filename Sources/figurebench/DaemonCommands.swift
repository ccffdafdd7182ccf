import CommandLineParsing

/// The command `figurebench import`.
struct ImportCommand: BenchmarkCommand {
  private static let folder: Argument<String> = .operand(
    "FOLDER", help: "The folder of the photographs.", completion: .directory)
  private static let workers: Argument<Count?> = .option(
    "workers", value: "N", help: "Images analysed at once; else one on each processor.")
  private static let seed: Argument<Int?> = .option(
    "seed", value: "N",
    help: "Import copies under random names, and so in a random order that N decides.")
  private static let people: Argument<Bool> = .flag(
    "people",
    help: "The folder that a photograph lies in names the person whose face is nearest the "
      + "centre: tell how well the clusters agree.")

  static let declaration = Command(
    "import", summary: "Time a daemon's import of a folder, from files to stored faces",
    discussion: """
      Starts figured on an empty state in a temporary folder. Where figurebench may run on some \
      processors only, as under taskset(1), so may the daemon.
      """,
    arguments: DaemonArguments.all + [workers, seed, people, folder])

  private let daemon: DaemonArguments
  private let workers: Int
  private let folder: String
  private let seed: UInt64?
  private let hasPeople: Bool

  init(_ arguments: ParsedArguments) {
    daemon = DaemonArguments(arguments)
    workers = arguments[Self.workers]?.value ?? 0
    folder = arguments[Self.folder]
    seed = arguments[Self.seed].map { UInt64(bitPattern: Int64($0)) }
    hasPeople = arguments[Self.people]
  }

  func run() throws {
    try printJSON(
      ImportBenchmark(
        settings: daemon.settings(workers: workers), folder: folder, seed: seed,
        hasPeople: hasPeople
      ).run())
  }
}

/// The command `figurebench start`.
struct StartCommand: BenchmarkCommand {
  private static let faces: Argument<Count> = .option(
    "faces", value: "N", default: Count(100_000), help: "How many made-up faces are stored.")
  private static let runs: Argument<Count> = .option(
    "runs", value: "N", default: Count(7), help: "How often the daemon is started.")

  static let declaration = Command(
    "start", summary: "Time a daemon from its start to its first answer, with many faces stored",
    arguments: DaemonArguments.all + [faces, runs])

  private let daemon: DaemonArguments
  private let faces: Int
  private let runs: Int

  init(_ arguments: ParsedArguments) {
    daemon = DaemonArguments(arguments)
    faces = arguments[Self.faces].value
    runs = arguments[Self.runs].value
  }

  func run() throws {
    try printJSON(StartBenchmark(settings: daemon.settings(), faces: faces, runs: runs).run())
  }
}

/// The command `figurebench recluster`.
struct ReclusteringCommand: BenchmarkCommand {
  private static let faces: Argument<Count> = .option(
    "faces", value: "N", default: Count(100_000), help: "How many made-up faces are stored.")

  static let declaration = Command(
    "recluster",
    summary: "Time a plan of a re-clustering, and what others wait for meanwhile",
    arguments: DaemonArguments.all + [faces])

  private let daemon: DaemonArguments
  private let faces: Int

  init(_ arguments: ParsedArguments) {
    daemon = DaemonArguments(arguments)
    faces = arguments[Self.faces].value
  }

  func run() throws {
    try printJSON(ReclusteringBenchmark(settings: daemon.settings(), faces: faces).run())
  }
}

/// The command `figurebench faces`.
struct FaceSearchCommand: BenchmarkCommand {
  private static let faces: Argument<Count> = .option(
    "faces", value: "N", default: Count(100_000), help: "How many made-up faces are stored.")
  private static let clients: Argument<Count> = .option(
    "clients", value: "N", default: Count(8), help: "How many search at once; one does before.")
  private static let seconds: Argument<Count> = .option(
    "seconds", value: "N", default: Count(10), help: "For how long.")

  static let declaration = Command(
    "faces", summary: "Time a daemon's searches by face, by one client and by several at once",
    arguments: DaemonArguments.all + [faces, clients, seconds])

  private let daemon: DaemonArguments
  private let faces: Int
  private let clients: Int
  private let seconds: Int

  init(_ arguments: ParsedArguments) {
    daemon = DaemonArguments(arguments)
    faces = arguments[Self.faces].value
    clients = arguments[Self.clients].value
    seconds = arguments[Self.seconds].value
  }

  func run() throws {
    try printJSON(
      FaceSearchBenchmark(
        settings: daemon.settings(), faces: faces, clients: [1, clients],
        duration: .seconds(seconds)
      ).run())
  }
}
