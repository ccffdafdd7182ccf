public import CommandLineParsing
public import FaceClient
internal import WireProtocol

/// The command `figurectl clusters`.
package struct ClustersCommand {
  let library: String
  let order: ClusterOrder
  let isDescending: Bool

  package init(library: String, order: ClusterOrder, isDescending: Bool) {
    self.library = library
    self.order = order
    self.isDescending = isDescending
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    var table = Table([
      .init("ID"), .init("NAME", fit: .cutEnd), .init("FACES", isTrailing: true),
      .init("MEDIA", isTrailing: true), .init("UPDATED"), .init("COVER", fit: .cutMiddle),
    ])
    try context.list(
      from: client,
      { .figureClusters(library: library, order: order, descending: isDescending, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for cluster in page.figureClusters {
        table.append([
          Identifier.short(cluster.objectID), cluster.name ?? "",
          Quantity.count(cluster.faceCount),
          Quantity.count(cluster.imageCount + cluster.videoCount),
          LocalTime.shown(cluster.updateTime), cluster.cover?.uri.shownPath ?? "",
        ])
      }
    }
    guard !context.isJSON else { return }
    if table.isEmpty {
      context.output.note("The library \(library) shows nobody yet.")
    } else {
      context.output.table(table)
    }
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

  package static let declaration = Command(
    "clusters", summary: "List the people of a library",
    discussion: "The ID in the first column is the beginning of the whole one, and enough for the "
      + "other commands.",
    arguments: [SharedArguments.library, sort, order])

  package init(_ arguments: ParsedArguments) {
    self.init(
      library: arguments[SharedArguments.library], order: arguments[Self.sort],
      isDescending: arguments[Self.order] == .descending)
  }
}
