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
