package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl remove`.
package struct RemoveCommand {
  let references: [String]
  let library: String

  /// - Parameters:
  ///   - references: MediaIds, or the files as `figurectl media` shows them.
  ///   - library: where the files are looked up.
  package init(references: [String], library: String) {
    self.references = references
    self.library = library
  }

  private static let batchSize = 100

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    // All are looked up before the first is removed, so that a slip removes nothing.
    let identifiers = try references.map { try identifier($0, client: client) }
    var sum = DeleteMediaResult(deleted: 0, figuresDeleted: 0)
    var rest = identifiers[...]
    while !rest.isEmpty {
      let result = try client.call(.deleteMedia(Array(rest.prefix(Self.batchSize))))
      sum.deleted += result.deleted
      sum.figuresDeleted += result.figuresDeleted
      rest = rest.dropFirst(Self.batchSize)
    }
    if context.isJSON { return try context.json(sum) }
    context.output.line(
      "Removed \(Quantity.media(sum.deleted)) with \(Quantity.count(sum.figuresDeleted, "face")); "
        + "files are not touched.")
    let missing = identifiers.count - sum.deleted
    if missing > 0 { context.output.note("\(Quantity.media(missing)) had been removed before.") }
  }

  private func identifier(_ reference: String, client: FaceClient) throws -> String {
    if reference.utf8.count == 32, reference.allSatisfy(\.isHexDigit) {
      return reference.lowercased()
    }
    do {
      return try client.call(
        .medium(
          inputURL: reference.contains("://") ? reference : AbsolutePath.of(reference),
          library: library)
      ).mediaInfo.mediaID
    } catch {
      guard error.code == .resourceNotFound else { throw error }
      throw CommandFailure(
        "There is no medium “\(reference.printable)” in the library \(library.printable).",
        hint: "Give the MediaId, or the file as “figurectl media” shows it.")
    }
  }
}

extension RemoveCommand: Subcommand {
  private static let media: Argument<[String]> = .operands(
    "MEDIA", atLeast: 1, help: "MediaIds, or files as “figurectl media” shows them.",
    completion: .file)

  package static let declaration = Command(
    "remove", summary: "Forget media and their faces",
    discussion: "The files themselves are not touched. Nothing is removed if one of the MEDIA is "
      + "not known.",
    arguments: [media, SharedArguments.library],
    examples: [.init("figurectl remove ~/Pictures/blurred.jpg", "Forget one picture.")])

  package init(_ arguments: ParsedArguments) {
    self.init(
      references: arguments[Self.media], library: arguments[SharedArguments.library])
  }
}
