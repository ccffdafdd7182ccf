public import CommandLineParsing
internal import FaceClient
public import WireProtocol

/// The command `figurectl suggestions`.
package struct SuggestionsCommand {
  private let library: String
  private let kind: SuggestionMessage.Kind?
  private let limit: SuggestionCount
  private let includesUnlikely: Bool

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let request = FaceRequest.suggestions(library: library, kind: kind, count: limit.value)
    try context.answer(request, from: client) { result in
      let suggestions = result.suggestions.filter { includesUnlikely || $0.isWorthAsking }
      guard !suggestions.isEmpty else {
        return context.output.note("There is nothing to ask about.")
      }
      var table = Table([
        .init("QUESTION", fit: .cutEnd), .init("SURE", isTrailing: true),
        .init("SETTLES", isTrailing: true), .init("LOOK AT"),
      ])
      for suggestion in suggestions {
        table.append([
          SuggestionText.question(suggestion), Quantity.percent(suggestion.probability),
          Quantity.count(suggestion.facesSettled),
          suggestion.exemplars.map(Identifier.short).joined(separator: " "),
        ])
      }
      context.output.table(table)
      context.output.note("“figurectl review” asks them one by one.")
    }
  }
}

/// How many questions a list has.
struct SuggestionCount: BoundedNumber {
  static let range = 1...100
  let value: Int
}

extension SuggestionMessage.Kind: CommandLineValue {
  public init?(commandLineWord word: String) {
    guard let kind = Self.allCases.first(where: { $0.commandLineWord == word }) else { return nil }
    self = kind
  }

  public static var expectation: String { choices.joined(separator: ", ") }
  public static var choices: [String] { allCases.map(\.commandLineWord) }
  public var commandLineWord: String { rawValue.lowercased() }
}

extension SuggestionsCommand: Subcommand {
  static let kind: Argument<SuggestionMessage.Kind?> = .option(
    "kind", value: "KIND",
    help: "Only such questions: join (are two people one?), split (is one two?), place (whose is a "
      + "face that waits?).")
  static let unlikely: Argument<Bool> = .flag(
    "all", short: "a", help: "Also where hardly any doubt is left.")
  private static let limit: Argument<SuggestionCount> = .option(
    "limit", value: "N", default: SuggestionCount(value: 20), help: "How many at most.")

  package static let declaration = Command(
    "suggestions", summary: "List the questions whose answers would settle most",
    discussion: "SURE is how likely yes is the answer, SETTLES counts the faces that hang on it. "
      + "What was answered, named differently or ignored is not asked.",
    arguments: [kind, limit, unlikely, SharedArguments.library])

  package init(_ arguments: ParsedArguments) {
    library = arguments[SharedArguments.library]
    kind = arguments[Self.kind]
    limit = arguments[Self.limit]
    includesUnlikely = arguments[Self.unlikely]
  }
}
