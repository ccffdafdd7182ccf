package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl people export`.
package struct ExportPeopleCommand {
  private let path: String
  private let library: String
  private let mayReplace: Bool

  private struct Outcome: Encodable {
    let output: String
    let people: Int
    let faces: Int
    let statements: Int

    enum CodingKeys: String, CodingKey {
      case output = "Output"
      case people = "People"
      case faces = "Faces"
      case statements = "Statements"
    }
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    var file = try AtomicFile(path: path, mayReplace: mayReplace)
    var (people, faces, statements) = (0, 0, 0)
    try context.pages(
      from: client, { .exportPeople(library: library, nextToken: $0) }, nextToken: \.nextToken
    ) { page in
      for record in page.people {
        try file.write(String(decoding: try LineCodec.encode(record), as: UTF8.self))
        switch record.kind {
        case .person: people += 1
        case .face:
          faces += 1
          if record.isConfirmed == true { statements += 1 }
        default: statements += 1
        }
      }
    }
    try file.commit()
    if context.isJSON {
      return try context.json(
        Outcome(output: path, people: people, faces: faces, statements: statements))
    }
    context.output.line(
      "Wrote \(path): \(Quantity.people(people)), \(Quantity.count(faces, "face")), "
        + "\(Quantity.count(statements, "statement")).")
  }
}

/// The command `figurectl people import`.
package struct ImportPeopleCommand {
  private let path: String
  private let options: CurationOptions

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let file = try OpenFile(path: path)
    let request = FaceRequest.importPeople(
      from: file, library: options.library, isRehearsal: options.isRehearsal)
    try context.answer(request, from: client) { result in
      show(result, context.output)
    }
  }

  private func show(_ result: ImportPeopleResult, _ output: Output) {
    let isRehearsal = result.change.dryRun == true
    let moved = result.change.event?.figuresMoved ?? 0
    output.paragraph(
      (isRehearsal ? "Dry run, nothing has changed. It would find " : "Found ")
        + "\(Quantity.people(result.peopleReused + result.peopleCreated)) "
        + "(\(Quantity.count(result.peopleCreated)) new) and "
        + "\(Quantity.count(result.facesMatched)) of \(Quantity.count(result.faces, "face")); "
        + "\(Quantity.count(moved)) moved.")
    if !result.peopleNotFound.isEmpty {
      output.remark("No face of these is here: \(result.peopleNotFound.joined(separator: ", ")).")
    }
    for name in result.namesKept {
      output.remark("“\(name.name)” keeps the name; the file has “\(name.nameInFile)”.")
    }
    if result.statementsRefused > 0 {
      output.remark(
        "\(Quantity.count(result.statementsRefused, "statement")) left out, since they "
          + "contradict what was said here:")
      for refusal in result.refusals {
        output.note("  face \(Identifier.short(refusal.figureID)): \(refusal.reason)")
      }
    }
    if let undo = result.change.undoID { output.line("Undo: figurectl undo \(undo)") }
  }
}

extension ExportPeopleCommand: Subcommand {
  private static let file: Argument<String> = .operand(
    "FILE", help: "The file to write.", completion: .file)
  private static let force: Argument<Bool> = .flag(
    "force", short: "f", help: "Replace a file of that name.")

  package static let declaration = Command(
    "export", summary: "Write who is who to a file, for this library or another one",
    discussion: "One JSON object a line, described in PROTOCOL.md under ExportPeople. Faces stand "
      + "in it by their photograph's SHA-256 and their place in it, so that the file outlives the "
      + "database and the model. It holds names and is readable for you alone.",
    arguments: [file, force, SharedArguments.library])

  package init(_ arguments: ParsedArguments) {
    path = arguments[Self.file]
    mayReplace = arguments[Self.force]
    library = arguments[SharedArguments.library]
  }
}

extension ImportPeopleCommand: Subcommand {
  private static let file: Argument<String> = .operand(
    "FILE", help: "A file of “figurectl people export”.", completion: .file)

  package static let declaration = Command(
    "import", summary: "Bring people of a file into a library that has their photographs",
    discussion: "What was said in this library stands; what contradicts it is left out and "
      + "reported. It is one change, which can be tried and undone.",
    arguments: [file, SharedArguments.library, CurationOptions.dryRun],
    examples: [.init("figurectl people import people.jsonl --dry-run", "What would it bring?")])

  package init(_ arguments: ParsedArguments) {
    path = arguments[Self.file]
    options = CurationOptions(arguments)
  }
}
