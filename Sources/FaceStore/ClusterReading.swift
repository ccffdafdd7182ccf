public import FaceTypes

extension Snapshot {
  private static let clusterColumns: SQL = """
    clusters.id, clusters.public_id, clusters.library, clusters.name, clusters.custom_id,
    clusters.cover,
    (SELECT figures.id FROM figures WHERE figures.cluster = clusters.id
      ORDER BY figures.quality DESC, figures.id LIMIT 1),
    clusters.hidden, clusters.favourite, clusters.ignored, clusters.confirmed,
    clusters.birth_date,
    (SELECT entity FROM cluster_entities WHERE cluster_entities.cluster = clusters.id),
    clusters.merged_into, clusters.meta_lock_version, clusters.face_count, clusters.image_count,
    clusters.video_count, clusters.created, clusters.updated
    """

  /// The smallest cluster id that a library has never used; ids of deleted clusters never return.
  public final func nextClusterID(in library: LibraryID) throws(StoreError) -> ClusterID {
    guard let last = try integer("SELECT last_cluster FROM libraries WHERE id = \(library)") else {
      throw .notFound(.library, key: "\(library)")
    }
    return ClusterID(rawValue: max(last, library.rawValue << 40) + 1)
  }

  /// Finds a cluster by its row.
  public final func cluster(_ id: ClusterID) throws(StoreError) -> ClusterRecord? {
    try oneCluster(where: "id = \(id)")
  }

