package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl find`.
package struct FindCommand {
  let match: String
  let sort: String?
  let library: String
  let count: Int

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let request = FaceRequest.searchMedia(
      match: match, sortBy: sort, library: library, pageSize: count)
    do {
      try context.answer(request, from: client) { show($0, in: context) }
    } catch ClientError.refused(let error) where error.field == "Match" {
      throw CommandFailure(error.message + (error.hint.map { "\n\($0)" } ?? ""))
    }
  }

  private func show(_ result: SearchMediaResult, in context: CommandContext) {
    guard !result.mediaInfoList.isEmpty else {
      return context.output.note("Nothing in the library \(library) matches.")
    }
    var table = Table([
      .init("MEDIA ID"), .init("FACES", isTrailing: true), .init("TITLE", fit: .cutEnd),
      .init("FILE", fit: .cutMiddle),
    ])
    for medium in result.mediaInfoList {
      let faces = medium.aiData?.aiLabelInfo?.count { $0.faceID != nil } ?? 0
      table.append([
        medium.mediaID, Quantity.count(faces), medium.mediaBasicInfo?.title ?? "", medium.name,
      ])
    }
    context.output.table(table)
    guard result.total > result.mediaInfoList.count else { return }
    let bound = result.totalIsLowerBound == true ? "more than " : ""
    context.output.note(
      "\(Quantity.count(result.mediaInfoList.count)) of \(bound)\(Quantity.count(result.total)).")
  }
}

extension FindCommand: Subcommand {
  private static let match: Argument<String> = .operand(
    "MATCH", help: "What must hold of the media, in the language of Match.")
  private static let sort: Argument<String?> = .option(
    "sort", value: "FIELDS", help: "Such as utcCapture:Desc; the latest stored first otherwise.")
  private static let count: Argument<MediaCount> = .option(
    "count", short: "n", value: "N", default: MediaCount(value: 10),
    help: "How many media to show, 50 at most.")

  package static let declaration = Command(
    "find", summary: "Find media by what is known of them",
    discussion: "A match compares fields with values: title = 'lake' (contains), tagList in "
      + "('sea', 'sun'), person == 'Ann', faces.count >= 2, utcCapture = ['2024-08-01', "
      + "'2024-09-01'), joined by and, or, not and parentheses. PROTOCOL.md lists the fields.",
    arguments: [match, SharedArguments.library, sort, count],
    examples: [
      .init(
        "figurectl find \"person together with ('Ann', 'Bob') and faces.count == 2\"",
        "Where are Ann and Bob, and nobody else?")
    ])

  package init(_ arguments: ParsedArguments) {
    match = arguments[Self.match]
    sort = arguments[Self.sort]
    library = arguments[SharedArguments.library]
    count = arguments[Self.count].value
  }
}
