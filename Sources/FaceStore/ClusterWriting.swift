public import FaceTypes

extension Transaction {
  /// Inserts an empty cluster under the id that the clusterer chose, which must be at least
  /// ``Snapshot/nextClusterID(in:)``.
  ///
  /// - Throws: ``StoreError/invalidValue(field:reason:)`` for an id that was used before or that
  ///   belongs to another library.
  public func insertCluster(
    _ id: ClusterID, in library: LibraryID, publicID: PublicIdentifier = .random()
  ) throws(StoreError) {
    guard try nextClusterID(in: library) <= id, id.rawValue >> 40 == library.rawValue else {
      throw .invalidValue(
        field: "cluster id", reason: "\(id) was used before, or not by library \(library)")
    }
    let key = try insert(
      """
      INSERT INTO clusters(id, public_id, library, created, updated)
      VALUES (\(id), \(publicID), \(library), \(now), \(now))
      """)
    guard key != nil else { throw .alreadyExists(.cluster, key: publicID.uuid) }
  }

  /// Changes what a user says about a cluster, and counts its lock version up.
  ///
  /// The expected lock version is the one that the caller read; `nil` overwrites whatever is there.
  ///
  /// - Returns: the cluster as it is now.
  /// - Throws: ``StoreError/lockVersionConflict(_:expected:actual:)`` if someone else was faster,
  ///   ``StoreError/invalidValue(field:reason:)`` for a cover out of another cluster.
  @discardableResult
  public func updateCluster(
    _ id: ClusterID, _ update: ClusterUpdate, expectedLockVersion: Int64?
  ) throws(StoreError) -> ClusterRecord {
    guard let old = try cluster(id) else { throw .notFound(.cluster, key: "\(id)") }
    if let expectedLockVersion, expectedLockVersion != old.metaLockVersion {
      throw .lockVersionConflict(
        id, expected: expectedLockVersion, actual: old.metaLockVersion)
    }
    let cover = update.cover.value(or: old.chosenCover)
    if case .set(let chosen?) = update.cover {
      guard let figure = try figure(chosen) else { throw .notFound(.figure, key: "\(chosen)") }
      guard figure.cluster == id else {
        throw .invalidValue(field: "cover", reason: "figure \(chosen) is not in the cluster")
      }
    }
    try execute(
      """
      UPDATE clusters SET name = \(update.name.value(or: old.name)),
        custom_id = \(update.customID.value(or: old.customID)), cover = \(cover),
        hidden = \(update.isHidden.value(or: old.isHidden)),
        meta_lock_version = meta_lock_version + 1, updated = \(now)
      WHERE id = \(id)
      """)
    erasedRows += 1  // The old name.
    if case .set(let labels) = update.customLabels {
      try execute("DELETE FROM cluster_labels WHERE cluster = \(id)")
      for (name, value) in labels {
        try execute(
          "INSERT INTO cluster_labels(cluster, name, value) VALUES (\(id), \(name), \(value))")
      }
    }
    guard let new = try cluster(id) else { throw .notFound(.cluster, key: "\(id)") }
    return new
  }

  /// Deletes a cluster; figures that are still in it lose it.
  public func deleteCluster(_ id: ClusterID) throws(StoreError) {
    try execute(
      """
      UPDATE figures SET cluster = NULL, cluster_confidence = NULL, waiting_reason = NULL
      WHERE cluster = \(id)
      """)
    let count = try execute("DELETE FROM clusters WHERE id = \(id)")
    guard count == 1 else { throw .notFound(.cluster, key: "\(id)") }
    erasedRows += 1
  }

  /// Dates the last change of clusters.
  func touch(_ clusters: Set<ClusterID>) throws(StoreError) {
    for cluster in clusters {
      try execute("UPDATE clusters SET updated = \(now) WHERE id = \(cluster)")
    }
  }
}
