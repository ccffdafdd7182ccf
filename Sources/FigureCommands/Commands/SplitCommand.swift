package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl split`.
package struct SplitCommand {
  private let person: String
  private let figures: [String]
  private let name: String?
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let cluster = try context.cluster(person, library: options.library, client: client)
    let figures = try context.figures(figures, of: .cluster(cluster.objectID), client: client)
    let request = FaceRequest.splitCluster(
      cluster.objectID, figures: figures, name: name, lockVersion: cluster.metaLockVersion,
      isRehearsal: options.isRehearsal)
    try context.change(request, from: client) { result, event in
      let new = result.figureCluster
      let taken = event.clusters.first { $0.objectID == cluster.objectID }?.figuresLost ?? 0
      let gained = event.clusters.first { $0.objectID == new?.objectID }?.figuresGained ?? 0
      // What resembles the new person comes along.
      let others = gained > taken ? ", who got \(Quantity.count(gained - taken)) more" : ""
      return "\(Quantity.count(taken, "face")) of \(cluster.shown) "
        + "\(taken == 1 ? "is" : "are") \(new?.shown ?? "a new person") now\(others)"
    }
  }
}

extension SplitCommand: Subcommand {
  private static let name: Argument<String?> = .option(
    "name", value: "NAME", help: "What the new person is called.")

  package static let declaration = Command(
    "split", summary: "Make some faces of a person a person of their own",
    discussion: "Clustering keeps both apart from then on.",
    arguments: [
      CurationOptions.person, CurationOptions.figures, name, SharedArguments.library,
      CurationOptions.dryRun,
    ],
    examples: [
      .init("figurectl split Ada 9c01 17fe --name Byron", "Two of Ada's faces are Byron's.")
    ])

  package init(_ arguments: ParsedArguments) {
    person = arguments[CurationOptions.person]
    figures = arguments[CurationOptions.figures]
    name = arguments[Self.name]
    options = CurationOptions(arguments)
  }
}
