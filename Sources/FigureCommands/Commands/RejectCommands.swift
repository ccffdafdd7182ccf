package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl reject`.
package struct RejectCommand {
  private let person: String
  private let figures: [String]
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let cluster = try context.cluster(person, library: options.library, client: client)
    let figures = try context.figures(figures, of: .cluster(cluster.objectID), client: client)
    let request = FaceRequest.rejectFigures(
      figures, from: cluster.objectID, isRehearsal: options.isRehearsal)
    try context.change(request, from: client) { _, event in
      let gone = CommandContext.whereabouts(event, of: cluster.objectID)
      return "\(Quantity.count(figures.count, "face")) will never be \(cluster.shown)"
        + (gone.isEmpty ? "" : "; \(gone)")
    }
  }
}

extension RejectCommand: Subcommand {
  package static let declaration = Command(
    "reject", summary: "Say that faces are not this person",
    discussion: "They find another person, or wait, and never come back to this one by themselves.",
    arguments: [
      CurationOptions.person, CurationOptions.figures, SharedArguments.library,
      CurationOptions.dryRun,
    ],
    examples: [.init("figurectl reject Ada 9c01", "This is not Ada.")])

  package init(_ arguments: ParsedArguments) {
    person = arguments[CurationOptions.person]
    figures = arguments[CurationOptions.figures]
    options = CurationOptions(arguments)
  }
}

/// The command `figurectl not-a-face`.
package struct NotAFaceCommand {
  private let figures: [String]
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let figures = try context.figures(figures, of: .library(options.library), client: client)
    try context.change(
      .markNotFaces(figures, isRehearsal: options.isRehearsal), from: client
    ) { _, _ in
      figures.count == 1
        ? "1 figure is no face, and stays out of clustering and searches"
        : "\(Quantity.count(figures.count)) figures are no faces, and stay out of clustering and "
          + "searches"
    }
  }
}

extension NotAFaceCommand: Subcommand {
  package static let declaration = Command(
    "not-a-face", summary: "Say that figures are no faces: statues, posters, patterns",
    discussion: "They are kept, so that importing the file again does not bring them back, and "
      + "“figurectl move” makes one a face again.",
    arguments: [CurationOptions.figures, SharedArguments.library, CurationOptions.dryRun])

  package init(_ arguments: ParsedArguments) {
    figures = arguments[CurationOptions.figures]
    options = CurationOptions(arguments)
  }
}
