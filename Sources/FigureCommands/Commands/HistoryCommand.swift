package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl history`.
package struct HistoryCommand {
  private let person: String?
  private let figure: String?
  private let byUsersOnly: Bool
  private let limit: EventCount
  private let library: String

  package func run(in context: CommandContext) throws {
    guard person == nil || figure == nil else {
      throw CommandFailure(
        "--cluster and --figure exclude each other.", code: .usage)
    }
    let client = try context.connect()
    let scope = try scope(context, client)
    var events: [IdentityEventMessage] = []
    var token: String?
    var hasMore = false
    repeat {
      let request = FaceRequest.identityEvents(
        of: scope, byUsersOnly: byUsersOnly,
        pageSize: min(limit.value - events.count, 100), nextToken: token)
      let (page, raw) = try client.call(request.withRaw)
      if context.isJSON { try context.json(raw) }
      events += page.events
      token = page.nextToken
      hasMore = token != nil
    } while token != nil && events.count < limit.value
    guard !context.isJSON else { return }
    guard !events.isEmpty else { return context.output.note("The log has nothing of this.") }
    var table = Table([
      .init("EVENT"), .init("WHEN"), .init("WHO", fit: .cutEnd), .init("WHAT", fit: .cutEnd),
      .init("MOVED", isTrailing: true), .init("UNDONE"),
    ])
    for event in events {
      table.append([
        Identifier.short(event.eventID), LocalTime.shown(event.time), EventText.who(event),
        EventText.summary(event), Quantity.count(event.figuresMoved),
        event.reversedBy == nil ? "" : "undone",
      ])
    }
    context.output.table(table)
    if hasMore { context.output.note("There is more; --limit shows it.") }
  }

  private func scope(_ context: CommandContext, _ client: FaceClient) throws -> IdentityEventScope {
    if let person {
      // The person that was named, even if merged: its history ends there.
      return .cluster(
        try context.cluster(person, library: library, followingMergers: false, client: client)
          .objectID)
    }
    if let figure {
      let figures = try context.figures([figure], of: .library(library), client: client)
      return .figure(figures[0])
    }
    return .library(library)
  }
}

/// How many events a list has.
struct EventCount: BoundedNumber {
  static let range = 1...10_000
  let value: Int
}

extension HistoryCommand: Subcommand {
  private static let cluster: Argument<String?> = .option(
    "cluster", value: "PERSON",
    help: "Only what concerned this person: an ID, its beginning, or "
      + "a name.")
  private static let figure: Argument<String?> = .option(
    "figure", value: "FIGURE", help: "Only what concerned this face.")
  private static let users: Argument<Bool> = .flag(
    "users", help: "Without what figured did by itself.")
  private static let limit: Argument<EventCount> = .option(
    "limit", value: "N", default: EventCount(value: 20), help: "How many at most.")

  package static let declaration = Command(
    "history", summary: "Show who changed what about who is who",
    discussion: "Latest first. MOVED counts faces that went to another person or left one. Each "
      + "EVENT can be taken back with “figurectl undo”.",
    arguments: [cluster, figure, users, limit, SharedArguments.library],
    examples: [
      .init("figurectl history --users", "What people did."),
      .init("figurectl history --figure 9c01", "Why is this face where it is?"),
    ])

  package init(_ arguments: ParsedArguments) {
    person = arguments[Self.cluster]
    figure = arguments[Self.figure]
    byUsersOnly = arguments[Self.users]
    limit = arguments[Self.limit]
    library = arguments[SharedArguments.library]
  }
}
