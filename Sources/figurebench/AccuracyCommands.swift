import Clustering
import CommandLineParsing

/// The command `figurebench detection`.
struct DetectionCommand: BenchmarkCommand {
  private static let photographs: Argument<String> = .operand(
    "FOLDER", help: "The folder of the photographs.", completion: .directory)
  private static let reference: Argument<String> = .operand(
    "REFERENCE", help: "What Benchmarks/peers/opencv_faces.py recorded of them.",
    completion: .file)

  static let declaration = Command(
    "detection", summary: "Compare the faces found with those that OpenCV found",
    arguments: [SharedArguments.models, photographs, reference])

  private let benchmark: DetectionBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = DetectionBenchmark(
      modelDirectory: arguments[SharedArguments.models],
      photographs: arguments[Self.photographs], reference: arguments[Self.reference])
  }

  func run() throws { try printJSON(benchmark.run()) }
}

/// The command `figurebench verification`.
struct VerificationCommand: BenchmarkCommand {
  private static let dataset: Argument<String> = .operand(
    "DATASET", help: "A folder with photos/PERSON/… and pairs.csv (left, right, same).",
    completion: .directory)

  static let declaration = Command(
    "verification", summary: "Measure how well pairs of photographs of one person are told apart",
    discussion: """
      Of each photograph the face nearest the centre counts. The accuracy is the mean over ten \
      parts of the pairs, each at the threshold that is best for the other nine.
      """,
    arguments: [SharedArguments.models, dataset])

  private let benchmark: VerificationBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = VerificationBenchmark(
      modelDirectory: arguments[SharedArguments.models], dataset: arguments[Self.dataset])
  }

  func run() throws { try printJSON(benchmark.run()) }
}

/// The command `figurebench clustering`.
struct ClusteringCommand: BenchmarkCommand {
  private static let file: Argument<String> = .operand(
    "FILE",
    help: "Two 32-bit integers, the count of faces and their dimension; then for each face two "
      + "64-bit integers, its medium and its person (−1 if unknown), and as floats the length of "
      + "its raw embedding and the embedding; all little-endian.", completion: .file)
  private static let orders: Argument<Count?> = .option(
    "orders", value: "N", help: "In so many random orders, instead of that of the file.")
  private static let foundingNorm: Argument<Double> = .option(
    "founding-norm", value: "LENGTH", default: 0,
    help: "Faces with a shorter raw embedding found no cluster.")

  static let declaration = Command(
    "clustering", summary: "Measure the clusters that labelled embeddings are put into",
    arguments: [orders, foundingNorm, file])

  private let path: String
  private let orderCount: Int
  private let foundingNorm: Double

  init(_ arguments: ParsedArguments) {
    path = arguments[Self.file]
    orderCount = arguments[Self.orders]?.value ?? 0
    foundingNorm = arguments[Self.foundingNorm]
  }

  func run() throws {
    let benchmark = try ClusteringBenchmark(
      path: path, policy: ClusteringPolicy(), minimumFoundingNorm: Float(foundingNorm))
    try printJSON(benchmark.run(orderCount: orderCount))
  }
}
