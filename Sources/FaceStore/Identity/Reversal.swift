public import FaceTypes

/// What taking an event back has changed, for whoever keeps the faces in memory.
public struct IdentityReversal: Hashable, Sendable {
  /// Where figures are now that were moved.
  public var placements: [FigureID: ClusterID?] = [:]
  /// Clusters that came back or were changed, in ascending order.
  public var clusters: [ClusterID] = []
  public var stated: [IdentityStatement] = []
  public var retracted: [IdentityStatement] = []
  /// How much of the event stays, because something later changed it again.
  public var keptCount = 0

  public init() {}

  // What an event both made and took back comes and goes again; it is in neither list then.

  fileprivate mutating func noteStated(_ statement: IdentityStatement) {
    if let earlier = retracted.firstIndex(of: statement) {
      retracted.remove(at: earlier)
    } else {
      stated.append(statement)
    }
  }

  fileprivate mutating func noteRetracted(_ statement: IdentityStatement) {
    if let earlier = stated.firstIndex(of: statement) {
      stated.remove(at: earlier)
    } else {
      retracted.append(statement)
    }
  }
}

extension Transaction {
  /// Takes an event back, as far as nothing later has changed the same again: figures go back to
  /// where they were, clusters become what they were, and statements are retracted or made anew.
  ///
  /// This is an event of its own, which can be taken back likewise: that is redo. A cluster that
  /// is left empty, and that the event did not make, stays for the caller to end.
  ///
  /// - Parameters:
  ///   - event: to take back.
  ///   - requestedBy: the user id of who asked.
  /// - Returns: what has changed.
  /// - Throws: ``StoreError/alreadyReversed(_:)`` if that was done before.
  public func reverse(
    _ event: IdentityEventRecord, requestedBy: UInt32?
  ) throws(StoreError) -> IdentityReversal {
    if let by = event.reversedBy, let reversal = try identityEvent(by) {
      throw .alreadyReversed(by: reversal.publicID)
    }
    openEvent = OpenIdentityEvent(
      kind: .undo, library: event.library, requestedBy: requestedBy, reverses: event.id)
    let effects = try effects(of: event.id)
    var reversal = IdentityReversal()
    for change in effects.clusters { try restore(change, in: event.library, &reversal) }
    for change in effects.statements.reversed() {
      try restore(change, in: event.library, &reversal)
    }
    for change in effects.placements { try restore(change, in: event.library, &reversal) }
    // The cover last, since it must be among the figures.
    for change in effects.clusters { try restoreCover(change, in: event.library) }
    for change in effects.clusters { try endIfMade(change) }
    reversal.clusters = Set(reversal.clusters).sorted()
    if let id = openEvent?.id {
      try markReversed(event, by: id)
    }
    return reversal
  }

  /// Marks an event as taken back; what it had taken back itself stands again, what that had taken
  /// back does not, and so on.
  private func markReversed(
    _ event: IdentityEventRecord, by reversing: IdentityEventID
  ) throws(StoreError) {
    var reversed: IdentityEventRecord? = event
    var by: IdentityEventID? = reversing
    while let current = reversed {
      try execute("UPDATE identity_events SET reversed_by = \(by) WHERE id = \(current.id)")
      reversed = nil
      if let below = current.reverses { reversed = try identityEvent(below) }
      by = by == nil ? current.id : nil
    }
  }

  private func restore(
    _ change: ClusterIdentityChange, in library: LibraryID, _ reversal: inout IdentityReversal
  ) throws(StoreError) {
    let current = try cluster(change.cluster).map(ClusterIdentity.init)
    switch (change.before, change.after, current) {
    case (let before?, _, nil):
      try restoreCluster(change.cluster, before, in: library)
      reversal.clusters.append(change.cluster)
    case (let before?, let after?, let current?):
      let (identity, kept) = before.restored(from: after, onto: current)
      reversal.keptCount += kept
      if identity != current {
        var identity = identity
        // A cover comes back last, when its figure has.
        if before.cover != nil { identity.cover = current.cover }
        try setIdentity(of: change.cluster, identity)
        reversal.clusters.append(change.cluster)
      }
    case (nil, .some, .some):
      // Made by the event: whether it can go is seen when its figures have left.
      reversal.clusters.append(change.cluster)
    default: break
    }
  }

  /// Deletes a cluster that the event made, unless something later changed it or gave it figures.
  private func endIfMade(_ change: ClusterIdentityChange) throws(StoreError) {
    guard change.before == nil, let after = change.after, let current = try cluster(change.cluster),
      ClusterIdentity(current) == after, current.faceCount == 0,
      try statements(of: change.cluster).isEmpty,
      try count("SELECT count(*) FROM clusters WHERE merged_into = \(change.cluster)") == 0
    else { return }
    try deleteCluster(change.cluster)
  }

  private func restoreCover(
    _ change: ClusterIdentityChange, in library: LibraryID
  ) throws(StoreError) {
    guard let before = change.before, let cover = before.cover, change.after?.cover != cover,
      let current = try cluster(change.cluster), current.chosenCover == nil,
      try figure(cover)?.cluster == change.cluster
    else { return }
    var identity = ClusterIdentity(current)
    identity.cover = cover
    try setIdentity(of: change.cluster, identity)
  }

  private func restore(
    _ change: StatementChange, in library: LibraryID, _ reversal: inout IdentityReversal
  ) throws(StoreError) {
    let statement = change.statement
    if change.isAdded {
      if try retract(statement, in: library) {
        reversal.noteRetracted(statement)
      } else {
        reversal.keptCount += 1
      }
      return
    }
    var exists = try figure(statement.figure) != nil
    if let other = statement.otherFigure, try figure(other) == nil { exists = false }
    if let target = statement.cluster, try cluster(target) == nil { exists = false }
    guard exists, try state(statement, in: library) else {
      reversal.keptCount += 1
      return
    }
    reversal.noteStated(statement)
  }

  private func restore(
    _ change: PlacementChange, in library: LibraryID, _ reversal: inout IdentityReversal
  ) throws(StoreError) {
    guard let current = try placement(of: change.figure) else { return }
    guard current.cluster == change.after.cluster else {
      if current.cluster != change.before.cluster { reversal.keptCount += 1 }
      return
    }
    if let target = change.before.cluster {
      guard let cluster = try cluster(target), cluster.mergedInto == nil else {
        reversal.keptCount += 1
        return
      }
    }
    let before = change.before
    try assign([
      ClusterAssignment(
        figure: change.figure, cluster: before.cluster, confidence: before.confidence,
        waitingReason: before.waitingReason)
    ])
    if current.cluster != before.cluster {
      reversal.placements.updateValue(before.cluster, forKey: change.figure)
    }
  }

  /// Brings a cluster back under its own number and name.
  private func restoreCluster(
    _ id: ClusterID, _ identity: ClusterIdentity, in library: LibraryID
  ) throws(StoreError) {
    let key = try insert(
      """
      INSERT INTO clusters(id, public_id, library, created, updated)
      VALUES (\(id), \(identity.publicID), \(library), \(identity.created), \(now))
      """)
    guard key != nil else { throw .alreadyExists(.cluster, key: identity.publicID.uuid) }
    try record(
      id, in: library, before: nil,
      after: try cluster(id).map(ClusterIdentity.init))
    var identity = identity
    identity.cover = nil
    try setIdentity(of: id, identity)
  }
}
