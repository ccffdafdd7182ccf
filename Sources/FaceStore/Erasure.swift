public import FaceTypes

extension Snapshot {
  /// Whether ``FaceStore/finishErasure()`` has something to do.
  public final func hasTraces() throws(StoreError) -> Bool {
    try metaValue(Self.tracesName) != nil
  }

  fileprivate static var tracesName: String { "traces of erased rows" }
}

extension Transaction {
  /// Records that something was erased, until its traces are overwritten too.
  func noteTraces() throws(StoreError) {
    if try !hasTraces() { try setMetaValue(Self.tracesName, "") }
  }
}

extension FaceStore {
  /// Overwrites the traces that erased and replaced rows have left in the files.
  ///
  /// Erased rows are gone at once for every query, and are overwritten where they stood. Copies
  /// remain in the log of changes and in unused space of pages until this is called: when nobody
  /// waits, since it holds up changes while it reads the whole file.
  ///
  /// - Returns: `false` if a reader with an older snapshot prevented it; to be tried again.
  @discardableResult
  public func finishErasure() throws(StoreError) -> Bool {
    try withWriter { connection in
      let count = try connection.integer(
        "SELECT count(*) FROM meta WHERE name = \(Snapshot.tracesName)")
      guard count != 0 else { return true }
      try mergeWords(connection)
      guard try checkpoint(connection, waiting: true) else { return false }
      // Pages in the cache have the old gaps, and would be written with them again.
      try connection.execute("PRAGMA shrink_memory")
      do {
        _ = try UnallocatedSpace(descriptor: directory.database)?.clear()
      } catch let error as SystemError {
        throw StoreError.system(
          operation: "overwrite erased rows in", path: databasePath, errorNumber: error.number)
      }
      try connection.execute("DELETE FROM meta WHERE name = \(Snapshot.tracesName)")
      return true
    }
  }

  /// Merges the parts of the indexes of words: what was taken out of them is in the older parts
  /// until then.
  private func mergeWords(_ connection: Connection) throws {
    try connection.execute("INSERT INTO media_words(media_words) VALUES ('optimize')")
    try connection.execute("INSERT INTO text_words(text_words) VALUES ('optimize')")
  }

  /// Makes a library vanish and erases everything in it.
  ///
  /// If the daemon ends meanwhile, ``eraseDroppedLibraries(batch:)`` goes on after its next start.
  public func dropLibrary(_ id: LibraryID) throws(StoreError) {
    try change { transaction throws(StoreError) in try transaction.dropLibrary(id) }
    try eraseDroppedLibraries()
  }

  /// Erases what is left of libraries that were dropped, in transactions of `batch` media or
  /// clusters each.
  public func eraseDroppedLibraries(batch: Int = 1000) throws(StoreError) {
    var hasErased = false
    while try change({ transaction throws(StoreError) in
      try transaction.eraseFromDroppedLibraries(batch: batch)
    }) { hasErased = true }
    guard hasErased else { return }
    try withWriter { connection in try mergeWords(connection) }
    try releaseFreePages()
    try finishErasure()
  }
}

extension Transaction {
  /// Erases some of the oldest dropped library; `false` if none is left.
  fileprivate func eraseFromDroppedLibraries(batch: Int) throws(StoreError) -> Bool {
    let found = try firstRow("SELECT id FROM libraries WHERE name IS NULL ORDER BY id LIMIT 1") {
      $0.id() as LibraryID
    }
    guard let library = found else { return false }
    // First of all, since it would grow with what follows.
    let events = try execute(
      """
      DELETE FROM identity_events WHERE id IN (
        SELECT id FROM identity_events WHERE library = \(library) LIMIT \(batch))
      """)
    if events > 0 {
      erasedRows += events
      return true
    }
    try execute("DELETE FROM statements WHERE library = \(library)")
    try execute("DELETE FROM recluster_plans WHERE library = \(library)")
    let media = try rows("SELECT id FROM media WHERE library = \(library) LIMIT \(batch)") {
      $0.id() as MediaID
    }
    if !media.isEmpty {
      _ = try deleteMedia(media)
      return true
    }
    let clusters = try rows("SELECT id FROM clusters WHERE library = \(library) LIMIT \(batch)") {
      $0.id() as ClusterID
    }
    if !clusters.isEmpty {
      for cluster in clusters { try eraseCluster(cluster) }
      return true
    }
    try execute("DELETE FROM tasks WHERE library = \(library)")
    try removeLibraryValues(of: library)
    erasedRows += try execute("DELETE FROM libraries WHERE id = \(library)")
    return true
  }
}
