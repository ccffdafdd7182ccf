package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl version`: of this program, and of the daemon if it answers.
package struct VersionCommand {
  package init() {}

  private struct Versions: Encodable {
    let figurectl: String
    let figured: String?
    let protocolVersion: String?

    enum CodingKeys: String, CodingKey {
      case figurectl, figured
      case protocolVersion = "protocol"
    }
  }

  package func run(in context: CommandContext) throws {
    let hello = try? context.connect().hello
    let versions = Versions(
      figurectl: FigureProgram.version, figured: hello?.version,
      protocolVersion: hello?.protocolVersion)
    if context.isJSON { return try context.json(versions) }
    context.output.line("figurectl \(versions.figurectl), protocol \(FaceClient.protocolVersion)")
    if let hello {
      context.output.line(
        "\(hello.product) \(hello.version), protocol \(hello.protocolVersion), "
          + "at \(context.socketPath)")
    } else {
      context.output.note("No daemon answers at \(context.socketPath).")
    }
  }
}

extension VersionCommand: Subcommand {
  package static let declaration = Command(
    "version", summary: "Show the versions of figurectl and of the daemon")

  package init(_ arguments: ParsedArguments) { self.init() }
}
