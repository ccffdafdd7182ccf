package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl media`.
package struct MediaCommand {
  let library: String

  package init(library: String) { self.library = library }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    var table = Table([
      .init("MEDIA ID"), .init("FACES", isTrailing: true), .init("PIXELS", isTrailing: true),
      .init("LENGTH", isTrailing: true), .init("FILE", fit: .cutMiddle),
    ])
    try context.list(
      from: client, { .media(library: library, withFigures: true, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for medium in page.mediaInfos { table.append(Self.row(medium)) }
    }
    guard !context.isJSON else { return }
    if table.isEmpty {
      context.output.note(
        "The library \(library) has no media. “figurectl import PATH…” adds some.")
    } else {
      context.output.table(table)
    }
  }

  private static func row(_ medium: MediaMessage) -> [String] {
    let file = medium.fileInfoList?.first?.fileBasicInfo
    let size = file?.width.flatMap { width in file?.height.map { "\(width)×\($0)" } } ?? ""
    let length = file?.duration.flatMap { Double($0) }.map { Quantity.clock(seconds: $0) } ?? ""
    let failure = medium.indexStatusList?.first { $0.indexStatus == "Fail" }
    return [
      medium.mediaID, medium.figures.map { Quantity.count($0.count) } ?? "", size, length,
      failure.map { "\(medium.name) (\($0.reason ?? "failed"))" } ?? medium.name,
    ]
  }
}

extension MediaMessage {
  /// What a person knows the medium by.
  var name: String {
    (mediaBasicInfo?.inputURL ?? fileInfoList?.first?.fileBasicInfo.fileURL)?.shownPath ?? mediaID
  }
}

extension MediaCommand: Subcommand {
  package static let declaration = Command(
    "media", summary: "List the media of a library", arguments: [SharedArguments.library])

  package init(_ arguments: ParsedArguments) {
    self.init(library: arguments[SharedArguments.library])
  }
}
