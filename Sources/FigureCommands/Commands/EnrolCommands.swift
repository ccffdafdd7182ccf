package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl enrol`.
package struct EnrolCommand {
  let name: String
  let images: [String]
  let collection: String
  let category: String?

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let libs = try client.call(.recognitionLibs()).libs
    let lib: String
    if let known = libs.first(where: { $0.libName == collection }) {
      lib = known.libID
    } else {
      lib = try client.call(.createRecognitionLib(name: collection)).libID
    }
    let entity = try client.call(.createEntity(in: lib, name: name, category: category)).entityID
    for path in images {
      try Self.addSample(.file(try context.open(path)), from: path, to: entity, client)
    }
    if context.isJSON {
      try context.json(JSONValue.object(["EntityId": .string(entity), "LibId": .string(lib)]))
    } else {
      context.output.line("\(name) is enrolled as \(entity).")
    }
  }
}

extension EnrolCommand {
  private static func addSample(
    _ image: ImageSource, from path: String, to entity: String, _ client: FaceClient
  ) throws {
    do {
      _ = try client.call(.createSample(of: entity, image: image))
    } catch {
      guard error.code == .noFace else { throw error }
      throw CommandFailure("There is no face in \(path.printable).")
    }
  }
}

extension EnrolCommand: Subcommand {
  private static let name: Argument<String> = .operand("NAME", help: "The person's name.")
  private static let images: Argument<[String]> = .operands(
    "IMAGE", help: "Pictures; of each, the largest face is taken.", completion: .file)
  private static let collection: Argument<String> = .option(
    "collection", value: "NAME", default: "people", help: "Where the person is enrolled.")
  private static let category: Argument<String?> = .option(
    "category", value: "WORD",
    help: "celebrity, sensitive, politician, custom or unknown; custom otherwise.")

  package static let declaration = Command(
    "enrol", summary: "Enrol a person by pictures",
    discussion: "Of each picture only the face's embedding is kept.",
    arguments: [name, images, collection, category],
    examples: [.init("figurectl enrol \"Ada Lovelace\" ada.jpg", "Know her in all libraries.")])

  package init(_ arguments: ParsedArguments) {
    name = arguments[Self.name]
    images = arguments[Self.images]
    collection = arguments[Self.collection]
    category = arguments[Self.category]
  }
}

/// The command `figurectl recognise`.
package struct RecogniseCommand {
  let path: String
  let library: String

  package func run(in context: CommandContext) throws {
    let file = try context.open(path)
    let client = try context.connect()
    try context.answer(.recognizeFaces(in: .file(file), library: library), from: client) {
      result in
      var table = Table([
        .init("FACE", isTrailing: true), .init("BOX"), .init("WHO", fit: .cutEnd),
        .init("CATEGORY"), .init("PROBABILITY", isTrailing: true),
      ])
      for (index, face) in result.faces.enumerated() {
        table.append([
          "\(index + 1)", face.boundary.geometry, face.labelName ?? "(unknown)", face.category,
          face.score.map(Quantity.percent) ?? "",
        ])
      }
      if table.isEmpty {
        context.output.note("There is no face in \(path.printable).")
      } else {
        context.output.table(table)
      }
    }
  }
}

extension RecogniseCommand: Subcommand {
  package static let declaration = Command(
    "recognise", summary: "Tell which enrolled people are in an image",
    arguments: [SharedArguments.image, SharedArguments.library],
    examples: [.init("figurectl recognise visitor.jpg", "Is it somebody who is enrolled?")])

  package init(_ arguments: ParsedArguments) {
    path = arguments[SharedArguments.image]
    library = arguments[SharedArguments.library]
  }
}
