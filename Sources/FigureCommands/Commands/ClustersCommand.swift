public import CommandLineParsing
public import FaceClient
internal import WireProtocol

/// The command `figurectl clusters`.
package struct ClustersCommand {
  let library: String
  let order: ClusterOrder
  let isDescending: Bool

  let includesIgnored: Bool
  let moment: Moment?

  package init(
    library: String, order: ClusterOrder, isDescending: Bool, includesIgnored: Bool = false,
    moment: Moment? = nil
  ) {
    self.library = library
    self.order = order
    self.isDescending = isDescending
    self.includesIgnored = includesIgnored
    self.moment = moment
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    var clusters: [FigureClusterMessage] = []
    try context.list(
      from: client,
      {
        .figureClusters(
          library: library, order: order, descending: isDescending,
          includesIgnored: includesIgnored, asOf: moment?.wire, nextToken: $0)
      },
      nextToken: \.nextToken
    ) { clusters += $0.figureClusters }
    guard !context.isJSON else { return }
    guard !clusters.isEmpty else {
      return context.output.note(
        "The library \(library) \(moment == nil ? "shows nobody yet" : "showed nobody then").")
    }
    context.output.table(Self.table(clusters))
  }

  /// - Returns: the people, with how they look and their marks if anything is known of anybody.
  private static func table(_ clusters: [FigureClusterMessage]) -> Table {
    let hasMarks = clusters.contains { !$0.marks.isEmpty }
    let hasLooks = clusters.contains { !$0.looks.isEmpty }
    let looks = hasLooks ? [Table.Column("LOOKS")] : []
    let marks = hasMarks ? [Table.Column("MARKS", fit: .cutEnd)] : []
    var table = Table(
      [
        .init("ID"), .init("NAME", fit: .cutEnd), .init("FACES", isTrailing: true),
        .init("MEDIA", isTrailing: true),
      ] + looks + marks + [.init("UPDATED"), .init("COVER", fit: .cutMiddle)])
    for cluster in clusters {
      table.append(
        [
          Identifier.short(cluster.objectID), cluster.name ?? "",
          Quantity.count(cluster.faceCount),
          Quantity.count(cluster.imageCount + cluster.videoCount),
        ] + (hasLooks ? [cluster.looks] : [])
          + (hasMarks ? [cluster.marks.joined(separator: ", ")] : []) + [
            LocalTime.shown(cluster.updateTime), cluster.cover?.uri.shownPath ?? "",
          ])
    }
    return table
  }
}

extension FigureClusterMessage {
  /// What a user marked the person as, in words.
  var marks: [String] {
    [
      ("favourite", isFavourite), ("confirmed", isConfirmed), ("hidden", isHidden),
      ("ignored", isIgnored),
    ].filter { $0.1 == true }.map(\.0)
  }
}

extension ClusterOrder: CommandLineValue {}

/// The direction of a list.
package enum Direction: String, CommandLineValue, CaseIterable {
  case ascending = "asc"
  case descending = "desc"
}

extension ClustersCommand: Subcommand {
  private static let sort: Argument<ClusterOrder> = .option(
    "sort", value: "FIELD", default: .faceCount, help: "What to sort by.")
  private static let order: Argument<Direction> = .option(
    "order", value: "ORDER", default: .descending, help: "The direction.")

  private static let ignored: Argument<Bool> = .flag(
    "ignored", help: "With those that are ignored.")
  private static let asOf: Argument<Moment?> = .option(
    "as-of", value: "TIME", help: "As they were then, by the log of who is who.")

  package static let declaration = Command(
    "clusters", summary: "List the people of a library",
    discussion: "The ID in the first column is the beginning of the whole one, and enough for the "
      + "other commands.",
    arguments: [SharedArguments.library, sort, order, ignored, asOf])

  package init(_ arguments: ParsedArguments) {
    self.init(
      library: arguments[SharedArguments.library], order: arguments[Self.sort],
      isDescending: arguments[Self.order] == .descending,
      includesIgnored: arguments[Self.ignored], moment: arguments[Self.asOf])
  }
}
