import CommandLineParsing
import Kernels

/// The command `figurebench networks`.
struct NetworksCommand: BenchmarkCommand {
  /// The bundled networks.
  private enum NetworkName: String, CommandLineValue, CaseIterable {
    case sface, yunet, age, gender, expression, mesh
  }

  private static let runs: Argument<Count> = .option(
    "runs", value: "N", default: Count(50), help: "How often each case is timed.")
  private static let network: Argument<NetworkName?> = .option(
    "network", value: "NAME", help: "Time only this network.")
  private static let steps: Argument<Bool> = .flag("steps", help: "Time each layer as well.")
  private static let onRequest: Argument<Bool> = .flag(
    "on-request",
    help: "Run once for each line “NETWORK WIDTH HEIGHT” of the standard input, and answer with "
      + "the milliseconds by the clock and of the processor, so that a script can take turns.")
  private static let outputsOf: Argument<String?> = .option(
    "outputs-of", value: "FILE",
    help: "Run on the images in FILE, blue, green and red bytes one after the other, and write "
      + "the outputs as floats.", completion: .file)

  static let declaration = Command(
    "networks", summary: "Time the networks alone, on one thread",
    arguments: [
      SharedArguments.models, runs, SharedArguments.level, SharedArguments.precision, network,
      steps, onRequest, outputsOf,
    ])

  private let runs: Int
  private let source: NetworkBenchmark.Source
  private let network: NetworkName?
  private let withSteps: Bool
  private let isOnRequest: Bool
  private let outputsOf: String?

  init(_ arguments: ParsedArguments) {
    source = NetworkBenchmark.Source(arguments)
    runs = arguments[Self.runs].value
    network = arguments[Self.network]
    withSteps = arguments[Self.steps]
    isOnRequest = arguments[Self.onRequest]
    outputsOf = arguments[Self.outputsOf]
  }

  func run() throws {
    let cases = NetworkBenchmark.Case.standard.filter {
      network == nil || $0.network == network?.rawValue
    }
    if let outputsOf {
      try NetworkBenchmark.writeOutputs(source, item: cases[0], path: outputsOf)
    } else if isOnRequest {
      try NetworkBenchmark.answerRequests(source)
    } else {
      try printJSON(
        NetworkBenchmark.run(source, cases: cases, runs: runs, withSteps: withSteps))
    }
  }
}

extension NetworkBenchmark.Source {
  /// What a command line says.
  init(_ arguments: ParsedArguments) {
    directory = arguments[SharedArguments.models]
    level = arguments[SharedArguments.level]
    precision = arguments[SharedArguments.precision] ?? .best(for: level)
  }
}
