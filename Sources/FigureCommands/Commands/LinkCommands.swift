package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl link`.
package struct LinkCommand {
  private let figures: [String]
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let figures = try context.figures(figures, of: .library(options.library), client: client)
    guard figures.count > 1 else {
      throw CommandFailure("These are one face.", hint: "Name at least two.", code: .usage)
    }
    try context.change(
      .linkFigures(figures, isRehearsal: options.isRehearsal), from: client
    ) { _, event in
      "\(Quantity.count(figures.count, "face")) stay with one person; "
        + "\(Quantity.count(event.figuresMoved)) moved"
    }
  }
}

extension LinkCommand: Subcommand {
  private static let figures: Argument<[String]> = .operands(
    "FIGURE", atLeast: 2, help: CurationOptions.figureHelp)

  package static let declaration = Command(
    "link", summary: "Say that faces show one person, whoever that is",
    arguments: [figures, SharedArguments.library, CurationOptions.dryRun],
    examples: [.init("figurectl link 9c01 17fe", "Whoever this is, it is one person.")])

  package init(_ arguments: ParsedArguments) {
    figures = arguments[Self.figures]
    options = CurationOptions(arguments)
  }
}

/// The command `figurectl separate`.
package struct SeparateCommand {
  private let figures: [String]
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let figures = try context.figures(figures, of: .library(options.library), client: client)
    guard figures.count == 2 else {
      throw CommandFailure("These are one face.", hint: "Name two.", code: .usage)
    }
    try context.change(
      .separateFigures(figures[0], figures[1], isRehearsal: options.isRehearsal), from: client
    ) { _, event in
      "The 2 faces are never one person; \(Quantity.count(event.figuresMoved)) moved"
    }
  }
}

extension SeparateCommand: Subcommand {
  private static let first: Argument<String> = .operand(
    "FIGURE", help: CurationOptions.figureHelp)
  private static let second: Argument<String> = .operand("OTHER", help: "Another face.")

  package static let declaration = Command(
    "separate", summary: "Say that two faces show two people",
    discussion: "Good for twins: clustering never puts the two together again.",
    arguments: [first, second, SharedArguments.library, CurationOptions.dryRun])

  package init(_ arguments: ParsedArguments) {
    figures = [arguments[Self.first], arguments[Self.second]]
    options = CurationOptions(arguments)
  }
}
