package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl cluster`.
package struct ClusterCommand {
  let reference: String
  let library: String

  package init(reference: String, library: String) {
    self.reference = reference
    self.library = library
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let cluster = try context.cluster(reference, library: library, client: client)
    if context.isJSON {
      try context.json(client.call(FaceRequest.figureCluster(cluster.objectID).raw))
    } else {
      context.facts(Self.facts(cluster, mergedFrom: try context.people(cluster.mergedFrom, client)))
      context.output.line("")
    }
    var table = Table([
      .init("FIGURE"), .init("QUALITY", isTrailing: true), .init("SURE", isTrailing: true),
      .init("LOOKS", fit: .cutEnd), .init("FILE", fit: .cutMiddle),
    ])
    try context.list(
      from: client, { .figures(of: .cluster(cluster.objectID), pageSize: 500, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for figure in page.figures {
        table.append([
          figure.figureID.map(Identifier.short) ?? "", Quantity.percent(figure.faceQuality),
          figure.figureClusterConfidence.map(Quantity.percent) ?? "",
          figure.looks, figure.inputURL?.shownPath ?? "",
        ])
      }
    }
    if !context.isJSON { context.output.table(table) }
  }

  private static func facts(
    _ cluster: FigureClusterMessage, mergedFrom: [FigureClusterMessage]
  ) -> [(name: String, value: String)] {
    let media = [
      cluster.imageCount > 0 ? Quantity.count(cluster.imageCount, "image") : nil,
      cluster.videoCount > 0 ? Quantity.count(cluster.videoCount, "video") : nil,
    ].compactMap { $0 }
    var facts = [
      (name: "name", value: cluster.name ?? ""), (name: "id", value: cluster.objectID),
      (
        name: "faces",
        value:
          ([Quantity.count(cluster.faceCount)]
          + (media.isEmpty ? [] : ["in", media.joined(separator: " and ")])).joined(separator: " ")
      ),
    ]
    if !cluster.looks.isEmpty { facts.append(("looks", cluster.looks)) }
    if !cluster.marks.isEmpty { facts.append(("marks", cluster.marks.joined(separator: ", "))) }
    if let date = cluster.birthDate { facts.append(("born", date)) }
    if !mergedFrom.isEmpty {
      facts.append(("merged from", mergedFrom.map(\.shown).joined(separator: ", ")))
    }
    if let cover = cluster.cover { facts.append(("cover", cover.uri.shownPath)) }
    if let identifier = cluster.customID { facts.append(("custom id", identifier)) }
    if let labels = cluster.customLabels, !labels.isEmpty {
      let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      facts.append(("labels", pairs.joined(separator: ", ")))
    }
    facts.append(("created", LocalTime.shown(cluster.createTime)))
    facts.append(("updated", LocalTime.shown(cluster.updateTime)))
    return facts.filter { !$0.value.isEmpty }
  }
}

extension CommandContext {
  /// The people with these ObjectIds, as many as one request can ask for.
  fileprivate func people(
    _ identifiers: [String]?, _ client: FaceClient
  ) throws -> [FigureClusterMessage] {
    guard let identifiers, !identifiers.isEmpty else { return [] }
    return try client.call(.figureClusters(Array(identifiers.prefix(100)))).figureClusters
  }
}

extension ClusterCommand: Subcommand {
  package static let declaration = Command(
    "cluster", summary: "Show one person with the cover and all faces",
    arguments: [SharedArguments.person, SharedArguments.library],
    examples: [
      .init("figurectl cluster 3fa9c1", "By the beginning of the ID."),
      .init("figurectl cluster 'Ada Lovelace'", "By the name."),
    ])

  package init(_ arguments: ParsedArguments) {
    self.init(
      reference: arguments[SharedArguments.person], library: arguments[SharedArguments.library])
  }
}
