package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl faces`.
package struct FacesCommand {
  let path: String

  package init(path: String) { self.path = path }

  package func run(in context: CommandContext) throws {
    let image = ImageSource.file(try context.open(path))
    let client = try context.connect()
    try context.answer(.detectFaces(in: image, withAttributes: true), from: client) { result in
      let size = "\(result.imageWidth)×\(result.imageHeight) pixels"
      guard !result.faces.isEmpty else {
        return context.output.line("No face in \(path) (\(size)).")
      }
      context.output.line("\(Quantity.count(result.faces.count, "face")) in \(path) (\(size)):")
      var table = Table([
        .init("FACE", isTrailing: true), .init("BOX"), .init("CONFIDENCE", isTrailing: true),
        .init("QUALITY", isTrailing: true), .init("LOOKS"), .init("REMARKS", fit: .cutEnd),
      ])
      for (index, face) in result.faces.enumerated() {
        table.append([
          "\(index + 1)", face.boundary.geometry, Quantity.percent(face.figureConfidence),
          Quantity.percent(face.faceQuality), face.looks,
          face.foundingObstacles.map { ContactSheet.words($0).lowercased() }
            .joined(separator: ", "),
        ])
      }
      context.output.table(table)
    }
  }
}

extension CommandContext {
  /// Opens an image of the user's, which the daemon then needs no right to read.
  ///
  /// For one request only: all copies of a descriptor share one position in the file.
  func open(_ path: String) throws -> OpenFile {
    do {
      return try OpenFile(path: path)
    } catch {
      throw CommandFailure("\(error.path.printable) cannot be read: \(error.reason).")
    }
  }
}

extension Boundary {
  /// `120×140+33+57`, as X11 writes geometry.
  var geometry: String {
    let numbers = [width, height, left, top].map { Quantity.decimal($0, places: 0) }
    return "\(numbers[0])×\(numbers[1])+\(numbers[2])+\(numbers[3])"
  }
}

extension FacesCommand: Subcommand {
  package static let declaration = Command(
    "faces", summary: "Show what is found in one image, stored or not",
    discussion: "figurectl opens the file and passes it on: the daemon needs no right to read it.",
    arguments: [SharedArguments.image])

  package init(_ arguments: ParsedArguments) { self.init(path: arguments[SharedArguments.image]) }
}
