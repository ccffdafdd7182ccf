internal import FaceTypes

extension Snapshot {
  /// Counts what the store holds.
  public final func statistics() throws(StoreError) -> StoreStatistics {
    var media: [MediaStatus.Kind: Int] = [:]
    try forEachRow("SELECT status, count(*) FROM media GROUP BY status") {
      row throws(StoreError) in media[try row.choice()] = row.int()
    }
    var tasks: [TaskStatus: Int] = [:]
    try forEachRow("SELECT status, count(*) FROM tasks GROUP BY status") {
      row throws(StoreError) in tasks[try row.choice()] = row.int()
    }
    let pageSize = try integer("PRAGMA page_size") ?? 0
    return try StoreStatistics(
      libraries: count("SELECT count(*) FROM libraries WHERE name IS NOT NULL"), media: media,
      figures: count("SELECT count(*) FROM figures"),
      waitingFigures: count("SELECT count(*) FROM figures WHERE cluster IS NULL"),
      clusters: count("SELECT count(*) FROM clusters WHERE merged_into IS NULL"),
      namedClusters: count(
        "SELECT count(*) FROM clusters WHERE name IS NOT NULL AND merged_into IS NULL"),
      tasks: tasks,
      databaseBytes: (integer("PRAGMA page_count") ?? 0) * pageSize,
      freeBytes: (integer("PRAGMA freelist_count") ?? 0) * pageSize,
      schemaVersion: count("PRAGMA user_version"),
      sqliteVersion: firstRow("SELECT sqlite_version()") { $0.text() } ?? "")
  }

  /// Looks for damage; reads the whole file, beside everything else.
  public final func check(_ check: IntegrityCheck) throws(StoreError) -> IntegrityReport {
    let pragma: SQL = check == .quick ? "PRAGMA quick_check" : "PRAGMA integrity_check"
    var problems = try rows(pragma) { $0.text() }.filter { $0 != "ok" }
    if check == .full {
      problems += try rows("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check") {
        "row \($0.optionalInteger() ?? 0) of \($0.text()) refers to nothing in \($0.text())"
      }
      problems += try wrongCounts()
    }
    return IntegrityReport(problems: problems)
  }

  private final func wrongCounts() throws(StoreError) -> [String] {
    let clusters = try rows("SELECT id FROM (\(Self.recount)) WHERE is_wrong") {
      "the counts of cluster \($0.integer()) are wrong"
    }
    let tasks = try rows(
      """
      SELECT id FROM tasks WHERE EXISTS (SELECT 1 FROM task_items WHERE task = id) AND (
        total <> (SELECT count(*) FROM task_items WHERE task = id)
        OR done <> (SELECT count(*) FROM task_items WHERE task = id AND state = 'done')
        OR refused <> (SELECT count(*) FROM task_items WHERE task = id AND state = 'refused'))
      """
    ) { "the progress of task \($0.integer()) is wrong" }
    let embeddings = try rows(
      """
      SELECT figure FROM embeddings JOIN fingerprints ON fingerprints.id = fingerprint
      WHERE length(vector) <> 4 * dimension
      """
    ) { "the embedding of figure \($0.integer()) has the wrong length" }
    let figures = try rows(
      """
      SELECT figures.id FROM figures JOIN media ON media.id = figures.media
      LEFT JOIN clusters ON clusters.id = figures.cluster
      WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE figure = figures.id)
        OR media.library <> figures.library
        OR clusters.library <> figures.library
      """
    ) { "figure \($0.integer()) lacks an embedding, or belongs to two libraries" }
    return clusters + tasks + embeddings + figures
  }

  /// The true counts of each cluster, and whether the stored ones differ.
  static let recount: SQL = """
    SELECT clusters.id, faces, images, videos,
      (face_count, image_count, video_count) <> (faces, images, videos) AS is_wrong
    FROM clusters JOIN (
      SELECT clusters.id, count(figures.id) AS faces,
        count(DISTINCT figures.media) FILTER (WHERE media_type = 'image') AS images,
        count(DISTINCT figures.media) FILTER (WHERE media_type = 'video') AS videos
      FROM clusters LEFT JOIN figures ON figures.cluster = clusters.id
      LEFT JOIN media ON media.id = figures.media GROUP BY clusters.id
    ) AS truth ON truth.id = clusters.id
    """
}

extension Transaction {
  /// Sets the counts of every cluster to the truth.
  ///
  /// - Returns: how many clusters had wrong ones.
  public func repairCounts() throws(StoreError) -> Int {
    try execute(
      """
      UPDATE clusters SET face_count = faces, image_count = images, video_count = videos
      FROM (\(Self.recount)) AS truth WHERE truth.id = clusters.id AND is_wrong
      """)
  }
}

extension FaceStore {
  /// Empties the log of changes into the database, so that nothing that was erased is left in it.
  ///
  /// - Returns: whether the log is empty; a reader with an older snapshot can prevent it.
  @discardableResult
  public func checkpoint() throws(StoreError) -> Bool {
    try withWriter { connection in try checkpoint(connection, waiting: true) }
  }

  /// Gives pages that hold nothing back to the file system.
  ///
  /// There is no VACUUM: it would hold up all changes, and copy the whole file into memory.
  public func releaseFreePages() throws(StoreError) {
    try withWriter { connection in
      try connection.execute("PRAGMA incremental_vacuum")
      _ = try checkpoint(connection, waiting: true)
    }
  }
}
