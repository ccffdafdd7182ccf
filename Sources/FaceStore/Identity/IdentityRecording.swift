public import FaceTypes

/// The event that a transaction's changes of identity belong to.
struct OpenIdentityEvent {
  let kind: IdentityEventKind
  let library: LibraryID
  let requestedBy: UInt32?
  let reverses: IdentityEventID?
  /// `nil` until there is something to record.
  var id: IdentityEventID?
}

extension Transaction {
  /// Says what the transaction's changes of identity in `library` are to be recorded as; changes
  /// that nothing was said of are the machine's own.
  ///
  /// The event is written with the first change, so that what changes nothing leaves no trace.
  ///
  /// - Parameters:
  ///   - kind: what is being done.
  ///   - library: where.
  ///   - requestedBy: the user id of who asked; `nil` for the machine.
  public func beginIdentityEvent(
    _ kind: IdentityEventKind, in library: LibraryID, requestedBy: UInt32?
  ) {
    openEvent = OpenIdentityEvent(
      kind: kind, library: library, requestedBy: requestedBy, reverses: nil)
  }

  /// The event that was recorded, if anything has changed.
  public func recordedIdentityEvent() throws(StoreError) -> IdentityEventRecord? {
    guard let id = openEvent?.id else { return nil }
    return try identityEvent(id)
  }

  /// The row of the open event of `library`, inserted if it is not there yet.
  private func eventRow(in library: LibraryID) throws(StoreError) -> IdentityEventID {
    if let open = openEvent, open.library == library, let id = open.id { return id }
    if openEvent?.library != library {
      openEvent = OpenIdentityEvent(
        kind: .clustering, library: library, requestedBy: nil, reverses: nil)
    }
    guard let open = openEvent else { preconditionFailure("an event was just opened") }
    let key = try insert(
      """
      INSERT INTO identity_events(public_id, library, kind, requested_by, reverses, created)
      VALUES (\(PublicIdentifier.random()), \(library), \(open.kind.rawValue),
        \(open.requestedBy), \(open.reverses), \(now))
      """)
    guard let key else { throw .damaged("a random identifier that is there already") }
    let id = IdentityEventID(rawValue: key)
    openEvent?.id = id
    return id
  }

  /// Records where figures are about to go; those that stay as they are are left out.
  ///
  /// - Parameters:
  ///   - condition: on the table `figures`: which ones.
  ///   - library: theirs.
  ///   - placement: three values: cluster, confidence and reason after the change; they may name
  ///     columns of `figures`.
  /// - Throws: ``StoreError``.
  func recordPlacements(
    where condition: SQL, in library: LibraryID, after placement: SQL
  ) throws(StoreError) {
    let changing: SQL = """
      (\(condition))
        AND (cluster, cluster_confidence, waiting_reason) IS NOT (\(placement))
      """
    guard try integer("SELECT 1 FROM figures WHERE \(changing) LIMIT 1") != nil else { return }
    let event = try eventRow(in: library)
    try execute(
      """
      INSERT INTO identity_placements(event, figure, cluster_before, confidence_before,
        reason_before, cluster_after, confidence_after, reason_after)
      SELECT \(event), id, cluster, cluster_confidence, waiting_reason, \(placement)
      FROM figures WHERE \(changing)
      ON CONFLICT (event, figure) DO UPDATE SET cluster_after = excluded.cluster_after,
        confidence_after = excluded.confidence_after, reason_after = excluded.reason_after
      """)
  }

  /// Records what became of a cluster.
  func record(
    _ cluster: ClusterID, in library: LibraryID, before: ClusterIdentity?, after: ClusterIdentity?
  ) throws(StoreError) {
    guard before != after else { return }
    let event = try eventRow(in: library)
    try execute(
      """
      INSERT INTO identity_clusters(event, cluster, before, after)
      VALUES (\(event), \(cluster), \(before?.json), \(after?.json))
      ON CONFLICT (event, cluster) DO UPDATE SET after = excluded.after
      """)
  }

  /// Records that a statement was made or taken back.
  func record(
    _ statement: IdentityStatement, isAdded: Bool, in library: LibraryID
  ) throws(StoreError) {
    let event = try eventRow(in: library)
    try execute(
      """
      INSERT INTO identity_statements(event, is_added, kind, figure, other_figure, cluster)
      VALUES (\(event), \(isAdded), \(statement.kind), \(statement.figure),
        \(statement.otherFigure), \(statement.cluster))
      """)
  }

  /// Erases the log of a library: what was done can no longer be undone, nor looked up; what holds
  /// now goes on holding.
  ///
  /// - Parameters:
  ///   - library: whose log.
  ///   - date: events before it are erased; `nil` erases all.
  /// - Returns: how many events there were.
  /// - Throws: ``StoreError``.
  public func eraseIdentityEvents(
    in library: LibraryID, before date: Timestamp?
  ) throws(StoreError) -> Int {
    let count = try execute(
      """
      DELETE FROM identity_events WHERE library = \(library)
        AND created < \(date ?? Timestamp(milliseconds: .max))
      """)
    erasedRows += count
    // From then on the log can tell how things were.
    let start = max(
      try identityLogStart(in: library) ?? Timestamp(milliseconds: 0), min(date ?? now, now))
    try setLibraryValue(Self.identityLogStartName, "\(start.milliseconds)", of: library)
    return count
  }
}
