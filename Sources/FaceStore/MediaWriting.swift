public import FaceTypes

extension Transaction {
  /// Inserts a medium.
  ///
  /// - Throws: ``StoreError/alreadyExists(_:key:)`` if its URI or its reference id is taken in the
  ///   library; ``StoreError/notFound(_:key:)`` without such a library.
  public func insertMedia(_ media: NewMedia) throws(StoreError) -> MediaID {
    guard try library(media.library) != nil else {
      throw .notFound(.library, key: "\(media.library)")
    }
    try check(media.content)
    let details = media.details
    let id = try insert(
      """
      INSERT INTO media(public_id, library, uri, media_type, status, title, description, tags,
        namespace, reference_id, user_data, created, updated)
      VALUES (\(media.publicID), \(media.library), \(media.uri), \(media.mediaType.rawValue),
        'registered', \(details.title), \(details.description), \(details.tags.json),
        \(details.namespace), \(details.referenceID), \(details.userData), \(now), \(now))
      """)
    guard let id else {
      let hasURI = try self.media(in: media.library, uri: media.uri) != nil
      let key = hasURI ? media.uri : details.referenceID ?? media.publicID.hexadecimal
      throw .alreadyExists(.media, key: key)
    }
    let inserted = MediaID(rawValue: id)
    try setContent(of: inserted, media.content)
    try setStatus(of: inserted, media.status)
    try setCustomFields(of: inserted, details.customFields)
    try setTags(of: inserted, details.tags)
    try setTexts(of: inserted, details.texts)
    try addWords(
      of: inserted,
      SearchWords(
        uri: media.uri, title: details.title, description: details.description,
        tags: details.tags))
    return inserted
  }

  /// Records what the file of a medium says.
  public func setContent(of media: MediaID, _ content: MediaContent) throws(StoreError) {
    try check(content)
    let dimensions = content.dimensions
    try change(
      media,
      """
      byte_count = \(content.byteCount), content_sha256 = \(content.sha256),
      modified = \(content.modified), format = \(content.format),
      stored_width = \(dimensions?.storedWidth), stored_height = \(dimensions?.storedHeight),
      width = \(dimensions?.width), height = \(dimensions?.height),
      orientation = \(dimensions?.orientation),
      captured_local = \(content.captureTime?.localTime),
      capture_offset = \(content.captureTime?.offsetSeconds),
      latitude = \(content.position?.latitude), longitude = \(content.position?.longitude),
      camera_make = \(content.cameraMake), camera_model = \(content.cameraModel)
      """)
  }

  /// Records how far the analysis of a medium has come, or why it failed.
  public func setStatus(of media: MediaID, _ status: MediaStatus) throws(StoreError) {
    var failure: (code: String, message: String)?
    if case .failed(let code, let message) = status { failure = (code, message) }
    try change(
      media,
      """
      status = \(status.kind.rawValue), failure_code = \(failure?.code),
      failure_message = \(failure?.message)
      """)
  }

  /// Replaces what the user says about a medium.
  ///
  /// - Throws: ``StoreError/alreadyExists(_:key:)`` if the reference id is taken in the library.
  public func setDetails(of media: MediaID, _ details: MediaDetails) throws(StoreError) {
    guard let old = try self.media(media) else { throw .notFound(.media, key: "\(media)") }
    if let referenceID = details.referenceID,
      let other = try self.media(in: old.library, referenceID: referenceID), other.id != media
    {
      throw .alreadyExists(.media, key: referenceID)
    }
    try change(
      media,
      """
      title = \(details.title), description = \(details.description), tags = \(details.tags.json),
      namespace = \(details.namespace), reference_id = \(details.referenceID),
      user_data = \(details.userData)
      """)
    try setCustomFields(of: media, details.customFields)
    try setTags(of: media, details.tags)
    if details.texts != old.details.texts { try setTexts(of: media, details.texts) }
    try removeWords(of: media, SearchWords(old))
    try addWords(
      of: media,
      SearchWords(
        uri: old.uri, title: details.title, description: details.description, tags: details.tags))
    erasedRows += 1  // The old details.
  }

  /// Makes media registered again whose analysis was interrupted by the end of the daemon.
  ///
  /// - Returns: how many there were.
  public func releaseInterruptedMedia() throws(StoreError) -> Int {
    try execute("UPDATE media SET status = 'registered' WHERE status = 'analysing'")
  }

  /// Deletes media with their figures; those that do not exist are passed over.
  public func deleteMedia(_ media: [MediaID]) throws(StoreError) -> RemovedFigures {
    let removed = try removeFigures(of: media)
    for media in media {
      guard let record = try self.media(media) else { continue }
      try removeTexts(of: media)
      try removeWords(of: media, SearchWords(record))
      erasedRows += try execute("DELETE FROM media WHERE id = \(media)")
    }
    return removed
  }

  private func change(_ media: MediaID, _ assignments: SQL) throws(StoreError) {
    let count = try execute(
      "UPDATE media SET \(assignments), updated = \(now) WHERE id = \(media)")
    guard count == 1 else { throw .notFound(.media, key: "\(media)") }
  }

  private func setCustomFields(
    of media: MediaID, _ fields: [String: CustomValue]
  ) throws(StoreError) {
    try execute("DELETE FROM media_fields WHERE media = \(media)")
    for (name, value) in fields {
      try execute(
        "INSERT INTO media_fields(media, name, value) VALUES (\(media), \(name), \(value))")
    }
  }

  private func check(_ content: MediaContent) throws(StoreError) {
    guard content.sha256.map({ $0.count == 32 }) ?? true else {
      throw .invalidValue(field: "content SHA-256", reason: "it has not 32 bytes")
    }
    guard content.dimensions.map({ (1...8).contains($0.orientation) }) ?? true else {
      throw .invalidValue(field: "orientation", reason: "it is not in 1…8")
    }
  }
}
