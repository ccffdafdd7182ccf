package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl model status`.
package struct ModelStatusCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.modelSwitch, from: client) { result in
      for line in ModelText.lines(result) { context.output.paragraph(line) }
      if let advice = ModelText.advice(result) { context.output.remark(advice) }
    }
  }
}

/// The command `figurectl model prepare`.
package struct PrepareModelCommand {
  private let fingerprint: String?
  private let path: String?
  private let mayReplace: Bool

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let target = try fingerprint.map { try installed($0, client) }
    try context.follow(
      .prepareModelSwitch(to: target, wait: true), label: "embedding", from: client
    ) {
      "Cancelled; what was embedded is kept, and the next “model prepare” goes on from there."
    }
    let change = try client.call(.modelSwitch).change
    guard let change, change.status == .ready else { return }
    if let path {
      // Most have one library; of several the one with the largest changes is drawn.
      let largest = change.plans.max { $0.figuresMoved < $1.figuresMoved }
      if let planID = largest?.planID {
        try PlanSheet.write(
          planID, to: path, mayReplace: mayReplace, client: client, in: context)
      }
    }
    guard !context.isJSON else { return }
    for line in ModelText.lines(change).dropFirst() { context.output.paragraph(line) }
    context.output.remark("“figurectl model apply” switches over; it can be undone.")
  }

  /// The fingerprint of the installed model that the user means.
  private func installed(_ reference: String, _ client: FaceClient) throws -> String {
    let models = try client.call(.modelSwitch).models
    let found = models.filter { $0.fingerprint.hasPrefix(reference.lowercased()) }
    guard let only = found.first, found.count == 1, reference.count >= 4 else {
      throw CommandFailure(
        "No model “\(reference.printable)” is installed.",
        hint: "“figurectl model status” lists those that are.")
    }
    return only.fingerprint
  }
}

/// The command `figurectl model apply`.
package struct ApplyModelCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.follow(.applyModelSwitch(wait: true), label: "switching", from: client) {
      "Cancelled; the model is the one it was."
    }
    guard !context.isJSON else { return }
    context.output.note("“figurectl model undo” goes back.")
  }
}

/// The command `figurectl model undo`.
package struct UndoModelCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.follow(.undoModelSwitch(wait: true), label: "switching back", from: client) {
      "Cancelled; the model is the one it was."
    }
  }
}

/// The command `figurectl model discard`.
package struct DiscardModelCommand {
  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.discardModelSwitch, from: client) { result in
      context.output.line(
        "Erased \(Quantity.count(result.embeddingsErased, "embedding")) of the model that is not "
          + "in use.")
    }
  }
}

extension ModelStatusCommand: Subcommand {
  package static let declaration = Command(
    "status", summary: "Show the models and how far a change has come")

  package init(_ arguments: ParsedArguments) {}
}

extension PrepareModelCommand: Subcommand {
  private static let model: Argument<String?> = .optionalOperand(
    "MODEL",
    help: "At least four digits of the beginning of its fingerprint; else the installed one.")
  private static let output: Argument<String?> = .option(
    "output", short: "o", value: "FILE",
    help: "Also write an HTML file with the faces that would move, before and after.",
    completion: .file)
  private static let force: Argument<Bool> = .flag(
    "force", short: "f", help: "Replace a file of that name.")

  package static let declaration = Command(
    "prepare", summary: "Embed all faces by the new model, beside the one in use",
    discussion: "Faces are read from their photographs and videos again, or else from the small "
      + "pictures that are kept. The service goes on with the old model. It takes about as long as "
      + "embedding the faces of an import, goes on after an interruption, and lets other tasks "
      + "before it. At the end it says what would change; nobody loses a name.",
    arguments: [model, output, force],
    examples: [
      .init("figurectl model prepare --output change.html", "Prepare, and look at what changes.")
    ])

  package init(_ arguments: ParsedArguments) {
    fingerprint = arguments[Self.model]
    path = arguments[Self.output]
    mayReplace = arguments[Self.force]
  }
}

extension ApplyModelCommand: Subcommand {
  package static let declaration = Command(
    "apply", summary: "Switch over to the model that was prepared",
    discussion: "All at once. Names, IDs and corrections stay, and so do the old embeddings, for "
      + "“model undo”.")

  package init(_ arguments: ParsedArguments) {}
}

extension UndoModelCommand: Subcommand {
  package static let declaration = Command(
    "undo", summary: "Go back to the model before",
    discussion: "What the switch did to people is taken back; what was said since stays.")

  package init(_ arguments: ParsedArguments) {}
}

extension DiscardModelCommand: Subcommand {
  package static let declaration = Command(
    "discard", summary: "Erase the embeddings of the model that is not in use",
    discussion: "After “model apply” those of the old one, so that there is no way back; before it "
      + "what was prepared.")

  package init(_ arguments: ParsedArguments) {}
}
