package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl explain`.
package struct ExplainCommand {
  private let figure: String
  private let cluster: String?
  private let library: String

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let figures = try context.figures([figure], of: .library(library), client: client)
    let person = try cluster.map { try context.cluster($0, library: library, client: client) }
    try context.answer(.explainFigure(figures[0], in: person?.objectID), from: client) { result in
      let file = try client.call(.figures(of: .figures(figures))).figures.first?.inputURL?.shownPath
      context.output.paragraph(result.sentence)
      context.output.line("")
      context.facts(Self.facts(result, file: file))
      let standings = [(Self.relation(result), result.own), ("another", result.other)]
      guard standings.contains(where: { $0.1 != nil }) else { return }
      context.output.line("")
      context.output.table(Self.table(standings))
    }
  }

  private static func relation(_ result: ExplainFigureResult) -> String {
    result.figureClusterID == nil ? "waits" : "is in"
  }

  private static func facts(
    _ result: ExplainFigureResult, file: String?
  ) -> [(name: String, value: String)] {
    var facts = [(name: "face", value: result.figureID)]
    if let file { facts.append(("file", file)) }
    let obstacles = result.foundingObstacles.map { ContactSheet.words($0).lowercased() }
    facts.append(
      (
        "quality",
        Quantity.percent(result.faceQuality)
          + (obstacles.isEmpty
            ? "" : ", founds no person: " + obstacles.joined(separator: ", "))
      ))
    if let own = result.own, !own.exemplars.isEmpty {
      facts.append(("most alike", own.exemplars.map(shown).joined(separator: ", ")))
    }
    if let other = result.other, !other.exemplars.isEmpty {
      facts.append(("in the other", other.exemplars.map(shown).joined(separator: ", ")))
    }
    if !result.chain.isEmpty {
      facts.append(("chain", result.chain.map(shown).joined(separator: ", ")))
    }
    if let margin = result.margin {
      facts.append(("margin", Quantity.decimal(margin, places: 2)))
    }
    return facts + result.statements.map { ("said", words($0, of: result.figureID)) }
  }

  private static func shown(_ figure: SimilarFigure) -> String {
    "\(Identifier.short(figure.figureID)) \(Quantity.percent(figure.probability))"
  }

  /// What a user said, and the event that tells who and when.
  private static func words(_ statement: StatementMessage, of figure: String) -> String {
    let person = statement.figureClusterID.map(Identifier.short) ?? "nobody"
    let about = statement.figureID == figure ? "" : "\(Identifier.short(statement.figureID)): "
    let other = statement.otherFigureID.map(Identifier.short) ?? ""
    let text =
      switch statement.kind {
      case "Pin": "\(about)is \(person)"
      case "Exclude": "\(about)is not \(person)"
      case "MustLink": "\(about)the same person as \(other)"
      case "CannotLink": "\(about)another person than \(other)"
      default: "\(about)no face"
      }
    return text + (statement.eventID.map { " (event \(Identifier.short($0)))" } ?? "")
  }

  private static func table(_ standings: [(String, ClusterStandingMessage?)]) -> Table {
    var table = Table([
      .init("FACE"), .init("PERSON", fit: .cutEnd), .init("ID"),
      .init("COMPARED", isTrailing: true), .init("AVERAGE", isTrailing: true),
      .init("NEEDED", isTrailing: true), .init("SURE", isTrailing: true),
    ])
    for case (let relation, let standing?) in standings {
      table.append([
        relation, standing.name ?? "(no name yet)", Identifier.short(standing.objectID),
        Quantity.count(standing.comparedFaces),
        Quantity.decimal(standing.averageSimilarity, places: 2),
        Quantity.decimal(standing.neededSimilarity, places: 2),
        Quantity.percent(standing.probability),
      ])
      guard let near = standing.nearInTime else { continue }
      table.append([
        "", "of about its time", "", Quantity.count(near.comparedFaces),
        Quantity.decimal(near.averageSimilarity, places: 2),
        Quantity.decimal(near.neededSimilarity, places: 2), "",
      ])
    }
    return table
  }
}

extension ExplainCommand: Subcommand {
  private static let figure: Argument<String> = .operand(
    "FIGURE",
    help: "The face: its FigureId, or at least four digits of the beginning, as “figurectl "
      + "cluster” shows it.")
  private static let cluster: Argument<String?> = .option(
    "cluster", value: "PERSON",
    help: "Why is it not, or might it be, this person? An ID, its beginning, or a name.")

  package static let declaration = Command(
    "explain", summary: "Say why a face is where it is, or not with somebody",
    discussion: "COMPARED counts the clear faces of the person, AVERAGE is how alike they are to "
      + "this one (1: the same, 0: strangers), NEEDED from where on it belongs to them. Where people "
      + "were photographed for years, those of about the same time as this face may decide by "
      + "themselves.",
    arguments: [figure, cluster, SharedArguments.library],
    examples: [
      .init("figurectl explain 9c01", "Why is this face where it is?"),
      .init("figurectl explain 9c01 --cluster Ada", "Why is it not Ada?"),
    ])

  package init(_ arguments: ParsedArguments) {
    figure = arguments[Self.figure]
    cluster = arguments[Self.cluster]
    library = arguments[SharedArguments.library]
  }
}
