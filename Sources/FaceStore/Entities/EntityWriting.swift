public import FaceTypes

extension Transaction {
  /// Creates a collection of enrolled people.
  ///
  /// - Throws: ``StoreError/alreadyExists(_:key:)`` if the name is taken.
  public func createRecognitionLibrary(
    named name: String, description: String
  ) throws(StoreError) -> RecognitionLibraryRecord {
    let identifier = PublicIdentifier.random()
    let id = try insert(
      """
      INSERT INTO recognition_libraries(public_id, name, description, created)
      VALUES (\(identifier), \(name), \(description), \(now))
      """)
    guard let id else { throw .alreadyExists(.recognitionLibrary, key: name) }
    return RecognitionLibraryRecord(
      id: RecognitionLibraryID(rawValue: id), publicID: identifier, name: name,
      description: description, created: now)
  }

  /// Erases a collection with everybody in it.
  public func deleteRecognitionLibrary(_ id: RecognitionLibraryID) throws(StoreError) {
    for entity in try entities(in: id) { try deleteEntity(entity.id) }
    erasedRows += try execute("DELETE FROM recognition_libraries WHERE id = \(id)")
  }

  /// Says which collections a library of media is compared with; none means all.
  public func setRecognitionLibraries(
    of library: LibraryID, _ chosen: [RecognitionLibraryID]
  ) throws(StoreError) {
    try execute("DELETE FROM library_recognition WHERE library = \(library)")
    for recognition in Set(chosen) {
      try execute(
        """
        INSERT INTO library_recognition(library, recognition) VALUES (\(library), \(recognition))
        """)
    }
  }

  /// Enrols a person, still without a picture; `info` is a JSON text.
  public func createEntity(
    in library: RecognitionLibraryID, named name: String, info: String?, category: EntityCategory
  ) throws(StoreError) -> EntityID {
    if let info { try checkJSON(info, field: "EntityInfo") }
    let id = try insert(
      """
      INSERT INTO entities(public_id, recognition, name, info, category, created)
      VALUES (\(PublicIdentifier.random()), \(library), \(name), \(info), \(category.rawValue),
        \(now))
      """)
    guard let id else { throw .damaged("an identifier that was given twice") }
    return EntityID(rawValue: id)
  }

  /// Changes what is known of an enrolled person.
  public func updateEntity(
    _ id: EntityID, name: String, info: String?, category: EntityCategory
  ) throws(StoreError) {
    if let info { try checkJSON(info, field: "EntityInfo") }
    let count = try execute(
      """
      UPDATE entities SET name = \(name), info = \(info), category = \(category.rawValue)
      WHERE id = \(id)
      """)
    guard count == 1 else { throw .notFound(.entity, key: "\(id)") }
    erasedRows += 1
  }

  /// Erases a person with all pictures.
  public func deleteEntity(_ id: EntityID) throws(StoreError) {
    erasedRows += try execute("DELETE FROM entity_samples WHERE entity = \(id)")
    erasedRows += try execute("DELETE FROM entities WHERE id = \(id)")
  }

  /// Keeps a picture of a person: its embedding alone.
  public func addSample(
    _ embedding: Embedding, quality: Float, prompt: String?, to entity: EntityID
  ) throws(StoreError) -> PublicIdentifier {
    let identifier = PublicIdentifier.random()
    let fingerprint = try fingerprint(
      embedding.fingerprint, dimension: embedding.values.count)
    let id = try insert(
      """
      INSERT INTO entity_samples(public_id, entity, fingerprint, norm, vector, quality, prompt,
        created)
      VALUES (\(identifier), \(entity), \(fingerprint), \(embedding.norm),
        \(embedding.values.littleEndianBytes), \(quality), \(prompt), \(now))
      """)
    guard id != nil else { throw .damaged("an identifier that was given twice") }
    return identifier
  }

  /// Erases a picture of a person; `false` if there is none.
  public func deleteSample(withPublicID identifier: PublicIdentifier) throws(StoreError) -> Bool {
    let count = try execute("DELETE FROM entity_samples WHERE public_id = \(identifier)")
    erasedRows += count
    return count > 0
  }
}
