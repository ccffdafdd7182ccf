package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl undo`.
package struct UndoCommand {
  private let reference: String?
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let event =
      if let reference {
        try context.event(reference, library: options.library, client: client)
      } else {
        try latest(context, client)
      }
    try context.takeBack(
      event.eventID, isRehearsal: options.isRehearsal, client: client,
      says: "Undone: \(EventText.summary(event))", next: "Redo: figurectl redo \(event.eventID)")
  }

  /// The latest thing that this user did and that still stands.
  private func latest(
    _ context: CommandContext, _ client: FaceClient
  ) throws -> IdentityEventMessage {
    let own = client.hello.peer.userID
    let found = try context.firstEvent(library: options.library, byUsersOnly: true, client: client)
    {
      $0.requestedBy == own && $0.kind != "Undo" && $0.reversedBy == nil
    }
    guard let found else {
      throw CommandFailure(
        "There is nothing of yours to undo in the library \(options.library.printable).",
        hint: "“figurectl history --users” shows what others did; “figurectl undo EVENT” takes "
          + "that back.")
    }
    context.output.note(
      "The latest of your changes, at \(LocalTime.shown(found.time)): "
        + "\(EventText.summary(found)), \(Quantity.count(found.figuresMoved, "face")) moved.")
    return found
  }
}

/// The command `figurectl redo`.
package struct RedoCommand {
  private let reference: String
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let event = try context.event(reference, library: options.library, client: client)
    let undoing: String
    if let reversal = event.reversedBy {
      undoing = reversal
    } else if event.kind == "Undo" {
      undoing = event.eventID
    } else {
      throw CommandFailure(
        "\(EventText.summary(event)) (\(Identifier.short(event.eventID))) stands: it was not "
          + "undone.", hint: "“figurectl history” shows what was.")
    }
    let original = event.kind == "Undo" ? event.reverses ?? event.eventID : event.eventID
    let what = original == event.eventID ? EventText.summary(event) : Identifier.short(original)
    try context.takeBack(
      undoing, isRehearsal: options.isRehearsal, client: client, says: "Redone: \(what)",
      next: "Undo: figurectl undo \(original)")
  }
}

extension CommandContext {
  /// Takes an event back, says what stays of it, and how to turn that round.
  fileprivate func takeBack(
    _ eventID: String, isRehearsal: Bool, client: FaceClient, says: String, next: String
  ) throws {
    try answer(.undo(eventID, isRehearsal: isRehearsal), from: client) { result in
      guard let undoing = result.change.event else {
        return output.line("Nothing has changed: all of it was changed again since.")
      }
      let text = "\(says), \(Quantity.count(undoing.figuresMoved, "face")) moved"
      output.line(
        isRehearsal ? "Dry run, nothing has changed. It would be: \(text)." : "\(text).")
      if let kept = result.keptCount, kept > 0 {
        output.note(
          "\(Quantity.count(kept, "part")) of it \(kept == 1 ? "stays" : "stay"), since something "
            + "later changed \(kept == 1 ? "it" : "them") again: figurectl history.")
      }
      if !isRehearsal { output.line(next) }
    }
  }
}

/// The command `figurectl forget-history`.
package struct ForgetHistoryCommand {
  private let date: Day?
  private let isMeant: Bool
  private let library: String

  package func run(in context: CommandContext) throws {
    let which = date.map { "The history before \($0.commandLineWord)" } ?? "The whole history"
    guard isMeant else {
      throw CommandFailure(
        "\(which) of the library \(library.printable) "
          + "would be erased for good, and what was done then could no longer be undone.",
        hint: "Add --yes to do it.", code: .usage)
    }
    let client = try context.connect()
    let request = FaceRequest.eraseIdentityEvents(library: library, before: date?.start)
    try context.answer(request, from: client) { result in
      context.output.line(
        "Erased \(Quantity.count(result.erased, "event")); who is who stays as it is.")
    }
  }
}

/// A day of the user's calendar, as an option's value.
package struct Day: CommandLineValue {
  /// As it was written.
  package let commandLineWord: String
  /// The moment at which it begins, in ISO 8601.
  let start: String

  package init?(commandLineWord word: String) {
    guard let start = LocalTime.startOfDay(word) else { return nil }
    (commandLineWord, self.start) = (word, start)
  }

  package static var expectation: String { "a date such as 2026-11-21" }
}

/// A moment as an option's value.
package struct Moment: CommandLineValue {
  /// As it was written.
  package let commandLineWord: String
  /// In ISO 8601.
  let wire: String

  package init?(commandLineWord word: String) {
    if let day = Day(commandLineWord: word) {
      wire = day.start
    } else if LocalTime.isWireTime(word) {
      wire = word
    } else {
      return nil
    }
    commandLineWord = word
  }

  package static var expectation: String { "a date, or a time such as 2026-11-21T09:12:00Z" }
}

extension UndoCommand: Subcommand {
  private static let event: Argument<String?> = .optionalOperand(
    "EVENT",
    help: "The event, or at least four digits of its beginning; without it, the latest "
      + "of your own changes that stands.")

  package static let declaration = Command(
    "undo", summary: "Take a change of who is who back",
    discussion: "Any change can be taken back, also an old one: what was changed again since "
      + "stays, and is counted. “figurectl history” lists the events.",
    arguments: [event, SharedArguments.library, CurationOptions.dryRun],
    examples: [
      .init("figurectl undo", "Take your latest change back."),
      .init("figurectl undo 5d3e --dry-run", "What would it bring back?"),
    ])

  package init(_ arguments: ParsedArguments) {
    reference = arguments[Self.event]
    options = CurationOptions(arguments)
  }
}

extension RedoCommand: Subcommand {
  private static let event: Argument<String> = .operand(
    "EVENT", help: "What was undone: the event, or at least four digits of its beginning.")

  package static let declaration = Command(
    "redo", summary: "Make a change anew that was undone",
    arguments: [event, SharedArguments.library, CurationOptions.dryRun])

  package init(_ arguments: ParsedArguments) {
    reference = arguments[Self.event]
    options = CurationOptions(arguments)
  }
}

extension ForgetHistoryCommand: Subcommand {
  private static let before: Argument<Day?> = .option(
    "before", value: "DATE", help: "Only what happened before this day.")
  private static let yes: Argument<Bool> = .flag("yes", help: "It is meant.")

  package static let declaration = Command(
    "forget-history", summary: "Erase the log of who changed what, for good",
    discussion: "Who is who stays as it is; what was done can no longer be undone or looked up.",
    arguments: [before, yes, SharedArguments.library])

  package init(_ arguments: ParsedArguments) {
    date = arguments[Self.before]
    isMeant = arguments[Self.yes]
    library = arguments[SharedArguments.library]
  }
}
