package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl ask`.
package struct AskCommand {
  let text: String
  let library: String
  let count: Int

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let request = FaceRequest.searchMediaByHybrid(text, library: library, pageSize: count)
    if context.isJSON { return try context.json(client.call(request.raw)) }
    let result = try client.call(request)
    guard !result.mediaList.isEmpty else {
      return context.output.note("Nothing in the library \(library) fits.")
    }
    let media = try client.call(.media(result.mediaList.map(\.mediaID))).mediaInfos
    let names = Dictionary(media.map { ($0.mediaID, $0.name) }) { first, _ in first }
    var table = Table([
      .init("SCORE", isTrailing: true), .init("FILE", fit: .cutMiddle), .init("WHY", fit: .cutEnd),
    ])
    for found in result.mediaList {
      let best = found.foundBy?.last { $0.recall != "together" } ?? found.foundBy?.first
      table.append([
        found.score.map(Quantity.percent) ?? "", names[found.mediaID] ?? found.mediaID,
        best?.reason ?? "",
      ])
    }
    context.output.table(table)
    if result.total > result.mediaList.count {
      context.output.note(
        "\(Quantity.count(result.mediaList.count)) of \(Quantity.count(result.total)).")
    }
  }
}

extension AskCommand: Subcommand {
  private static let text: Argument<String> = .operand(
    "TEXT", help: "What to look for, in English or Chinese.")
  private static let count: Argument<MediaCount> = .option(
    "count", short: "n", value: "N", default: MediaCount(value: 10),
    help: "How many media to show, 50 at most.")

  package static let declaration = Command(
    "ask", summary: "Find media by a line of words",
    discussion: "Names of people, dates, kinds of media, numbers of faces and places are "
      + "understood; all other words are looked for in titles, tags, descriptions, folders and "
      + "attached texts.",
    arguments: [text, SharedArguments.library, count],
    examples: [
      .init("figurectl ask \"Ann and Bob at the lake in August 2024\"", "Where were they?")
    ])

  package init(_ arguments: ParsedArguments) {
    text = arguments[Self.text]
    library = arguments[SharedArguments.library]
    count = arguments[Self.count].value
  }
}
