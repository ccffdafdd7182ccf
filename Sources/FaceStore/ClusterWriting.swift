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
    try record(id, in: library, before: nil, after: try identity(of: id))
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
    var identity = ClusterIdentity(old)
    identity.name = update.name.value(or: old.name)
    identity.customID = update.customID.value(or: old.customID)
    identity.customLabels = update.customLabels.value(or: old.customLabels)
    identity.cover = cover
    identity.isHidden = update.isHidden.value(or: old.isHidden)
    identity.isFavourite = update.isFavourite.value(or: old.isFavourite)
    identity.isIgnored = update.isIgnored.value(or: old.isIgnored)
    identity.isConfirmed = update.isConfirmed.value(or: old.isConfirmed)
    identity.birthDate = update.birthDate.value(or: old.birthDate)
    identity.entity = update.entity.value(or: old.entity)
    try setIdentity(of: id, identity)
    guard let new = try cluster(id) else { throw .notFound(.cluster, key: "\(id)") }
    return new
  }

  /// Merges a cluster into another: its figures go there, and it stays as a link with all that it
  /// had, so that it can come back.
  ///
  /// - Throws: ``StoreError/invalidValue(field:reason:)`` if either was merged already, or both are
  ///   one.
  public func merge(_ source: ClusterID, into target: ClusterID) throws(StoreError) {
    guard let old = try cluster(source) else { throw .notFound(.cluster, key: "\(source)") }
    guard let heir = try cluster(target) else { throw .notFound(.cluster, key: "\(target)") }
    guard source != target, old.mergedInto == nil, heir.mergedInto == nil else {
      throw .invalidValue(field: "cluster", reason: "\(source) or \(target) was merged already")
    }
    var identity = ClusterIdentity(old)
    try moveFigures(from: source, to: target)
    identity.mergedInto = target
    // The figure that was the cover is elsewhere, and comes back with an undo.
    identity.cover = nil
    try setIdentity(of: source, identity)
  }

  /// Makes a cluster what `identity` says, and counts its lock version up.
  func setIdentity(of id: ClusterID, _ identity: ClusterIdentity) throws(StoreError) {
    guard let old = try cluster(id) else { throw .notFound(.cluster, key: "\(id)") }
    let before = ClusterIdentity(old)
    try execute(
      """
      UPDATE clusters SET name = \(identity.name), custom_id = \(identity.customID),
        cover = \(identity.cover), hidden = \(identity.isHidden),
        favourite = \(identity.isFavourite), ignored = \(identity.isIgnored),
        confirmed = \(identity.isConfirmed), birth_date = \(identity.birthDate),
        merged_into = \(identity.mergedInto), meta_lock_version = meta_lock_version + 1,
        updated = \(now)
      WHERE id = \(id)
      """)
    erasedRows += 1  // The old name.
    if identity.customLabels != before.customLabels {
      try execute("DELETE FROM cluster_labels WHERE cluster = \(id)")
      for (name, value) in identity.customLabels {
        try execute(
          "INSERT INTO cluster_labels(cluster, name, value) VALUES (\(id), \(name), \(value))")
      }
    }
    if identity.entity != before.entity { try setEntity(of: id, identity.entity) }
    try record(id, in: old.library, before: before, after: try self.identity(of: id))
  }

  /// Says whom a cluster shows; somebody who is enrolled no longer is nobody.
  private func setEntity(of cluster: ClusterID, _ entity: EntityID?) throws(StoreError) {
    try execute("DELETE FROM cluster_entities WHERE cluster = \(cluster)")
    guard let entity else { return }
    try execute(
      """
      INSERT INTO cluster_entities(cluster, entity)
      SELECT \(cluster), id FROM entities WHERE id = \(entity)
      """)
  }

  /// What a cluster is now; `nil` without such a cluster.
  func identity(of id: ClusterID) throws(StoreError) -> ClusterIdentity? {
    try cluster(id).map { ClusterIdentity($0) }
  }

  /// Deletes a cluster; figures that are still in it lose it.
  public func deleteCluster(_ id: ClusterID) throws(StoreError) {
    guard let library = try library(of: id) else { throw .notFound(.cluster, key: "\(id)") }
    let before = try identity(of: id)
    try recordPlacements(where: "cluster = \(id)", in: library, after: "NULL, NULL, NULL")
    try removeCluster(id)
    try record(id, in: library, before: before, after: nil)
  }

  /// Deletes a cluster with all that the log knows of it, so that it can never come back.
  ///
  /// Figures that are still in it lose it.
  public func eraseCluster(_ id: ClusterID) throws(StoreError) {
    try removeCluster(id)
    try execute("DELETE FROM identity_clusters WHERE cluster = \(id)")
  }

  private func removeCluster(_ id: ClusterID) throws(StoreError) {
    try execute(
      """
      UPDATE figures SET cluster = NULL, cluster_confidence = NULL, waiting_reason = NULL
      WHERE cluster = \(id)
      """)
    erasedRows += try execute("DELETE FROM clusters WHERE id = \(id)")
  }

  /// Dates the last change of clusters.
  func touch(_ clusters: Set<ClusterID>) throws(StoreError) {
    for cluster in clusters {
      try execute("UPDATE clusters SET updated = \(now) WHERE id = \(cluster)")
    }
  }
}
