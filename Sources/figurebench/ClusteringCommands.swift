import CommandLineParsing
import VectorIndex

/// The command `figurebench embeddings`.
struct EmbeddingsCommand: BenchmarkCommand {
  private static let photographs: Argument<String> = .operand(
    "FOLDER", help: "The folder of the photographs.", completion: .directory)
  private static let output: Argument<String> = .operand(
    "FILE", help: "The file to write, for “figurebench clustering”.", completion: .file)

  static let declaration = Command(
    "embeddings", summary: "Write the embeddings of the faces in photographs to a file",
    discussion: """
      The folder that a photograph lies in names the person whose face is nearest the centre; the \
      other faces have no label.
      """,
    arguments: [SharedArguments.models, photographs, output])

  private let benchmark: EmbeddingsBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = EmbeddingsBenchmark(
      modelDirectory: arguments[SharedArguments.models],
      photographs: arguments[Self.photographs], output: arguments[Self.output])
  }

  func run() throws { try printJSON(benchmark.run()) }
}

/// The command `figurebench clustering`.
struct ClusteringCommand: BenchmarkCommand {
  private static let file: Argument<String> = .operand(
    "FILE",
    help: "Two 32-bit integers, the count of faces and their dimension; then for each face two "
      + "64-bit integers, its medium and its person (−1 if unknown), as a float the length of its "
      + "raw embedding, as a 32-bit integer whether it may found a cluster, as a 64-bit integer the "
      + "seconds from 1970 to its photograph (the smallest there is if unknown), and as floats the "
      + "embedding; all little-endian.", completion: .file)
  private static let orders: Argument<Count?> = .option(
    "orders", value: "N", help: "In so many random orders, one face after the other.")
  private static let last: Argument<Count?> = .option(
    "last", value: "N", help: "Add the last N faces to a library of all the others.")

  private static let known: Argument<Bool> = .flag(
    "known", help: "The others are clustered as their labels say; measures adding alone.")

  static let declaration = Command(
    "clustering", summary: "Measure the clusters that labelled embeddings are put into",
    discussion: """
      All faces are clustered together once. What else is measured is told by the options.
      """,
    arguments: [orders, last, known, file])

  private let path: String
  private let orderCount: Int
  private let lastCount: Int
  private let isKnown: Bool

  init(_ arguments: ParsedArguments) {
    path = arguments[Self.file]
    orderCount = arguments[Self.orders]?.value ?? 0
    lastCount = arguments[Self.last]?.value ?? 0
    isKnown = arguments[Self.known]
  }

  func run() throws {
    let benchmark = ClusteringBenchmark(
      faces: try LabelledFaces(path: path), file: try TemporaryFolder().rowFile())
    try printJSON(benchmark.run(orderCount: orderCount, lastCount: lastCount, isKnown: isKnown))
  }
}
