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
  ///
  /// Somebody who was merged into another is that other now, which is said beside the result.
  package func cluster(
    _ reference: String, library: String, followingMergers: Bool = true, client: FaceClient
  ) throws -> FigureClusterMessage {
    try clusters(
      [reference], library: library, followingMergers: followingMergers, client: client)[0]
  }

  /// The people that the user means, each once, in the order in which they were named.
  package func clusters(
    _ references: [String], library: String, followingMergers: Bool = true, client: FaceClient
  ) throws -> [FigureClusterMessage] {
    let everybody =
      try references.allSatisfy(Identifier.isWhole) ? [] : allClusters(of: library, client)
    var found: [FigureClusterMessage] = []
    for reference in references {
      var cluster = try self.cluster(reference, among: everybody, library: library, client: client)
      if followingMergers { cluster = try heir(of: cluster, client) }
      if !found.contains(where: { $0.objectID == cluster.objectID }) { found.append(cluster) }
    }
    return found
  }

  private func cluster(
    _ reference: String, among everybody: [FigureClusterMessage], library: String,
    client: FaceClient
  ) throws -> FigureClusterMessage {
    if Identifier.isWhole(reference) {
      let identifier = reference.hasPrefix("Cluster-") ? reference : "Cluster-\(reference)"
      return try client.call(.figureCluster(identifier.lowercasedDigits)).figureCluster
    }
    let found = everybody.filter {
      $0.name == reference || Identifier.matches(reference, $0.objectID)
    }
    if found.count > 1 { throw ambiguous(reference, found) }
    if let only = found.first { return only }
    if let merged = try mergedCluster(reference, library: library, client) { return merged }
    throw CommandFailure(
      "There is no person “\(reference.printable)” in the library \(library.printable).",
      hint: "Give a name as it is written, or at least four digits of the ID; "
        + "“figurectl clusters” lists both.")
  }

  private func allClusters(
    of library: String, _ client: FaceClient
  ) throws -> [FigureClusterMessage] {
    var all: [FigureClusterMessage] = []
    try pages(
      from: client, { .figureClusters(library: library, includesIgnored: true, nextToken: $0) },
      nextToken: \.nextToken
    ) { all += $0.figureClusters }
    return all
  }

  /// Somebody who is listed no longer because of a merger, found by the log.
  private func mergedCluster(
    _ reference: String, library: String, _ client: FaceClient
  ) throws -> FigureClusterMessage? {
    guard Identifier.isPrefix(reference) else { return nil }
    func isMeant(_ change: IdentityEventMessage.ClusterChange) -> Bool {
      change.change == "Merged" && Identifier.matches(reference, change.objectID)
    }
    let merger = try firstEvent(library: library, byUsersOnly: true, client: client) {
      $0.reversedBy == nil && $0.clusters.contains(where: isMeant)
    }
    guard let identifier = merger?.clusters.first(where: isMeant)?.objectID else { return nil }
    return try client.call(.figureClusters([identifier])).figureClusters.first
  }

  /// Whom a person was merged into, if anybody.
  private func heir(
    of cluster: FigureClusterMessage, _ client: FaceClient
  ) throws -> FigureClusterMessage {
    var cluster = cluster
    // Mergers cannot run in a circle, but a loop must end whatever the daemon says.
    var followed: Set<String> = []
    while let next = cluster.mergedInto, followed.insert(next).inserted {
      let heir = try client.call(.figureCluster(next)).figureCluster
      output.note("\(cluster.shown.capitalizedFirst) was merged into \(heir.shown).")
      cluster = heir
    }
    return cluster
  }

  /// The faces that the user means by identifiers or the beginnings of them, each once.
  ///
  /// - Parameters:
  ///   - references: of faces.
  ///   - scope: where beginnings are looked up.
  ///   - client: whom to ask.
  /// - Returns: their FigureIds, in the order in which they were named.
  /// - Throws: ``CommandFailure`` for one that may mean no face, or several.
  package func figures(
    _ references: [String], of scope: FigureScope, client: FaceClient
  ) throws -> [String] {
    var candidates: [String: [String]] = [:]
    let parts = references.filter { !Identifier.isWhole($0) }
    if !parts.isEmpty {
      try pages(
        from: client, { .figures(of: scope, pageSize: 500, nextToken: $0) },
        nextToken: \.nextToken
      ) { page in
        for identifier in page.figures.compactMap(\.figureID) {
          for part in parts where Identifier.matches(part, identifier) {
            candidates[part, default: []].append(identifier)
          }
        }
      }
    }
    var found: [String] = []
    for reference in references {
      let identifier = try one(
        reference,
        of: Identifier.isWhole(reference)
          ? [reference.lowercased()]
          : candidates[reference] ?? [], called: "face", plural: "faces",
        hint: "“figurectl cluster PERSON” lists a person's faces.")
      if !found.contains(identifier) { found.append(identifier) }
    }
    return found
  }

  /// The only one of `candidates`.
  private func one(
    _ reference: String, of candidates: [String], called noun: String, plural: String, hint: String
  ) throws -> String {
    if candidates.count > 1 {
      throw CommandFailure(
        "“\(reference.printable)” may mean \(candidates.count) \(plural):\n"
          + candidates.prefix(10).map { "  \($0)" }.joined(separator: "\n"),
        hint: "Give more of the ID.")
    }
    guard let only = candidates.first else {
      throw CommandFailure("There is no \(noun) “\(reference.printable)” here.", hint: hint)
    }
    return only
  }

  /// The event of the log that the user means by an identifier or the beginning of one.
  package func event(
    _ reference: String, library: String, client: FaceClient
  ) throws -> IdentityEventMessage {
    if Identifier.isWhole(reference) {
      return try client.call(.identityEvent(reference.lowercased())).event
    }
    var found: [IdentityEventMessage] = []
    try pages(
      from: client, { .identityEvents(of: .library(library), pageSize: 100, nextToken: $0) },
      nextToken: \.nextToken
    ) { found += $0.events.filter { Identifier.matches(reference, $0.eventID) } }
    let identifier = try one(
      reference, of: found.map(\.eventID), called: "event", plural: "events",
      hint: "“figurectl history” lists them.")
    return found.first { $0.eventID == identifier } ?? found[0]
  }

  /// The latest event of a library that fulfils a condition.
  func firstEvent(
    library: String, byUsersOnly: Bool, client: FaceClient,
    where condition: (IdentityEventMessage) -> Bool
  ) throws -> IdentityEventMessage? {
    var token: String?
    repeat {
      let page = try client.call(
        .identityEvents(
          of: .library(library), byUsersOnly: byUsersOnly, pageSize: 100, nextToken: token))
      if let found = page.events.first(where: condition) { return found }
      token = page.nextToken
    } while token != nil
    return nil
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
    return try one(
      reference, of: found, called: "task", plural: "tasks", hint: "“figurectl tasks” lists them.")
  }
}

extension String {
  /// `Cluster-` and the rest in lower case.
  fileprivate var lowercasedDigits: String {
    "Cluster-" + dropFirst("Cluster-".count).lowercased()
  }
}
