package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl libraries list`.
package struct ListLibrariesCommand: Subcommand {
  package static let declaration = Command(
    "list", summary: "List the libraries with their counts")

  package init(_ arguments: ParsedArguments) {}

  package func run(in context: CommandContext) throws {
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
          LocalTime.shown(library.createTime), library.description ?? "",
        ])
      }
      context.output.table(table)
    }
  }
}

/// The command `figurectl libraries create`.
package struct CreateLibraryCommand: Subcommand {
  private static let name: Argument<String> = .operand("NAME", help: "What it will be called.")
  private static let description: Argument<String?> = .option(
    "description", value: "TEXT", help: "What it is for.")

  package static let declaration = Command(
    "create", summary: "Create a library", arguments: [name, description])

  private let arguments: (name: String, description: String?)

  package init(_ arguments: ParsedArguments) {
    self.arguments = (arguments[Self.name], arguments[Self.description])
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let request = FaceRequest.createLibrary(arguments.name, description: arguments.description)
    try context.answer(request, from: client) { _ in
      context.output.line("Created the library \(arguments.name).")
    }
  }
}

/// The command `figurectl libraries drop`.
package struct DropLibraryCommand: Subcommand {
  private static let name: Argument<String> = .operand("NAME", help: "Which library.")
  private static let force: Argument<Bool> = .flag(
    "force", short: "f", help: "Even if it has media: forget them with their faces and names.")

  package static let declaration = Command(
    "drop", summary: "Drop a library", discussion: "Files are not touched.",
    arguments: [name, force])

  private let arguments: (name: String, force: Bool)

  package init(_ arguments: ParsedArguments) {
    self.arguments = (arguments[Self.name], arguments[Self.force])
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    do {
      let request = FaceRequest.dropLibrary(arguments.name, force: arguments.force)
      try context.answer(request, from: client) { _ in
        context.output.line("Dropped the library \(arguments.name).")
      }
    } catch ClientError.refused(let error) where error.code == .resourceNotEmpty {
      throw CommandFailure(
        "The library \(arguments.name.printable) is not empty.",
        hint: "Add --force to forget its media, faces and names; files are not touched.")
    }
  }
}
