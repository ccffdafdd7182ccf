internal import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// What the commands share that change who is who.
struct CurationOptions: Sendable {
  static let dryRun: Argument<Bool> = .flag(
    "dry-run", short: "n", help: "Say what would change, and change nothing.")
  static let person: Argument<String> = .operand(
    "PERSON", help: "The ID, at least four digits of its beginning, or the name.")
  static let figures: Argument<[String]> = .operands(
    "FIGURE", atLeast: 1, help: figureHelp)
  static let figureHelp =
    "Faces: their FigureIds, or at least four digits of the beginning, as “figurectl cluster” "
    + "shows them."

  let library: String
  let isRehearsal: Bool

  /// - Precondition: the command has the options `--library` and `--dry-run`.
  init(_ arguments: ParsedArguments) {
    library = arguments[SharedArguments.library]
    isRehearsal = arguments[Self.dryRun]
  }
}

extension CommandContext {
  /// Makes a change, says in a line what has changed, and how to take it back.
  ///
  /// - Parameters:
  ///   - request: the change.
  ///   - client: whom to ask.
  ///   - says: the line, without its full stop.
  /// - Throws: ``CommandFailure`` if somebody else has changed the person in this moment, or what
  ///   asking throws.
  func change(
    _ request: FaceRequest<CurationResult>, from client: FaceClient,
    says: (CurationResult, IdentityEventMessage) -> String
  ) throws {
    do {
      try answer(request, from: client) { result in
        guard let event = result.change.event else {
          return output.line("Nothing has changed: it was so already.")
        }
        let text = says(result, event)
        if result.change.dryRun == true {
          output.line("Dry run, nothing has changed. It would be: \(text).")
        } else {
          output.line("\(text).")
        }
        if let undo = result.change.undoID { output.line("Undo: figurectl undo \(undo)") }
      }
    } catch ClientError.refused(let error) where error.code == .lockVersionConflict {
      throw CommandFailure(
        "Somebody else has changed this person in this moment.",
        hint: "Look at the person with “figurectl cluster” and try again.")
    }
  }

  /// Where faces went that left a person, in words.
  static func whereabouts(_ event: IdentityEventMessage, of clusterID: String? = nil) -> String {
    let others = event.clusters.filter { $0.objectID != clusterID }
    let found = others.reduce(0) { $0 + $1.figuresGained }
    let lost = event.clusters.reduce(0) { $0 + $1.figuresLost }
    var parts: [String] = []
    if found > 0 {
      let homes = others.filter { $0.figuresGained > 0 }.count
      parts.append("\(Quantity.count(found)) went to \(Quantity.people(homes))")
    }
    if lost > found { parts.append("\(Quantity.count(lost - found)) left everybody") }
    return parts.joined(separator: ", ")
  }
}
