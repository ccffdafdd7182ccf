package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl search`.
package struct SearchCommand {
  let path: String
  let library: String
  let face: Int?
  let count: Int

  /// - Parameters:
  ///   - path: the image to search with.
  ///   - library: where to search.
  ///   - face: which face to look for elsewhere, from 1; the largest if `nil`.
  ///   - count: how many media to show, 1…50.
  package init(path: String, library: String, face: Int?, count: Int) {
    self.path = path
    self.library = library
    self.face = face
    self.count = count
  }

  package func run(in context: CommandContext) throws {
    let files = (try context.open(path), try context.open(path))
    let client = try context.connect()
    let who = FaceRequest.searchImageFigureCluster(.file(files.0), library: library)
    let whereElse = FaceRequest.searchMediaByFace(
      .file(files.1), figureIndex: face.map { $0 - 1 }, library: library, pageSize: count)
    do {
      if context.isJSON {
        let answers = (try client.start(who.raw), try client.start(whereElse.raw))
        try context.json(answers.0.wait())
        try context.json(answers.1.wait())
      } else {
        let answers = (try client.start(who), try client.start(whereElse))
        let matches = try answers.0.wait().clusters
        if !matches.isEmpty { context.output.table(Self.table(of: matches)) }
        let found = try answers.1.wait()
        show(found, among: matches, in: context)
        try showClips(found, from: client, in: context)
      }
    } catch ClientError.refused(let error) where error.code == .noFace {
      throw CommandFailure("There is no face in \(path.printable).")
    }
  }

  private static func table(of matches: [SearchImageFigureClusterResult.Match]) -> Table {
    var table = Table([
      .init("FACE", isTrailing: true), .init("BOX"), .init("WHO", fit: .cutEnd), .init("ID"),
      .init("PROBABILITY", isTrailing: true), .init("FACES", isTrailing: true),
    ])
    for (index, match) in matches.enumerated() {
      let isKnown = match.clusterID != nil
      let name = match.name.flatMap { $0.isEmpty ? nil : $0 }
      table.append([
        "\(index + 1)", match.boundary.geometry,
        isKnown ? name ?? "(no name yet)" : "(nobody known)",
        match.clusterID.map(Identifier.short) ?? "",
        isKnown ? Quantity.percent(match.similarity) : "",
        match.faceCount.map { Quantity.count($0) } ?? "",
      ])
    }
    return table
  }

  private func show(
    _ result: SearchMediaByFaceResult, among matches: [SearchImageFigureClusterResult.Match],
    in context: CommandContext
  ) {
    let index = matches.firstIndex { $0.boundary == result.queryFigure?.boundary }
    let which = matches.count > 1 ? index.map { " with face \($0 + 1)" } ?? "" : ""
    context.output.line("")
    guard !result.mediaInfoList.isEmpty else {
      return context.output.line("No media\(which) in the library \(library).")
    }
    let all = result.total > result.mediaInfoList.count ? " of \(Quantity.count(result.total))" : ""
    context.output.line(
      "\(Quantity.count(result.mediaInfoList.count))\(all) media\(which), best first:")
    var table = Table([.init("SCORE", isTrailing: true), .init("FILE", fit: .cutMiddle)])
    for medium in result.mediaInfoList {
      table.append([medium.score.map(Quantity.percent) ?? "", medium.name])
    }
    context.output.table(table)
  }
}

extension SearchCommand {
  /// When the person is seen in the videos that were found.
  private func showClips(
    _ result: SearchMediaByFaceResult, from client: FaceClient, in context: CommandContext
  ) throws {
    for medium in result.mediaInfoList where medium.mediaBasicInfo?.mediaType == "video" {
      let clips = try client.call(
        .searchMediaClips(
          mediaID: medium.mediaID, faceSearchToken: result.faceSearchToken, library: library)
      ).mediaClipList
      let occurrences = clips.flatMap(\.occurrencesInfos).sorted { $0.startTime < $1.startTime }
      guard !occurrences.isEmpty else { continue }
      let times = occurrences.map {
        "\(Quantity.clock(seconds: $0.startTime))–\(Quantity.clock(seconds: $0.endTime))"
      }
      context.output.line("Seen in \(medium.name.printable) at \(times.joined(separator: ", ")).")
    }
  }
}

extension SearchCommand: Subcommand {
  private static let face: Argument<FaceNumber?> = .option(
    "face", value: "N",
    help: "Which face to look for elsewhere, from 1 as “figurectl faces” counts; else the largest.")
  private static let count: Argument<MediaCount> = .option(
    "count", short: "n", value: "N", default: MediaCount(value: 10),
    help: "How many media to show, 50 at most.")

  package static let declaration = Command(
    "search", summary: "Tell who is in an image, and where else",
    discussion: "figurectl opens the file and passes it on: the daemon needs no right to read it, "
      + "and does not keep it.",
    arguments: [SharedArguments.image, SharedArguments.library, face, count],
    examples: [.init("figurectl search visitor.jpg", "Who is this, and in which pictures?")])

  package init(_ arguments: ParsedArguments) {
    self.init(
      path: arguments[SharedArguments.image], library: arguments[SharedArguments.library],
      face: arguments[Self.face]?.value, count: arguments[Self.count].value)
  }
}

/// The number of a face in an image, from 1.
private struct FaceNumber: BoundedNumber {
  let value: Int
  static let range = 1...256
}

/// How many media one answer may have.
struct MediaCount: BoundedNumber {
  let value: Int
  static let range = 1...50
}
