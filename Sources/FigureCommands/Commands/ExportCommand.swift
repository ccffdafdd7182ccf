package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl export figures`: one JSON object a line, whatever `--json` says.
package struct ExportCommand {
  let library: String
  let withEmbeddings: Bool

  package init(library: String, withEmbeddings: Bool) {
    self.library = library
    self.withEmbeddings = withEmbeddings
  }

  /// One figure, as the lines have it; part of the contract with scripts.
  private struct Line: Encodable {
    let figure: FigureMessage

    enum CodingKeys: String, CodingKey {
      case mediaID = "MediaId"
      case inputURL = "InputURL"
      case figureID = "FigureId"
      case boundary = "Boundary"
      case figureConfidence = "FigureConfidence"
      case faceQuality = "FaceQuality"
      case figureClusterID = "FigureClusterId"
      case embedding = "Embedding"
      case modelFingerprint = "ModelFingerprint"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(figure.mediaID, forKey: .mediaID)
      try container.encode(figure.inputURL, forKey: .inputURL)
      try container.encode(figure.figureID, forKey: .figureID)
      try container.encode(figure.boundary, forKey: .boundary)
      try container.encode(figure.figureConfidence, forKey: .figureConfidence)
      try container.encode(figure.faceQuality, forKey: .faceQuality)
      // Null while the face waits, so that every line has the same members.
      try container.encode(figure.figureClusterID, forKey: .figureClusterID)
      try container.encodeIfPresent(figure.embedding, forKey: .embedding)
      try container.encodeIfPresent(figure.modelFingerprint, forKey: .modelFingerprint)
    }
  }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.pages(
      from: client,
      {
        .figures(
          of: .library(library), withEmbeddings: withEmbeddings,
          pageSize: withEmbeddings ? 100 : 500, nextToken: $0)
      }, nextToken: \.nextToken
    ) { page in
      var lines: [UInt8] = []
      for figure in page.figures { lines += try LineCodec.encode(Line(figure: figure)) }
      context.output.bytes(lines)
    }
  }
}

extension ExportCommand: Subcommand {
  private static let embeddings: Argument<Bool> = .flag(
    "embeddings", help: "With each face's embedding and the fingerprint of its model.")

  package static let declaration = Command(
    "figures", summary: "Write every face of a library as one JSON object a line",
    discussion: "Members: MediaId, InputURL, FigureId, Boundary, FigureConfidence, FaceQuality, "
      + "FigureClusterId (null while the face waits), Embedding, ModelFingerprint.",
    arguments: [SharedArguments.library, embeddings],
    examples: [
      .init(
        "figurectl export figures | jq -r 'select(.FigureClusterId == null) | .InputURL'",
        "The media with faces that are in no cluster yet.")
    ])

  package init(_ arguments: ParsedArguments) {
    self.init(
      library: arguments[SharedArguments.library], withEmbeddings: arguments[Self.embeddings])
  }
}
