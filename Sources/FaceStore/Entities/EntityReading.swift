public import FaceTypes

extension Snapshot {
  private static let entityColumns: SQL = """
    id, public_id, recognition, name, info, category,
    (SELECT count(*) FROM entity_samples WHERE entity = entities.id), created
    """
  private static let recognitionColumns: SQL = "id, public_id, name, description, created"

  /// Every collection of enrolled people, by name.
  public final func recognitionLibraries() throws(StoreError) -> [RecognitionLibraryRecord] {
    try rows(
      "SELECT \(Self.recognitionColumns) FROM recognition_libraries ORDER BY name"
    ) { row throws(StoreError) in try Self.recognitionLibrary(&row) }
  }

  /// Finds a collection of enrolled people by the name that clients know it by.
  public final func recognitionLibrary(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> RecognitionLibraryRecord? {
    try firstRow(
      """
      SELECT \(Self.recognitionColumns) FROM recognition_libraries
      WHERE public_id = \(identifier)
      """
    ) { row throws(StoreError) in try Self.recognitionLibrary(&row) }
  }

  /// The collections that a library of media chose to be compared with; none means all.
  public final func recognitionLibraries(
    of library: LibraryID
  ) throws(StoreError) -> [RecognitionLibraryRecord] {
    try rows(
      """
      SELECT \(Self.recognitionColumns) FROM recognition_libraries
      WHERE id IN (SELECT recognition FROM library_recognition WHERE library = \(library))
      ORDER BY name
      """
    ) { row throws(StoreError) in try Self.recognitionLibrary(&row) }
  }

  /// Finds an enrolled person by its row.
  public final func entity(_ id: EntityID) throws(StoreError) -> EntityRecord? {
    try firstRow("SELECT \(Self.entityColumns) FROM entities WHERE id = \(id)") {
      row throws(StoreError) in try Self.entity(&row)
    }
  }

  /// Finds an enrolled person by the name that clients know it by.
  public final func entity(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> EntityRecord? {
    try firstRow("SELECT \(Self.entityColumns) FROM entities WHERE public_id = \(identifier)") {
      row throws(StoreError) in try Self.entity(&row)
    }
  }

  /// The people of a collection, in the order of their enrolment.
  public final func entities(
    in library: RecognitionLibraryID
  ) throws(StoreError) -> [EntityRecord] {
    try rows(
      "SELECT \(Self.entityColumns) FROM entities WHERE recognition = \(library) ORDER BY id"
    ) { row throws(StoreError) in try Self.entity(&row) }
  }

  /// The pictures of an enrolled person, oldest first.
  public final func samples(of entity: EntityID) throws(StoreError) -> [SampleRecord] {
    try samples(where: "entity = \(entity)")
  }

  /// The pictures of everybody who is enrolled.
  public final func samples() throws(StoreError) -> [SampleRecord] {
    try samples(where: "TRUE")
  }

  /// The person whom a user said a cluster shows, or one that was merged into it.
  public final func entity(of cluster: ClusterID) throws(StoreError) -> EntityID? {
    try firstRow(
      """
      SELECT entity FROM cluster_entities WHERE cluster = \(cluster) OR cluster IN (
        SELECT id FROM clusters WHERE merged_into = \(cluster))
      ORDER BY cluster = \(cluster) DESC, cluster LIMIT 1
      """
    ) { $0.id() }
  }

  /// The media of a library with a face in a cluster that a user said shows this person.
  public final func media(
    ofClustersOf entity: EntityID, in library: LibraryID
  ) throws(StoreError) -> [MediaID] {
    try rows(
      """
      SELECT DISTINCT figures.media FROM cluster_entities
      JOIN clusters ON clusters.id = cluster_entities.cluster
      JOIN figures ON figures.cluster = coalesce(clusters.merged_into, clusters.id)
      WHERE cluster_entities.entity = \(entity) AND clusters.library = \(library)
      """
    ) { $0.id() }
  }

  private final func samples(where condition: SQL) throws(StoreError) -> [SampleRecord] {
    try rows(
      """
      SELECT public_id, entity, vector, norm, hexadecimal, quality, prompt, created
      FROM entity_samples JOIN fingerprints ON fingerprints.id = fingerprint
      WHERE \(condition) ORDER BY entity_samples.id
      """
    ) { row throws(StoreError) in
      let identifier = try row.publicID()
      let entity: EntityID = row.id()
      let values = row.floats()
      let norm = row.float()
      guard let values, let fingerprint = ModelFingerprint(hexadecimal: row.text()),
        abs(values.reduce(0) { $0 + $1 * $1 } - 1) < 2e-3
      else { throw .damaged("the embedding of a sample") }
      return SampleRecord(
        publicID: identifier, entity: entity,
        embedding: Embedding(unitLength: values, norm: norm, fingerprint: fingerprint),
        quality: row.float(), prompt: row.optionalText(), created: row.timestamp())
    }
  }

  private static func recognitionLibrary(
    _ row: inout Row
  ) throws(StoreError) -> RecognitionLibraryRecord {
    RecognitionLibraryRecord(
      id: row.id(), publicID: try row.publicID(), name: row.text(), description: row.text(),
      created: row.timestamp())
  }

  private static func entity(_ row: inout Row) throws(StoreError) -> EntityRecord {
    EntityRecord(
      id: row.id(), publicID: try row.publicID(), recognitionLibrary: row.id(), name: row.text(),
      info: row.optionalText(), category: try row.choice(), sampleCount: row.int(),
      created: row.timestamp())
  }
}
