package import CommandLineParsing
internal import FaceClient
internal import FoundationEssentials
internal import WireProtocol

/// The command `figurectl report`: writes a contact sheet.
package struct ReportCommand {
  let library: String
  let path: String
  let mayReplace: Bool
  let cropsPerPerson: Int
  let waitingPerReason: Int
  let explains: Bool

  /// - Parameters:
  ///   - library: what the sheet is of.
  ///   - path: the HTML file to write.
  ///   - mayReplace: whether a file of that name may be replaced.
  ///   - cropsPerPerson: how many faces of a person are shown, the cover among them.
  ///   - waitingPerReason: how many waiting faces are shown for each reason; 0 leaves them out.
  ///   - explains: whether each face comes with why it is where it is.
  package init(
    library: String, path: String, mayReplace: Bool, cropsPerPerson: Int, waitingPerReason: Int,
    explains: Bool = false
  ) {
    self.library = library
    self.path = path
    self.mayReplace = mayReplace
    self.cropsPerPerson = cropsPerPerson
    self.waitingPerReason = waitingPerReason
    self.explains = explains
  }

  private struct Outcome: Encodable {
    let output: String
    let people: Int
    let faces: Int

    enum CodingKeys: String, CodingKey {
      case output = "Output"
      case people = "People"
      case faces = "Faces"
    }
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let library = try client.call(.library(library)).searchLib
    var file = try AtomicFile(path: path, mayReplace: mayReplace)
    let summary = ContactSheet.Summary(
      library: library.searchLibName, time: LocalTime.shown(Date.now),
      mediaCount: library.mediaTotal, figureCount: library.figureTotal,
      personCount: library.figureClusterTotal,
      product: "\(client.hello.product) \(client.hello.version)")
    try file.write(ContactSheet.beginning(summary))

    let display = ProgressDisplay("reporting", output: context.output, isSilent: context.isJSON)
    defer { display.end() }
    var progress = TaskProgress(total: library.figureClusterTotal)
    let started = ContinuousClock.now
    try context.pages(
      from: client, { .figureClusters(library: self.library, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for cluster in page.figureClusters {
        progress.done += 1
        progress.faces += cluster.faceCount
        try file.write(
          ContactSheet.section(try person(cluster, number: progress.done, client: client)))
        progress.estimate(since: started)
        display.show(progress)
      }
    }
    let waiting = waitingPerReason > 0 ? try waitingGroups(client: client, in: context) : []
    try file.write(ContactSheet.waitingSection(waiting))
    try file.write(ContactSheet.end(summary))
    try file.commit()
    display.end()

    let outcome = Outcome(output: path, people: progress.done, faces: progress.faces)
    if context.isJSON { return try context.json(outcome) }
    context.output.line(
      "Wrote \(path): \(Quantity.count(outcome.people, "person", plural: "people")), "
        + "\(Quantity.count(outcome.faces, "face")).")
  }

  private func person(
    _ cluster: FigureClusterMessage, number: Int, client: FaceClient
  ) throws -> ContactSheet.Person {
    let cover = cluster.cover?.figures?.first
    let request = FaceRequest.figures(
      of: .cluster(cluster.objectID), pageSize: min(500, max(1, cropsPerPerson + 1)))
    let figures = try client.call(request).figures
      .filter { cover == nil || $0.figureID != cover?.figureID }
      .prefix(max(0, cropsPerPerson - (cover == nil ? 0 : 1)))
    // All pictures of a person are under way at a time.
    let coverCrop = try cover.map { try picture(of: $0, client: client) }
    let crops = try figures.map { try picture(of: $0, client: client) }
    return ContactSheet.Person(
      number: number, identifier: cluster.objectID, name: cluster.name,
      faceCount: cluster.faceCount, mediaCount: cluster.imageCount + cluster.videoCount,
      cover: try coverCrop.map { try crop($0, source: cluster.cover?.uri, client: client) },
      crops: try crops.map { try crop($0, client: client) }, looks: cluster.looks)
  }

  /// Faces in no cluster, by reason, those of the most frequent reason first.
  private func waitingGroups(
    client: FaceClient, in context: CommandContext
  ) throws -> [ContactSheet.WaitingGroup] {
    var counts: [String: Int] = [:]
    var shown: [String: [FigureMessage]] = [:]
    try context.pages(
      from: client, { .figures(of: .waiting(library), pageSize: 500, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for figure in page.figures where figure.figureClusterID == nil {
        let reason = figure.waitingReason ?? "Waiting"
        counts[reason, default: 0] += 1
        if shown[reason, default: []].count < waitingPerReason {
          shown[reason, default: []].append(figure)
        }
      }
    }
    return try counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { reason, count in
      let crops = try (shown[reason] ?? []).map { try picture(of: $0, client: client) }
      return ContactSheet.WaitingGroup(
        reason: reason, count: count,
        crops: try crops.map { try crop($0, withObstacles: true, client: client) })
    }
  }

  // MARK: Pictures

  private func picture(of figure: FigureMessage, client: FaceClient) throws -> PendingCrop {
    PendingCrop(
      figure: figure, picture: try figure.figureID.map { try PendingPicture($0, from: client) })
  }

  /// A face whose picture has been asked for.
  private struct PendingCrop {
    let figure: FigureMessage
    let picture: PendingPicture?
  }

  private func crop(
    _ pending: PendingCrop, source: String? = nil, withObstacles: Bool = false, client: FaceClient
  ) throws -> ContactSheet.Crop {
    let figure = pending.figure
    let obstacles = figure.foundingObstacles.map { ContactSheet.words($0).lowercased() }
    return ContactSheet.Crop(
      jpeg: try pending.picture?.jpeg(), source: (figure.inputURL ?? source)?.shownPath,
      caption: withObstacles && !obstacles.isEmpty
        ? obstacles.joined(separator: ", ")
        : figure.timestamp.map { "at \(Quantity.clock(seconds: $0))" },
      explanation: explains
        ? try figure.figureID.flatMap { try explanation(of: $0, client: client) } : nil)
  }

  /// Why a face is where it is; `nil` if it has been removed meanwhile.
  private func explanation(
    of figureID: String, client: FaceClient
  ) throws -> ContactSheet.Explanation? {
    do {
      return try ContactSheet.Explanation(try client.call(.explainFigure(figureID))) {
        try PendingPicture($0, from: client).jpeg()
      }
    } catch let error as ClientError where error.code == .resourceNotFound {
      return nil
    }
  }
}

extension ReportCommand: Subcommand {
  private static let output: Argument<String> = .requiredOption(
    "output", short: "o", value: "FILE", help: "The HTML file to write.", completion: .file)
  private static let force: Argument<Bool> = .flag(
    "force", short: "f", help: "Replace a file of that name.")
  private static let crops: Argument<CropCount> = .option(
    "crops", value: "N", default: CropCount(value: 24), help: "Faces shown of each person.")
  private static let waiting: Argument<CropCount> = .option(
    "waiting", value: "N", default: CropCount(value: 60),
    help: "Waiting faces shown for each reason; 0 leaves them out.")

  private static let explain: Argument<Bool> = .flag(
    "explain",
    help: "Say of each face why it is where it is: how sure, by which other faces, and who comes "
      + "next.")

  package static let declaration = Command(
    "report", summary: "Write a contact sheet: each person with cover, name, counts and faces",
    discussion: "One HTML file that opens in any browser, without a server. It holds pictures of "
      + "faces and is readable for you alone.",
    arguments: [SharedArguments.library, output, force, crops, waiting, explain],
    examples: [.init("figurectl report --output people.html", "Then open people.html.")])

  package init(_ arguments: ParsedArguments) {
    self.init(
      library: arguments[SharedArguments.library], path: arguments[Self.output],
      mayReplace: arguments[Self.force], cropsPerPerson: arguments[Self.crops].value,
      waitingPerReason: arguments[Self.waiting].value, explains: arguments[Self.explain])
  }
}

/// How many faces are shown, within what one page of figures holds.
private struct CropCount: BoundedNumber {
  let value: Int
  static let range = 0...499
}
