internal import FaceClient
internal import WireProtocol

/// `figurectl libraries`: list, create and drop.
package enum LibrariesCommand {
  package static func list(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.libraries, from: client) { result in
      var table = Table([
        .init("LIBRARY", fit: .cutEnd), .init("MEDIA", isTrailing: true),
        .init("FACES", isTrailing: true), .init("PEOPLE", isTrailing: true), .init("CREATED"),
        .init("DESCRIPTION", fit: .cutEnd),
      ])
      for library in result.searchLibs {
        table.append([
          library.searchLibName, Quantity.count(library.mediaTotal),
          Quantity.count(library.figureTotal), Quantity.count(library.figureClusterTotal),
          Quantity.time(library.createTime), library.description ?? "",
        ])
      }
      context.output.table(table)
    }
  }

  package static func create(
    _ name: String, description: String?, in context: CommandContext
  ) throws {
    let client = try context.connect()
    try context.answer(.createLibrary(name, description: description), from: client) { _ in
      context.output.line("Created the library \(name).")
    }
  }

  package static func drop(_ name: String, force: Bool, in context: CommandContext) throws {
    let client = try context.connect()
    do {
      try context.answer(.dropLibrary(name, force: force), from: client) { _ in
        context.output.line("Dropped the library \(name).")
      }
    } catch ClientError.refused(let error) where error.code == .resourceNotEmpty {
      throw CommandFailure(
        "The library \(name.printable) is not empty.",
        hint: "Add --force to forget its media, faces and names; files are not touched.")
    }
  }
}
