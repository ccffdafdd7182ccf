package import FaceClient
internal import WireProtocol

/// `figurectl clusters`
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
          Quantity.time(cluster.updateTime), cluster.cover?.uri ?? "",
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
