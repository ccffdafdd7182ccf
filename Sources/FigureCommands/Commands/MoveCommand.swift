package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl move`.
package struct MoveCommand {
  private let figures: [String]
  private let target: String?
  private let isNew: Bool
  private let name: String?
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    guard (target != nil) != isNew, target == nil || name == nil else {
      throw CommandFailure(
        "Say where to: either --to PERSON, or --new with --name if you like.",
        hint: "“figurectl move --help” shows how.", code: .usage)
    }
    let client = try context.connect()
    let cluster = try target.map {
      try context.cluster($0, library: options.library, client: client)
    }
    let figures = try context.figures(figures, of: .library(options.library), client: client)
    let request =
      if let cluster {
        FaceRequest.moveFigures(
          figures, to: cluster.objectID, isRehearsal: options.isRehearsal)
      } else {
        FaceRequest.moveFigures(
          figures, toNewClusterNamed: name, isRehearsal: options.isRehearsal)
      }
    try context.change(request, from: client) { result, _ in
      "\(Quantity.count(figures.count, "face")) \(figures.count == 1 ? "is" : "are") "
        + "\((result.figureCluster ?? cluster)?.shown ?? "a new person") for good"
    }
  }
}

extension MoveCommand: Subcommand {
  private static let to: Argument<String?> = .option(
    "to", value: "PERSON", help: "Who they show: an ID, its beginning, or a name.")
  private static let new: Argument<Bool> = .flag("new", help: "They show somebody new.")
  private static let name: Argument<String?> = .option(
    "name", value: "NAME", help: "With --new: what the new person is called.")

  package static let declaration = Command(
    "move", summary: "Say whom faces show",
    discussion: "The faces may be anybody's or nobody's. They stay where they are put: clustering "
      + "does not move them again.",
    arguments: [
      CurationOptions.figures, to, new, name, SharedArguments.library, CurationOptions.dryRun,
    ],
    examples: [
      .init("figurectl move 9c01 17fe --to Ada", "These two are Ada."),
      .init("figurectl move 9c01 --new --name Byron", "This one is somebody new."),
    ])

  package init(_ arguments: ParsedArguments) {
    figures = arguments[CurationOptions.figures]
    target = arguments[Self.to]
    isNew = arguments[Self.new]
    name = arguments[Self.name]
    options = CurationOptions(arguments)
  }
}
