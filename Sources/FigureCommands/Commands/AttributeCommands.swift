package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl attributes status`.
package struct AttributeStatusCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.attributeStatus, from: client) { result in
      guard !result.attributes.isEmpty else {
        context.output.line("No attribute is switched on.")
        return
      }
      context.output.line(
        "Of each face: \(result.attributes.joined(separator: ", ")). Known of "
          + "\(Quantity.count(result.described)) of \(Quantity.count(result.figures, "face")).")
      for (obstacle, count) in result.notDescribed.sorted(by: { $0.key < $1.key }) {
        context.output.line(
          "\(Quantity.count(count, "face")) cannot be described: \(ModelText.words(obstacle)).")
      }
      if result.open > 0 {
        context.output.remark(
          "The rest is found out while nothing else is to do, or now by “figurectl attributes fill”."
        )
      }
    }
  }
}

/// The command `figurectl attributes fill`.
package struct FillAttributesCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.follow(.fillAttributes(wait: true), label: "describing", from: client) {
      "Cancelled; what was found out is kept, and the next “attributes fill” goes on from there."
    }
  }
}

extension AttributeStatusCommand: Subcommand {
  package static let declaration = Command(
    "status", summary: "Show of how many faces the attributes are known")

  package init(_ arguments: ParsedArguments) {}
}

extension FillAttributesCommand: Subcommand {
  package static let declaration = Command(
    "fill", summary: "Find out the attributes of all faces that lack them now",
    discussion:
      "How old faces look, whether female or male, what they express and where heads point, "
      + "as far as the configuration says so. It is found out by itself while nothing else is to do; "
      + "this does it at once, and tries again where photographs could not be read. Faces are looked "
      + "at in their photographs, or else in the small pictures that are kept. It goes on after an "
      + "interruption, and lets other tasks before it.",
    examples: [.init("figurectl attributes fill", "Do not wait until nothing else is to do.")])

  package init(_ arguments: ParsedArguments) {}
}
