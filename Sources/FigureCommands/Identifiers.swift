package import FaceClient
package import WireProtocol

/// Identifiers in the short form in which tables show them and commands take them.
package enum Identifier {
  /// Hexadecimal digits that tables show: a clash among 10,000 people has a chance of 1 %.
  private static let shownLength = 8
  /// Shorter prefixes are more likely slips than meant.
  private static let shortestPrefix = 4
  private static let clusterPrefix = "Cluster-"

  /// The beginning of an identifier without its kind.
  package static func short(_ identifier: String) -> String {
    String(digits(identifier).prefix(shownLength))
  }

  /// Whether all of it is there, so that nothing needs to be looked up.
  package static func isWhole(_ text: String) -> Bool {
    let digits = digits(text)
    return digits.utf8.count == 36 && isPrefix(text)
  }

  /// Whether it may be the beginning of an identifier.
  package static func isPrefix(_ text: String) -> Bool {
    let digits = digits(text)
    return digits.utf8.count >= shortestPrefix && digits.allSatisfy { $0.isHexDigit || $0 == "-" }
  }

  /// Whether `text` is the beginning of `identifier`.
  package static func matches(_ text: String, _ identifier: String) -> Bool {
    isPrefix(text) && digits(identifier).hasPrefix(digits(text))
  }

  /// Without the kind, in lower case.
  private static func digits(_ identifier: String) -> String {
    let digits =
      identifier.hasPrefix(clusterPrefix)
      ? identifier.dropFirst(clusterPrefix.count) : identifier[...]
    return digits.lowercased()
  }
}

extension CommandContext {
  /// The person that the user means by an identifier, the beginning of one, or an exact name.
  package func cluster(
    _ reference: String, library: String, client: FaceClient
  ) throws -> FigureClusterMessage {
    if Identifier.isWhole(reference) {
      let identifier = reference.hasPrefix("Cluster-") ? reference : "Cluster-\(reference)"
      return try client.call(.figureCluster(identifier.lowercasedDigits)).figureCluster
    }
    var found: [FigureClusterMessage] = []
    try pages(
      from: client, { .figureClusters(library: library, nextToken: $0) }, nextToken: \.nextToken
    ) { page in
      found += page.figureClusters.filter {
        $0.name == reference || Identifier.matches(reference, $0.objectID)
      }
    }
    if found.count > 1 { throw ambiguous(reference, found) }
    guard let only = found.first else {
      throw CommandFailure(
        "There is no person “\(reference.printable)” in the library \(library.printable).",
        hint: "Give a name as it is written, or at least four digits of the ID; "
          + "“figurectl clusters” lists both.")
    }
    return only
  }

  private func ambiguous(_ reference: String, _ found: [FigureClusterMessage]) -> CommandFailure {
    let shown = found.prefix(10).map {
      "  \($0.objectID)  \(Quantity.count($0.faceCount, "face"))  \(($0.name ?? "").printable)"
    }
    let more = found.count > shown.count ? ["  and \(found.count - shown.count) more"] : []
    return CommandFailure(
      "“\(reference.printable)” may mean \(found.count) people:\n"
        + (shown + more).joined(separator: "\n"), hint: "Give more of the ID.")
  }

  /// The task that the user means by an identifier or the beginning of one.
  package func taskIdentifier(_ reference: String, client: FaceClient) throws -> String {
    if Identifier.isWhole(reference) { return reference.lowercased() }
    let found = try client.call(.tasks(count: 100)).tasks.map(\.taskID)
      .filter { Identifier.matches(reference, $0) }
    if found.count > 1 {
      throw CommandFailure(
        "“\(reference.printable)” may mean \(found.count) tasks:\n"
          + found.prefix(10).map { "  \($0)" }.joined(separator: "\n"), hint: "Give more of the ID."
      )
    }
    guard let only = found.first else {
      throw CommandFailure(
        "There is no task “\(reference.printable)”.", hint: "“figurectl tasks” lists them.")
    }
    return only
  }
}

extension String {
  /// `Cluster-` and the rest in lower case.
  fileprivate var lowercasedDigits: String {
    "Cluster-" + dropFirst("Cluster-".count).lowercased()
  }
}
