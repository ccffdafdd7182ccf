package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl compare`.
package struct CompareCommand {
  let first: String
  let second: String

  package init(first: String, second: String) {
    self.first = first
    self.second = second
  }

  package func run(in context: CommandContext) throws {
    let files = (try context.open(first), try context.open(second))
    let client = try context.connect()
    try context.answer(.compareFaces(files.0, files.1), from: client) { result in
      context.output.line(
        "They show one person with a probability of \(Quantity.percent(result.similarity)) "
          + "(cosine similarity \(Quantity.decimal(result.cosine, places: 3))).")
    }
  }
}

extension CompareCommand: Subcommand {
  private static let first: Argument<String> = .operand(
    "IMAGE1", help: "An image file.", completion: .file)
  private static let second: Argument<String> = .operand(
    "IMAGE2", help: "Another image file.", completion: .file)

  package static let declaration = Command(
    "compare", summary: "Tell whether two images show one person",
    discussion: "The largest face of each image counts.", arguments: [first, second])

  package init(_ arguments: ParsedArguments) {
    self.init(first: arguments[Self.first], second: arguments[Self.second])
  }
}
