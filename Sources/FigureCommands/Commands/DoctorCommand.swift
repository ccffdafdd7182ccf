package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl doctor`.
package struct DoctorCommand {
  private let repairs: Bool

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let (result, raw) = try client.call(FaceRequest.checkHealth(repair: repairs).withRaw)
    if context.isJSON { try context.json(raw) } else { show(result, context.output) }
    if result.problems.contains(where: { ($0.repaired ?? 0) < $0.count }) {
      throw CommandFailure("", code: .failure)
    }
  }

  private func show(_ result: CheckHealthResult, _ output: Output) {
    let looked =
      "\(Quantity.media(result.media)), \(Quantity.count(result.figures, "face")), "
      + "\(Quantity.people(result.clusters)), \(Quantity.count(result.statements, "statement"))"
    guard !result.problems.isEmpty else { return output.line("All is well: \(looked).") }
    output.paragraph("Looked at \(looked).")
    for problem in result.problems {
      output.line("")
      output.paragraph("\(problem.code), \(Quantity.count(problem.count)): \(problem.message)")
      for example in problem.examples { output.line("  \(example)") }
      if let repaired = problem.repaired {
        output.line("  Mended: \(Quantity.count(repaired)) of \(Quantity.count(problem.count)).")
      } else if let remedy = problem.remedy {
        output.line("  --fix: \(remedy)")
      }
    }
  }
}

extension DoctorCommand: Subcommand {
  private static let fix: Argument<Bool> = .flag("fix", help: "Mend what can be mended.")

  package static let declaration = Command(
    "doctor", summary: "Look for what should never be, and mend it",
    discussion: "Reads the whole database: its structure, counts, who is who against what users "
      + "said, and memory against disk. Ends with status 1 if something is wrong and stays so. "
      + "Back up before --fix.",
    arguments: [fix],
    examples: [.init("figurectl doctor", "Is everything in order?")])

  package init(_ arguments: ParsedArguments) { repairs = arguments[Self.fix] }
}
