package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl ignore`.
package struct IgnoreCommand {
  private let people: [String]
  private let isUndone: Bool
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let clusters = try context.clusters(people, library: options.library, client: client)
    let request = FaceRequest.ignoreClusters(
      clusters.map(\.objectID), isIgnored: !isUndone, isRehearsal: options.isRehearsal)
    try context.change(request, from: client) { _, _ in
      let who = clusters.count == 1 ? clusters[0].shown : Quantity.people(clusters.count)
      let verb = clusters.count == 1 ? "is" : "are"
      return isUndone
        ? "\(who.capitalizedFirst) \(verb) listed again"
        : "\(who.capitalizedFirst) \(verb) ignored, and left out of lists"
    }
  }
}

extension IgnoreCommand: Subcommand {
  private static let people: Argument<[String]> = .operands(
    "PERSON", atLeast: 1, help: "IDs, at least four digits of their beginnings, or names.")
  private static let undo: Argument<Bool> = .flag("undo", help: "List them again.")

  package static let declaration = Command(
    "ignore", summary: "Leave strangers out of lists",
    discussion: "They go on collecting their faces, so that these do not turn up elsewhere. "
      + "“figurectl clusters --ignored” shows them.",
    arguments: [people, undo, SharedArguments.library, CurationOptions.dryRun])

  package init(_ arguments: ParsedArguments) {
    people = arguments[Self.people]
    isUndone = arguments[Self.undo]
    options = CurationOptions(arguments)
  }
}

extension String {
  /// As a sentence begins.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
