internal import FaceClient
internal import WireProtocol

/// `figurectl compare`
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
