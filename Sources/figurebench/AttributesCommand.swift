public import CommandLineParsing
public import FaceTypes
import Kernels

extension AttributeKind: CommandLineValue {}

/// The command `figurebench attributes`.
struct AttributesCommand: BenchmarkCommand {
  private static let dataset: Argument<String> = .operand(
    "DATASET", help: "A folder with photos/PERSON/…, the people called First_Last.",
    completion: .directory)
  private static let names: Argument<String> = .option(
    "names", value: "FILE", default: "Benchmarks/first-names.csv",
    help: "Lines “NAME,female” and “NAME,male”; people with other first names are left out.",
    completion: .file)
  private static let only: Argument<AttributeKind?> = .option(
    "only", value: "KIND", help: "Ask this network alone.")

  static let declaration = Command(
    "attributes", summary: "Measure what is said of faces besides whose they are, and its time",
    arguments: [SharedArguments.models, SharedArguments.precision, names, only, dataset])

  private let benchmark: AttributesBenchmark

  init(_ arguments: ParsedArguments) {
    benchmark = AttributesBenchmark(
      modelDirectory: arguments[SharedArguments.models],
      kinds: arguments[Self.only].map { [$0] } ?? Set(AttributeKind.allCases),
      precision: arguments[SharedArguments.precision], dataset: arguments[Self.dataset],
      names: arguments[Self.names])
  }

  func run() throws { try printJSON(benchmark.run()) }
}
