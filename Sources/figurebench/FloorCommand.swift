import CommandLineParsing
import Kernels

/// The command `figurebench floor`.
struct FloorCommand: BenchmarkCommand {
  static let declaration = Command(
    "floor", summary: "Measure the least time that each network can take on this machine",
    discussion: """
      For each layer, whichever is longer: its operations at the rate of multiply-adds in \
      registers, or its bytes at the rate of reading them from the cache.
      """,
    arguments: [SharedArguments.models, SharedArguments.level])

  private let directory: String
  private let level: ProcessorLevel

  init(_ arguments: ParsedArguments) {
    directory = arguments[SharedArguments.models]
    level = arguments[SharedArguments.level]
  }

  func run() throws { try printJSON(FloorBenchmark(directory: directory, level: level)) }
}
