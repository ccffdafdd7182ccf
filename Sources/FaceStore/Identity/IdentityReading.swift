public import FaceTypes

/// Which entries of the identity log are wanted.
public struct IdentityEventQuery: Hashable, Sendable {
  public var library: LibraryID
  /// Only what concerned this figure.
  public var figure: FigureID?
  /// Only what concerned this cluster: its own data, or figures that came or went.
  public var cluster: ClusterID?
  public var created: TimestampRange
  /// Leaves out the machine's own decisions.
  public var byUsersOnly: Bool

  public init(
    library: LibraryID, figure: FigureID? = nil, cluster: ClusterID? = nil,
    created: TimestampRange = TimestampRange(), byUsersOnly: Bool = false
  ) {
    self.library = library
    self.figure = figure
    self.cluster = cluster
    self.created = created
    self.byUsersOnly = byUsersOnly
  }
}

extension Snapshot {
  private static let eventColumns: SQL = """
    identity_events.id, identity_events.public_id, identity_events.library, identity_events.kind,
    identity_events.requested_by, identity_events.reverses, identity_events.reversed_by,
    identity_events.created
    """

  /// Finds an event by its row.
  public final func identityEvent(
    _ id: IdentityEventID
  ) throws(StoreError) -> IdentityEventRecord? {
    try event(where: "identity_events.id = \(id)")
  }

  /// Finds an event by the name that clients know it by.
  public final func identityEvent(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> IdentityEventRecord? {
    try event(where: "identity_events.public_id = \(identifier)")
  }

  private final func event(where condition: SQL) throws(StoreError) -> IdentityEventRecord? {
    try firstRow("SELECT \(Self.eventColumns) FROM identity_events WHERE \(condition)") {
      row throws(StoreError) in try Self.event(&row)
    }
  }

  /// A part of the log, latest first.
  public final func identityEvents(
    _ query: IdentityEventQuery, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<IdentityEventRecord> {
    var conditions: [SQL] = ["identity_events.library = \(query.library)"]
    if let figure = query.figure {
      conditions.append(
        """
        (identity_events.id IN (SELECT event FROM identity_placements WHERE figure = \(figure))
          OR identity_events.id IN (SELECT event FROM identity_statements
            WHERE figure = \(figure) OR other_figure = \(figure)))
        """)
    }
    if let cluster = query.cluster {
      conditions.append(
        """
        (identity_events.id IN (SELECT event FROM identity_clusters WHERE cluster = \(cluster))
          OR EXISTS (SELECT 1 FROM identity_placements WHERE event = identity_events.id
            AND (cluster_before = \(cluster) OR cluster_after = \(cluster))
            AND cluster_before IS NOT cluster_after))
        """)
    }
    if query.byUsersOnly { conditions.append("identity_events.requested_by IS NOT NULL") }
    conditions += query.created.conditions(on: "identity_events.created")
    return try page(
      PagedQuery(
        columns: Self.eventColumns, source: "identity_events", conditions: conditions, key: nil,
        id: "identity_events.id", sortCode: 96, order: .descending),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.event(&row) }
  }

  /// Everything that an event did.
  public final func effects(of event: IdentityEventID) throws(StoreError) -> IdentityEffects {
    var effects = IdentityEffects()
    effects.placements = try rows(
      """
      SELECT figure, cluster_before, confidence_before, reason_before, cluster_after,
        confidence_after, reason_after
      FROM identity_placements WHERE event = \(event) ORDER BY figure
      """
    ) { row in
      PlacementChange(figure: row.id(), before: row.placement(), after: row.placement())
    }
    effects.clusters = try rows(
      """
      SELECT cluster, before, after FROM identity_clusters WHERE event = \(event) ORDER BY cluster
      """
    ) { row throws(StoreError) in
      let cluster: ClusterID = row.id()
      let (before, after) = (row.optionalText(), row.optionalText())
      var change: (before: ClusterIdentity?, after: ClusterIdentity?)
      if let before { change.before = try ClusterIdentity(json: before) }
      if let after { change.after = try ClusterIdentity(json: after) }
      return ClusterIdentityChange(
        cluster: cluster, before: change.before, after: change.after)
    }
    effects.statements = try rows(
      """
      SELECT is_added, kind, figure, other_figure, cluster FROM identity_statements
      WHERE event = \(event) ORDER BY id
      """
    ) { row throws(StoreError) in
      let isAdded = row.bool()
      return StatementChange(statement: try IdentityStatement(&row), isAdded: isAdded)
    }
    return effects
  }

  /// Where a figure is.
  final func placement(of figure: FigureID) throws(StoreError) -> FigurePlacement? {
    try firstRow(
      "SELECT cluster, cluster_confidence, waiting_reason FROM figures WHERE id = \(figure)"
    ) { $0.placement() }
  }

  private static func event(_ row: inout Row) throws(StoreError) -> IdentityEventRecord {
    IdentityEventRecord(
      id: row.id(), publicID: try row.publicID(), library: row.id(), kind: try row.choice(),
      requestedBy: row.optionalInteger().map { UInt32(truncatingIfNeeded: $0) },
      reverses: row.optionalID(), reversedBy: row.optionalID(), created: row.timestamp())
  }
}

extension Row {
  /// Cluster, confidence and reason.
  fileprivate mutating func placement() -> FigurePlacement {
    FigurePlacement(
      cluster: optionalID(), confidence: optionalDouble().map { Float($0) },
      waitingReason: optionalText())
  }
}

extension IdentityEventID: SQLConvertible {}
