package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl review`: one question after the other, until nothing is left to ask.
package struct ReviewCommand {
  private let library: String
  private let kind: SuggestionMessage.Kind?
  private let includesUnlikely: Bool

  /// The most questions that one request brings; what was skipped is among them.
  private static let pageSize = 100

  private enum Reply {
    case answer(SuggestionMessage.Answer)
    case undo
    case quit
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    guard !context.isJSON else { return try context.json(client.call(questions.raw)) }
    var skipped: Set<String> = []
    var given = GivenAnswers()
    while let next = try next(except: skipped, client) {
      try show(next, context, client)
      switch reply(context) {
      case .quit: return given.summarise(context.output)
      case .undo: try given.takeBack(context.output, client)
      case .answer(.unsure): skipped.insert(Self.key(next))
      case .answer(let answer):
        if try !given.give(answer, to: next, context.output, client) {
          skipped.insert(Self.key(next))
        }
      }
    }
    context.output.note("There is nothing left to ask about.")
    given.summarise(context.output)
  }

  /// The best question that was not skipped.
  private func next(
    except skipped: Set<String>, _ client: FaceClient
  ) throws -> SuggestionMessage? {
    let page = try client.call(questions)
    return page.suggestions.first {
      (includesUnlikely || $0.isWorthAsking) && !skipped.contains(Self.key($0))
    }
  }

  private var questions: FaceRequest<ListSuggestionsResult> {
    .suggestions(library: library, kind: kind, count: Self.pageSize)
  }

  /// What tells one question from another.
  private static func key(_ suggestion: SuggestionMessage) -> String {
    ([suggestion.kind.rawValue] + suggestion.objectIDs + suggestion.figureIDs)
      .joined(separator: " ")
  }

  private func show(
    _ suggestion: SuggestionMessage, _ context: CommandContext, _ client: FaceClient
  ) throws {
    let output = context.output
    output.line(SuggestionText.question(suggestion), isEmphasised: true)
    let files = try client.call(.figures(of: .figures(suggestion.exemplars))).figures
    var table = Table([.init("  FACE"), .init("FILE", fit: .cutMiddle)])
    for figure in files {
      table.append([
        "  " + (figure.figureID.map(Identifier.short) ?? ""), figure.inputURL?.shownPath ?? "",
      ])
    }
    output.table(table)
    let faces = Quantity.count(suggestion.facesSettled, "face")
    output.line(
      "  Yes is \(Quantity.percent(suggestion.probability)) likely, and settles \(faces).")
  }

  /// Asks until it understands; the end of the input is the end of the review.
  private func reply(_ context: CommandContext) -> Reply {
    while true {
      context.output.prompt("  [y]es, [n]o, [s]kip, [u]ndo the last answer, [q]uit? ")
      guard let line = readLine() else {
        context.output.line("")
        return .quit
      }
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "y", "yes": return .answer(.same)
      case "n", "no": return .answer(.different)
      case "s", "skip", "": return .answer(.unsure)
      case "u", "undo": return .undo
      case "q", "quit": return .quit
      default: continue
      }
    }
  }
}

/// The answers of one review, which can be taken back one by one.
private struct GivenAnswers {
  private var undoable: [String] = []
  private var count = 0

  /// Gives an answer; what contradicts others, or is about people who are gone, is said and left.
  ///
  /// - Returns: whether it was taken.
  mutating func give(
    _ answer: SuggestionMessage.Answer, to suggestion: SuggestionMessage, _ output: Output,
    _ client: FaceClient
  ) throws -> Bool {
    let result: CurationResult
    do {
      result = try client.call(.answer(suggestion, answer))
    } catch {
      guard case .refused(let refusal) = error else { throw error }
      output.note("\(refusal.message) Skipped.")
      return false
    }
    count += 1
    if let undo = result.change.undoID { undoable.append(undo) }
    output.line("  \(Quantity.count(result.change.event?.figuresMoved ?? 0, "face")) moved.")
    return true
  }

  /// Takes the last answer back, so that its question comes again.
  mutating func takeBack(_ output: Output, _ client: FaceClient) throws {
    guard let last = undoable.popLast() else {
      return output.note("There is no answer to take back.")
    }
    try client.call(.undo(last))
    count -= 1
    output.note("Taken back.")
  }

  func summarise(_ output: Output) {
    guard count > 0 else { return }
    output.note("\(Quantity.count(count, "answer")) given; “figurectl history” lists them.")
  }
}

extension ReviewCommand: Subcommand {
  package static let declaration = Command(
    "review", summary: "Answer the questions whose answers settle most, one by one",
    discussion: "Each answer is remembered and holds for all that comes; yes is that both faces "
      + "show one person. It asks on the terminal; --json lists the questions and changes nothing.",
    arguments: [SuggestionsCommand.kind, SuggestionsCommand.unlikely, SharedArguments.library],
    examples: [.init("figurectl review --kind join", "Only: are these two people one?")])

  package init(_ arguments: ParsedArguments) {
    library = arguments[SharedArguments.library]
    kind = arguments[SuggestionsCommand.kind]
    includesUnlikely = arguments[SuggestionsCommand.unlikely]
  }
}