  /// Finds a cluster by the name that clients know it by.
  public final func cluster(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> ClusterRecord? {
    try oneCluster(where: "public_id = \(identifier) AND \(Self.isInLibrary)")
  }

  /// The clusters with these ids, in their order; those that do not exist are left out.
  public final func clusters(_ ids: [ClusterID]) throws(StoreError) -> [ClusterRecord] {
    var records: [ClusterRecord] = []
    for id in ids {
      if let record = try cluster(id) { records.append(record) }
    }
    return records
  }

  /// The clusters with these public ids, in their order; those that do not exist are left out.
  public final func clusters(
    withPublicIDs identifiers: [PublicIdentifier]
  ) throws(StoreError) -> [ClusterRecord] {
    var records: [ClusterRecord] = []
    for identifier in identifiers {
      if let record = try cluster(withPublicID: identifier) { records.append(record) }
    }
    return records
  }

  /// The clusters that were merged into this one, in the order of their ids.
  public final func clusters(
    mergedInto target: ClusterID
  ) throws(StoreError) -> [PublicIdentifier] {
    try rows("SELECT public_id FROM clusters WHERE merged_into = \(target) ORDER BY id") {
      row throws(StoreError) in try row.publicID()
    }
  }

  /// A part of the clusters that fulfil a query.
  public final func clusters(
    _ query: ClusterQuery, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<ClusterRecord> {
    let found = try page(
      PagedQuery(
        columns: Self.clusterColumns, source: "clusters", conditions: query.conditions,
        key: query.sort.key, id: "clusters.id", sortCode: query.sort.rawValue,
        order: query.order),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.cluster(&row) }
    var records: [ClusterRecord] = []
    for record in found.records { records.append(try withLabels(record)) }
    return Page(records: records, next: found.next, total: found.total)
  }

  /// The clusters of a library that bear the mark of a user, so that the machine only adds to them.
  public final func curatedClusterIDs(in library: LibraryID) throws(StoreError) -> [ClusterID] {
    try rows(
      "SELECT id FROM clusters WHERE library = \(library) AND \(Self.isCurated) ORDER BY id"
    ) { $0.id() }
  }

  /// The birth dates that users gave people, such as 2014-03-27.
  public final func birthDates(
    in library: LibraryID
  ) throws(StoreError) -> [ClusterID: String] {
    let dated = try rows(
      """
      SELECT id, birth_date FROM clusters
      WHERE library = \(library) AND birth_date IS NOT NULL AND merged_into IS NULL
      """
    ) { row in (cluster: row.id() as ClusterID, date: row.optionalText()) }
    return Dictionary(
      uniqueKeysWithValues: dated.compactMap { row in row.date.map { (row.cluster, $0) } })
  }

  /// Whether a cluster bears the mark of a user.
  public final func isCurated(_ cluster: ClusterID) throws(StoreError) -> Bool {
    try count("SELECT count(*) FROM clusters WHERE id = \(cluster) AND \(Self.isCurated)") > 0
  }

  static let isCurated: SQL = """
    merged_into IS NULL AND (name IS NOT NULL OR custom_id IS NOT NULL OR cover IS NOT NULL
      OR hidden OR favourite OR ignored OR confirmed OR birth_date IS NOT NULL
      OR EXISTS (SELECT 1 FROM cluster_labels WHERE cluster = clusters.id)
      OR EXISTS (SELECT 1 FROM cluster_entities WHERE cluster = clusters.id)
      OR EXISTS (SELECT 1 FROM clusters AS merged WHERE merged.merged_into = clusters.id))
    """

  final func library(of cluster: ClusterID) throws(StoreError) -> LibraryID? {
    try firstRow("SELECT library FROM clusters WHERE id = \(cluster)") { $0.id() }
  }

  private final func oneCluster(where condition: SQL) throws(StoreError) -> ClusterRecord? {
    let record = try firstRow(
      "SELECT \(Self.clusterColumns) FROM clusters WHERE \(condition)"
    ) { row throws(StoreError) in try Self.cluster(&row) }
    guard let record else { return nil }
    return try withLabels(record)
  }

  private final func withLabels(_ record: ClusterRecord) throws(StoreError) -> ClusterRecord {
    var record = record
    try forEachRow("SELECT name, value FROM cluster_labels WHERE cluster = \(record.id)") { row in
      record.customLabels[row.text()] = row.text()
    }
    return record
  }

  /// Reads ``clusterColumns``; the labels are elsewhere.
  private static func cluster(_ row: inout Row) throws(StoreError) -> ClusterRecord {
    ClusterRecord(
      id: row.id(), publicID: try row.publicID(), library: row.id(), name: row.optionalText(),
      customID: row.optionalText(), chosenCover: row.optionalID(), bestFigure: row.optionalID(),
      isHidden: row.bool(), isFavourite: row.bool(), isIgnored: row.bool(), isConfirmed: row.bool(),
      birthDate: row.optionalText(), entity: row.optionalID(), mergedInto: row.optionalID(),
      metaLockVersion: row.integer(), faceCount: row.int(),
      imageCount: row.int(), videoCount: row.int(), created: row.timestamp(),
      updated: row.timestamp())
  }
}

extension ClusterQuery {
  fileprivate var conditions: [SQL] {
    var conditions: [SQL] = ["clusters.library = \(library)", "clusters.merged_into IS NULL"]
    if let name { conditions.append("clusters.name = \(name)") }
    if let customID { conditions.append("clusters.custom_id = \(customID)") }
    for (label, value) in customLabels.sorted(by: { $0.key < $1.key }) {
      conditions.append(
        """
        EXISTS (SELECT 1 FROM cluster_labels WHERE cluster_labels.cluster = clusters.id
          AND cluster_labels.name = \(label) AND cluster_labels.value = \(value))
        """)
    }
    conditions += created.conditions(on: "clusters.created")
    conditions += updated.conditions(on: "clusters.updated")
    if minimumFaceCount > 0 { conditions.append("clusters.face_count >= \(minimumFaceCount)") }
    if let gender {
      let vote = ClusterAttributes.ofRow(ClusterAttributes.genderVote)
      conditions.append(gender == .female ? "\(vote) > 0" : "\(vote) <= 0")
    }
    if let averageAge {
      conditions.append(
        """
        \(ClusterAttributes.ofRow(ClusterAttributes.averageAge))
          BETWEEN \(averageAge.lowerBound) AND \(averageAge.upperBound)
        """)
    }
    if !includesIgnored { conditions.append("NOT clusters.ignored") }
    if !includesHidden { conditions.append("NOT clusters.hidden") }
    return conditions
  }
}

extension ClusterSort {
  fileprivate var key: SQL? {
    switch self {
    case .id: nil
    case .imageCount: "clusters.image_count"
    case .videoCount: "clusters.video_count"
    case .faceCount: "clusters.face_count"
    case .created: "clusters.created"
    case .updated: "clusters.updated"
    case .name: "coalesce(clusters.name, '')"
    case .gender:
      """
      CASE \(ClusterAttributes.ofRow(ClusterAttributes.genderVote)) > 0
        WHEN TRUE THEN 'female' WHEN FALSE THEN 'male' ELSE '' END
      """
    case .averageAge: "coalesce(\(ClusterAttributes.ofRow(ClusterAttributes.averageAge)), -1.0)"
    }
  }
}
