public import FaceTypes

extension Snapshot {
  private static let libraryColumns: SQL = "id, name, description, settings, created, updated"

  /// Whether a row belongs to a library that is there: what a dropped one still holds until it is
  /// erased, no client finds any more.
  static let isInLibrary: SQL = "library IN (SELECT id FROM libraries WHERE name IS NOT NULL)"

  /// Finds a library by its name.
  public final func library(named name: String) throws(StoreError) -> LibraryRecord? {
    try firstRow("SELECT \(Self.libraryColumns) FROM libraries WHERE name = \(name)") {
      Self.library(&$0)
    }
  }

  /// Finds a library by its row.
  public final func library(_ id: LibraryID) throws(StoreError) -> LibraryRecord? {
    try firstRow(
      "SELECT \(Self.libraryColumns) FROM libraries WHERE id = \(id) AND name IS NOT NULL"
    ) { Self.library(&$0) }
  }

  /// Every library, by name.
  public final func libraries() throws(StoreError) -> [LibraryRecord] {
    try rows(
      "SELECT \(Self.libraryColumns) FROM libraries WHERE name IS NOT NULL ORDER BY name"
    ) { Self.library(&$0) }
  }

  /// Counts what a library holds; reads indexes only, so takes milliseconds per 100,000 figures.
  public final func counts(of library: LibraryID) throws(StoreError) -> LibraryCounts {
    var media: [MediaType: Int] = [:]
    var failed = 0
    try forEachRow(
      """
      SELECT media_type, status, count(*) FROM media WHERE library = \(library)
      GROUP BY status, media_type
      """
    ) { row throws(StoreError) in
      let type: MediaType = try row.choice()
      let status: MediaStatus.Kind = try row.choice()
      let count = row.int()
      media[type, default: 0] += count
      if status == .failed { failed += count }
    }
    let figures = try count("SELECT count(*) FROM figures WHERE library = \(library)")
    let (clusters, clustered) =
      try firstRow(
        "SELECT count(*), sum(face_count) FROM clusters WHERE library = \(library) AND merged_into IS NULL"
      ) {
        ($0.int(), $0.int())
      } ?? (0, 0)
    return LibraryCounts(
      images: media[.image] ?? 0, videos: media[.video] ?? 0, failed: failed, figures: figures,
      waitingFigures: figures - clustered, clusters: clusters)
  }

  private static func library(_ row: inout Row) -> LibraryRecord {
    LibraryRecord(
      id: row.id(), name: row.text(), description: row.text(), settings: row.text(),
      created: row.timestamp(), updated: row.timestamp())
  }
}

extension Transaction {
  /// Creates a library; `settings` is a JSON text.
  ///
  /// - Throws: ``StoreError/alreadyExists(_:key:)`` if the name is taken.
  public func createLibrary(
    named name: String, description: String = "", settings: String = "{}"
  ) throws(StoreError) -> LibraryRecord {
    try checkJSON(settings, field: "settings")
    let id = try insert(
      """
      INSERT INTO libraries(name, description, settings, created, updated)
      VALUES (\(name), \(description), \(settings), \(now), \(now))
      """)
    guard let id else { throw .alreadyExists(.library, key: name) }
    return LibraryRecord(
      id: LibraryID(rawValue: id), name: name, description: description, settings: settings,
      created: now, updated: now)
  }

  /// Changes a library's name, description or settings.
  ///
  /// - Throws: ``StoreError/notFound(_:key:)``, or ``StoreError/alreadyExists(_:key:)`` if the new
  ///   name is taken.
  @discardableResult
  public func updateLibrary(
    _ id: LibraryID, _ update: LibraryUpdate
  ) throws(StoreError) -> LibraryRecord {
    guard let old = try library(id) else { throw .notFound(.library, key: "\(id)") }
    let name = update.name.value(or: old.name)
    if let other = try library(named: name), other.id != id {
      throw .alreadyExists(.library, key: name)
    }
    if case .set(let settings) = update.settings { try checkJSON(settings, field: "settings") }
    try execute(
      """
      UPDATE libraries SET name = \(name),
        description = \(update.description.value(or: old.description)),
        settings = \(update.settings.value(or: old.settings)), updated = \(now)
      WHERE id = \(id)
      """)
    guard let new = try library(id) else { throw .notFound(.library, key: "\(id)") }
    return new
  }

  /// Makes a library vanish: no query finds it any more, and its name is free again.
  ///
  /// Its media and everything else of it are erased by ``FaceStore/eraseDroppedLibraries(batch:)``,
  /// which may also happen after a restart.
  public func dropLibrary(_ id: LibraryID) throws(StoreError) {
    guard try library(id) != nil else { throw .notFound(.library, key: "\(id)") }
    try execute("DELETE FROM saved_indexes WHERE library = \(id)")
    try execute(
      """
      UPDATE libraries SET name = NULL, description = '', settings = '{}', updated = \(now)
      WHERE id = \(id)
      """)
  }
}

extension Update {
  /// The new value, or `old` if there is none.
  func value(or old: Value) -> Value {
    switch self {
    case .keep: old
    case .set(let value): value
    }
  }
}
