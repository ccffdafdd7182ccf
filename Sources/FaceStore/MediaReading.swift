public import FaceTypes

extension Snapshot {
  static let mediaColumns: SQL = """
    media.id, media.public_id, media.library, media.uri, media.media_type, media.status,
    media.failure_code, media.failure_message, media.byte_count, media.content_sha256,
    media.modified, media.format, media.stored_width, media.stored_height, media.width,
    media.height, media.orientation, media.captured_local, media.capture_offset, media.latitude,
    media.longitude, media.camera_make, media.camera_model, media.title, media.description,
    media.tags, media.namespace, media.reference_id, media.user_data, media.created, media.updated
    """

  /// Finds a medium by its row.
  public final func media(_ id: MediaID) throws(StoreError) -> MediaRecord? {
    try oneMedia(where: "id = \(id)")
  }

  /// Finds a medium by the name that clients know it by.
  public final func media(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> MediaRecord? {
    try oneMedia(where: "public_id = \(identifier) AND \(Self.isInLibrary)")
  }

  /// Finds a medium by its place.
  public final func media(
    in library: LibraryID, uri: String
  ) throws(StoreError) -> MediaRecord? {
    try oneMedia(where: "library = \(library) AND uri = \(uri)")
  }

  /// Finds a medium by the user's own key.
  public final func media(
    in library: LibraryID, referenceID: String
  ) throws(StoreError) -> MediaRecord? {
    try oneMedia(where: "library = \(library) AND reference_id = \(referenceID)")
  }

  /// The media of a library with this content, oldest first.
  public final func media(
    in library: LibraryID, contentSHA256 sha256: [UInt8]
  ) throws(StoreError) -> [MediaRecord] {
    try manyMedia(where: "content_sha256 = \(sha256) AND library = \(library)")
  }

  /// The media with these ids, in their order; those that do not exist are left out.
  public final func media(_ ids: [MediaID]) throws(StoreError) -> [MediaRecord] {
    var records: [MediaRecord] = []
    for id in ids {
      if let record = try media(id) { records.append(record) }
    }
    return records
  }

  /// A part of the media that fulfil a query.
  public final func media(
    _ query: MediaQuery, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<MediaRecord> {
    let found = try page(
      PagedQuery(
        columns: Self.mediaColumns, source: "media", conditions: query.conditions,
        key: query.sort.key, id: "media.id", sortCode: query.sort.rawValue, order: query.order),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.media(&row) }
    return Page(
      records: try withDetails(found.records), next: found.next, total: found.total)
  }

  private final func oneMedia(where condition: SQL) throws(StoreError) -> MediaRecord? {
    try manyMedia(where: condition).first
  }

  private final func manyMedia(where condition: SQL) throws(StoreError) -> [MediaRecord] {
    try withDetails(
      rows("SELECT \(Self.mediaColumns) FROM media WHERE \(condition) ORDER BY id") {
        row throws(StoreError) in try Self.media(&row)
      })
  }

  private final func withDetails(
    _ records: [MediaRecord]
  ) throws(StoreError) -> [MediaRecord] {
    var records = records
    for position in records.indices {
      let media = records[position].id
      try forEachRow("SELECT name, value FROM media_fields WHERE media = \(media)") { row in
        let name = row.text()
        switch row.value() {
        case .integer(let value): records[position].details.customFields[name] = .integer(value)
        case .text(let value): records[position].details.customFields[name] = .text(value)
        case .null, .real, .blob: break  // The table's check admits none of these.
        }
      }
      records[position].details.texts = try texts(of: media)
    }
    return records
  }

  /// Reads ``mediaColumns``; custom fields and attached texts are elsewhere.
  private static func media(_ row: inout Row) throws(StoreError) -> MediaRecord {
    MediaRecord(
      id: row.id(), publicID: try row.publicID(), library: row.id(), uri: row.text(),
      mediaType: try row.choice(), status: try status(&row), content: content(&row),
      details: try details(&row), created: row.timestamp(), updated: row.timestamp())
  }

  private static func status(_ row: inout Row) throws(StoreError) -> MediaStatus {
    let kind: MediaStatus.Kind = try row.choice()
    let code = row.optionalText()
    let message = row.optionalText()
    switch kind {
    case .registered: return .registered
    case .analysing: return .analysing
    case .ready: return .ready
    case .failed: return .failed(code: code ?? "", message: message ?? "")
    }
  }

  private static func content(_ row: inout Row) -> MediaContent {
    var content = MediaContent(
      byteCount: row.optionalInteger(), sha256: row.optionalBlob(),
      modified: row.optionalTimestamp(), format: row.optionalText())
    let sizes = (0..<5).map { _ in row.optionalInteger().map { Int($0) } }
    if let storedWidth = sizes[0], let storedHeight = sizes[1], let width = sizes[2],
      let height = sizes[3], let orientation = sizes[4]
    {
      content.dimensions = MediaDimensions(
        storedWidth: storedWidth, storedHeight: storedHeight, width: width, height: height,
        orientation: orientation)
    }
    let localTime = row.optionalTimestamp()
    let offset = row.optionalInteger()
    content.captureTime = localTime.map {
      CaptureTime(localTime: $0, offsetSeconds: offset.flatMap { Int32(exactly: $0) })
    }
    let latitude = row.optionalDouble()
    let longitude = row.optionalDouble()
    if let latitude, let longitude {
      content.position = GeographicPosition(latitude: latitude, longitude: longitude)
    }
    content.cameraMake = row.optionalText()
    content.cameraModel = row.optionalText()
    return content
  }

  private static func details(_ row: inout Row) throws(StoreError) -> MediaDetails {
    MediaDetails(
      title: row.optionalText(), description: row.optionalText(), tags: try row.tags(),
      namespace: row.optionalText(), referenceID: row.optionalText(),
      userData: row.optionalText())
  }
}

extension MediaQuery {
  var conditions: [SQL] {
    var conditions: [SQL] = ["media.library = \(library)"]
    if let mediaType { conditions.append("media.media_type = \(mediaType.rawValue)") }
    if let namespace { conditions.append("media.namespace = \(namespace)") }
    if let statuses {
      conditions.append("media.status IN (\(list: statuses.map(\.rawValue).sorted()))")
    }
    conditions += created.conditions(on: "media.created")
    conditions += captured.conditions(on: "media.captured_local")
    conditions += customFields.map(\.condition)
    conditions += clusters.map { cluster in
      """
      EXISTS (SELECT 1 FROM figures WHERE figures.cluster = \(cluster)
        AND figures.media = media.id)
      """
    }
    return conditions
  }
}

extension MediaSort {
  fileprivate var key: SQL? {
    switch self {
    case .id: nil
    case .created: "media.created"
    case .updated: "media.updated"
    case .captured: "coalesce(media.captured_local, -9223372036854775808)"
    case .title: "coalesce(media.title, '')"
    case .uri: "media.uri"
    }
  }
}

extension CustomFieldCondition {
  var condition: SQL {
    """
    media.id IN (SELECT media FROM media_fields WHERE name = \(field) AND \(comparison))
    """
  }

  private var comparison: SQL {
    switch match {
    case .equal(let value): return "value = \(value)"
    case .anyOf(let values): return "value IN (\(list: values))"
    case .range(let from, let through):
      // An integer is never between texts, although SQLite could compare them.
      var conditions: [SQL] = []
      for value in [from, through].compactMap({ $0 }) {
        switch value {
        case .integer: conditions.append("typeof(value) = 'integer'")
        case .text: conditions.append("typeof(value) = 'text'")
        }
      }
      if let from { conditions.append("value >= \(from)") }
      if let through { conditions.append("value <= \(through)") }
      return conditions.conjunction
    }
  }
}
