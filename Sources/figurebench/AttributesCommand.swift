import CommandLineParsing
import FaceTypes
import Kernels

/// The command `figurebench attributes`.
struct AttributesCommand: BenchmarkCommand {
  private static let dataset: Argument<String> = .operand(
    "DATASET", help: "A folder with photos/PERSON/…, the people called First_Last.",
    completion: .directory)
  private static let names: Argument<String> = .option(
    "names", value: "FILE", default: "Benchmarks/first-names.csv",
    help: "Lines “NAME,female” and “NAME,male”; people with other first names are left out.",
    completion: .file)
  private static let mesh: Argument<Bool> = .flag(
    "mesh", help: "Ask the mesh as well, which the daemon does not unless it is told to.")

  static let declaration = Command(
    "attributes", summary: "Measure what is said of faces besides whose they are, and its time",
    arguments: [SharedArguments.models, SharedArguments.precision, names, mesh, dataset])

  private let benchmark: AttributesBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = AttributesBenchmark(
      modelDirectory: arguments[SharedArguments.models],
      kinds: arguments[Self.mesh]
        ? Set(AttributeKind.allCases) : [.age, .gender, .expression],
      precision: arguments[SharedArguments.precision], dataset: arguments[Self.dataset],
      names: arguments[Self.names])
  }

  func run() throws { try printJSON(benchmark.run()) }
}
