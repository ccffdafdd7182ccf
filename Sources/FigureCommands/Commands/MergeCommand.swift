package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl merge`.
package struct MergeCommand {
  private let target: String
  private let sources: [String]
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let target = try context.cluster(target, library: options.library, client: client)
    let sources = try context.clusters(sources, library: options.library, client: client)
      .filter { $0.objectID != target.objectID }
    guard !sources.isEmpty else {
      throw CommandFailure(
        "There is nobody to merge into \(target.shown): all that are named are that person.",
        hint: "“figurectl clusters” lists everybody.")
    }
    let request = FaceRequest.mergeClusters(
      sources.map(\.objectID), into: target.objectID, lockVersion: target.metaLockVersion,
      isRehearsal: options.isRehearsal)
    try context.change(request, from: client) { result, event in
      let who = sources.count == 1 ? sources[0].shown : Quantity.people(sources.count)
      return "Merged \(who) into \((result.figureCluster ?? target).shown): "
        + "\(Quantity.count(event.figuresMoved, "face")) moved"
    }
  }
}

extension MergeCommand: Subcommand {
  private static let into: Argument<String> = .operand(
    "INTO", help: "Who stays: the ID, at least four digits of its beginning, or the name.")
  private static let from: Argument<[String]> = .operands(
    "FROM", atLeast: 1, help: "Who goes into INTO.")

  package static let declaration = Command(
    "merge", summary: "Say that several people are one",
    discussion: "INTO keeps name, cover and labels, and inherits what it lacks. Clustering never "
      + "takes the people apart again; “figurectl undo” does.",
    arguments: [into, from, SharedArguments.library, CurationOptions.dryRun],
    examples: [.init("figurectl merge 'Ada Lovelace' 3fa9c1 77d2", "Three groups are Ada.")])

  package init(_ arguments: ParsedArguments) {
    target = arguments[Self.into]
    sources = arguments[Self.from]
    options = CurationOptions(arguments)
  }
}
