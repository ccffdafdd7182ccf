internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension PublicIdentifier {
  /// An event of the identity log: a UUID.
  var asEvent: String { uuid }
}

extension Parameters {
  func eventID(_ name: String) throws(WireError) -> PublicIdentifier? {
    guard let text = try string(name, limit: 128) else { return nil }
    guard let identifier = PublicIdentifier(text) else {
      throw invalid(name, "an EventId: a UUID")
    }
    return identifier
  }
}

extension Snapshot {
  /// An event of the identity log, with what it did.
  ///
  /// - Parameters:
  ///   - event: of the log.
  ///   - withFigures: lists every face that went to another cluster.
  /// - Returns: the message.
  /// - Throws: ``StoreError``.
  func message(
    _ event: IdentityEventRecord, withFigures: Bool
  ) throws -> IdentityEventMessage {
    let effects = try effects(of: event.id)
    let moves = effects.placements.filter { $0.before.cluster != $0.after.cluster }
    var gained: [ClusterID: Int] = [:]
    var lost: [ClusterID: Int] = [:]
    for move in moves {
      if let from = move.before.cluster { lost[from, default: 0] += 1 }
      if let to = move.after.cluster { gained[to, default: 0] += 1 }
    }
    let changes = Dictionary(uniqueKeysWithValues: effects.clusters.map { ($0.cluster, $0) })
    var names = ClusterNames(self)
    for change in effects.clusters {
      names.learn(change.cluster, (change.after ?? change.before)?.publicID)
    }
    let concerned = Set(changes.keys).union(gained.keys).union(lost.keys)
    let clusters = try concerned.sorted().compactMap { id -> IdentityEventMessage.ClusterChange? in
      guard let objectID = try names[id] else { return nil }
      let change = changes[id]
      return IdentityEventMessage.ClusterChange(
        change: try Self.word(for: change), objectID: objectID,
        nameBefore: change?.before?.name != change?.after?.name ? change?.before?.name : nil,
        name: try change.map { ($0.after ?? $0.before)?.name } ?? cluster(id)?.name,
        fields: change.flatMap(Self.changedFields),
        figuresGained: gained[id] ?? 0, figuresLost: lost[id] ?? 0,
        mergedInto: try change?.after?.mergedInto.flatMap { try names[$0] })
    }
    return IdentityEventMessage(
      eventID: event.publicID.asEvent, kind: event.kind.rawValue, time: event.created.iso8601,
      requestedBy: event.requestedBy,
      reverses: try event.reverses.flatMap { try identityEvent($0)?.publicID.asEvent },
      reversedBy: try event.reversedBy.flatMap { try identityEvent($0)?.publicID.asEvent },
      figuresMoved: moves.count,
      statementsMade: effects.statements.reduce(0) { $0 + ($1.isAdded ? 1 : -1) },
      clusters: clusters,
      figures: withFigures
        ? try moves.compactMap { move in
          guard let figure = try figure(move.figure) else { return nil }
          return IdentityEventMessage.FigureMove(
            figureID: figure.publicID.asFigure,
            from: try move.before.cluster.flatMap { try names[$0] },
            to: try move.after.cluster.flatMap { try names[$0] })
        } : nil)
  }

  /// What a user changed of a cluster beside its name; `nil` for nothing.
  private static func changedFields(_ change: ClusterIdentityChange) -> [String]? {
    guard let before = change.before, let after = change.after else { return nil }
    let fields = [
      ("CustomId", before.customID != after.customID),
      ("CustomLabels", before.customLabels != after.customLabels),
      // A cover that went with its face is not a user's change.
      ("Cover", before.cover != after.cover && before.mergedInto == after.mergedInto),
      ("Hidden", before.isHidden != after.isHidden),
      ("Favourite", before.isFavourite != after.isFavourite),
      ("Ignored", before.isIgnored != after.isIgnored),
      ("Confirmed", before.isConfirmed != after.isConfirmed),
      ("BirthDate", before.birthDate != after.birthDate),
      ("EntityId", before.entity != after.entity),
    ].filter(\.1).map(\.0)
    return fields.isEmpty ? nil : fields
  }

  private static func word(for change: ClusterIdentityChange?) throws -> String {
    switch (change?.before, change?.after) {
    case (nil, nil): "Kept"
    case (nil, .some): "Created"
    case (.some, nil): "Ended"
    case (let before?, let after?) where before.mergedInto == nil && after.mergedInto != nil:
      "Merged"
    case (let before?, let after?) where before.mergedInto != nil && after.mergedInto == nil:
      "Restored"
    default: "Changed"
    }
  }
}

/// The public names of clusters, also of those that are no more.
private struct ClusterNames {
  private let snapshot: Snapshot
  private var known: [ClusterID: String] = [:]

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  mutating func learn(_ cluster: ClusterID, _ publicID: PublicIdentifier?) {
    known[cluster] = publicID?.asCluster
  }

  subscript(cluster: ClusterID) -> String? {
    mutating get throws {
      if let name = known[cluster] { return name }
      known[cluster] = try snapshot.cluster(cluster)?.publicID.asCluster
      return known[cluster]
    }
  }
}
