public import FaceTypes

/// A figure of a cluster as it was at a moment.
public struct PastFigure: Hashable, Sendable {
  public let id: FigureID
  /// How sure the clusterer was then, in 0…1.
  public let confidence: Float?
}

/// A cluster as it was at a moment.
public struct PastCluster: Hashable, Sendable {
  public let id: ClusterID
  public let identity: ClusterIdentity
  /// The figures that it had and that are still stored, in ascending order of their ids.
  public let figures: [PastFigure]
}

extension Snapshot {
  /// The earliest moment that the log of a library reaches back to; `nil` if nothing of it was
  /// erased.
  public final func identityLogStart(in library: LibraryID) throws(StoreError) -> Timestamp? {
    guard let text = try libraryValue(Self.identityLogStartName, of: library) else { return nil }
    guard let milliseconds = Int64(text) else { throw .damaged("the start of the identity log") }
    return Timestamp(milliseconds: milliseconds)
  }

  static var identityLogStartName: String { "identity log starts" }

  /// The clusters of a library as they were at a moment, by id: what is now, with everything taken
  /// back that the log has since.
  ///
  /// - Parameters:
  ///   - library: whose clusters.
  ///   - moment: events at it have happened. Not before ``identityLogStart(in:)``.
  /// - Returns: those that were there and not merged into others. Figures that were erased since
  ///   are missing.
  /// - Throws: ``StoreError``.
  public final func clusters(
    in library: LibraryID, asOf moment: Timestamp
  ) throws(StoreError) -> [PastCluster] {
    let since: SQL = "library = \(library) AND created > \(moment)"
    // SQLite takes the other columns from the row that has the minimum.
    let placements: [(cluster: ClusterID?, figure: PastFigure)] = try rows(
      """
      SELECT figures.id, iif(first.figure IS NULL, cluster, cluster_before),
        iif(first.figure IS NULL, cluster_confidence, confidence_before)
      FROM figures LEFT JOIN (
        SELECT figure, cluster_before, confidence_before, min(event) FROM identity_placements
        WHERE event IN (SELECT id FROM identity_events WHERE \(since)) GROUP BY figure
      ) AS first ON first.figure = figures.id
      WHERE library = \(library) AND created <= \(moment) ORDER BY figures.id
      """
    ) { row in
      let (id, cluster): (FigureID, ClusterID?) = (row.id(), row.optionalID())
      return (cluster, PastFigure(id: id, confidence: row.optionalDouble().map { Float($0) }))
    }
    var figures: [ClusterID: [PastFigure]] = [:]
    for case (let cluster?, let figure) in placements {
      figures[cluster, default: []].append(figure)
    }
    var identities: [ClusterID: ClusterIdentity?] = [:]
    try forEachRow(
      """
      SELECT cluster, before, min(event) FROM identity_clusters
      WHERE event IN (SELECT id FROM identity_events WHERE \(since)) GROUP BY cluster
      """
    ) { row throws(StoreError) in
      let cluster: ClusterID = row.id()
      let before = row.optionalText()
      identities.updateValue(try before.map(ClusterIdentity.init(json:)), forKey: cluster)
    }
    let present: [ClusterID] = try rows("SELECT id FROM clusters WHERE library = \(library)") {
      $0.id()
    }
    for cluster in present where identities[cluster] == nil {
      identities.updateValue(try self.cluster(cluster).map(ClusterIdentity.init), forKey: cluster)
    }
    return identities.sorted { $0.key < $1.key }.compactMap { id, identity in
      guard let identity, identity.mergedInto == nil else { return nil }
      return PastCluster(id: id, identity: identity, figures: figures[id] ?? [])
    }
  }
}
