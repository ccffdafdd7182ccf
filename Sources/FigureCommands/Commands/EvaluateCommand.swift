package import CommandLineParsing
internal import FaceClient
internal import FoundationEssentials
internal import WireProtocol

/// The command `figurectl evaluate`: how well a library's people agree with what is known of them.
package struct EvaluateCommand {
  let library: String
  let labelsPath: String

  private struct Outcome: Encodable {
    let sure: LabelledFaces.Agreement
    let best: LabelledFaces.Agreement
    let unknownPhotographs: Int
    let differingPhotographs: Int

    enum CodingKeys: String, CodingKey {
      case sure = "OnePersonPhotographs"
      case best = "AllPhotographs"
      case unknownPhotographs = "UnknownPhotographs"
      case differingPhotographs = "DifferingPhotographs"
    }
  }

  package func run(in context: CommandContext) throws {
    let labels = try PeopleLabels(Self.bytes(of: labelsPath))
    let client = try context.connect()
    var clusters: [String: [String?]] = [:]
    try context.pages(
      from: client, { .figures(of: .library(library), pageSize: 500, nextToken: $0) },
      nextToken: \.nextToken
    ) { page in
      for figure in page.figures {
        clusters[figure.inputURL?.shownPath ?? "", default: []].append(figure.figureClusterID)
      }
    }
    let faces = LabelledFaces(clusters.map { ($0.key, $0.value) }, labels)
    let outcome = Outcome(
      sure: faces.sureAgreement, best: faces.bestAgreement,
      unknownPhotographs: faces.unknownPhotographs,
      differingPhotographs: faces.differingPhotographs)
    if context.isJSON { return try context.json(outcome) }
    show(outcome, context.output)
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw CommandFailure("Cannot read \(path.printable).")
    }
  }

  private func show(_ outcome: Outcome, _ output: Output) {
    var table = Table([
      .init("PHOTOGRAPHS"), .init("FACES", isTrailing: true), .init("PEOPLE", isTrailing: true),
      .init("CLUSTERS", isTrailing: true), .init("BY"), .init("PRECISION", isTrailing: true),
      .init("RECALL", isTrailing: true), .init("F", isTrailing: true),
    ])
    func rows(_ title: String, _ agreement: LabelledFaces.Agreement) {
      let counts = [agreement.faces, agreement.people, agreement.clusters].map {
        Quantity.count($0)
      }
      for (measure, shares) in [("face", agreement.bCubed), ("pair", agreement.pairwise)] {
        let isFirst = measure == "face"
        table.append(
          [isFirst ? title : ""] + (isFirst ? counts : ["", "", ""]) + [measure]
            + [shares.precision, shares.recall, shares.f].map { Quantity.decimal($0, places: 4) })
      }
    }
    rows("of one person", outcome.sure)
    if outcome.best.faces > outcome.sure.faces { rows("all, at best", outcome.best) }
    output.table(table)
    if outcome.best.faces > outcome.sure.faces {
      output.remark(
        "Which face of a group is whose is not in the labels: “at best” deals them out in the "
          + "clusters' favour.")
    }
    if outcome.unknownPhotographs > 0 {
      output.remark(
        "\(Quantity.count(outcome.unknownPhotographs, "labelled photograph")) left out: not in "
          + "the library, or in it more than once.")
    }
    if outcome.differingPhotographs > 0 {
      output.remark(
        "\(Quantity.count(outcome.differingPhotographs, "photograph")) left out: not as many "
          + "faces as people.")
    }
  }
}

extension EvaluateCommand: Subcommand {
  private static let labels: Argument<String> = .requiredOption(
    "labels", value: "FILE", help: "JSON {path: [person, …]}, or CSV with lines path,person.",
    completion: .file)

  package static let declaration = Command(
    "evaluate", summary: "Measure a library's people against what is known of them",
    discussion: "Precision is how pure clusters are, recall how whole people are, F their harmonic "
      + "mean; by face is BCubed, by pair counts pairs of faces. A path may be the end of "
      + "one. A face that waits counts as a cluster of its own.",
    arguments: [SharedArguments.library, labels],
    examples: [.init("figurectl evaluate --labels labels.csv", "How good is it on my photographs?")]
  )

  package init(_ arguments: ParsedArguments) {
    self.init(
      library: arguments[SharedArguments.library], labelsPath: arguments[Self.labels])
  }
}
