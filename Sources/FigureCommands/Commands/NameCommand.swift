package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl name`.
package struct NameCommand {
  let reference: String
  let name: String
  let library: String

  /// - Parameters:
  ///   - reference: an identifier, the beginning of one, or the name so far.
  ///   - name: empty takes the name away.
  ///   - library: where a name or the beginning of an identifier is looked up.
  package init(reference: String, name: String, library: String) {
    self.reference = reference
    self.name = name
    self.library = library
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let cluster = try context.cluster(reference, library: library, client: client)
    var changes = FigureClusterChanges()
    changes.name = name
    let request = FaceRequest.updateCluster(
      cluster.objectID, changes, lockVersion: cluster.metaLockVersion)
    let short = Identifier.short(cluster.objectID)
    try context.change(request, from: client) { _, _ in
      name.isEmpty ? "Person \(short) has no name now" : "Person \(short) is called “\(name)” now"
    }
  }
}

extension NameCommand: Subcommand {
  private static let name: Argument<String> = .operand(
    "NAME", help: "The new name; an empty one takes the name away.")

  package static let declaration = Command(
    "name", summary: "Name a person",
    discussion: "A person with a name is never merged or dissolved by clustering.",
    arguments: [SharedArguments.person, name, SharedArguments.library],
    examples: [.init("figurectl name 3fa9c1 'Ada Lovelace'", "Name the person 3fa9c1….")])

  package init(_ arguments: ParsedArguments) {
    self.init(
      reference: arguments[SharedArguments.person], name: arguments[Self.name],
      library: arguments[SharedArguments.library])
  }
}
