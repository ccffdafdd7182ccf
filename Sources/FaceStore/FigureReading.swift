public import FaceTypes

extension Snapshot {
  private static let figureColumns: SQL = """
    figures.id, figures.public_id, figures.media, figures.library, figures.ordinal, figures.x,
    figures.y, figures.width, figures.height, figures.landmarks, figures.score, figures.quality,
    figures.obstacles, figures.cluster, figures.cluster_confidence, figures.waiting_reason,
    figures.created, \(Snapshot.attributeColumns)
    """
  private static let figureDetails: SQL = "LEFT JOIN attributes ON attributes.figure = figures.id"

  /// Finds a figure by its row.
  public final func figure(_ id: FigureID) throws(StoreError) -> FigureRecord? {
    try figures(where: "id = \(id)", orderedBy: "id").first
  }

  /// Finds a figure by the name that clients know it by.
  public final func figure(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> FigureRecord? {
    try figures(where: "public_id = \(identifier) AND \(Self.isInLibrary)", orderedBy: "id").first
  }

  /// The figures with these ids, in their order; those that do not exist are left out.
  public final func figures(_ ids: [FigureID]) throws(StoreError) -> [FigureRecord] {
    var records: [FigureRecord] = []
    for id in ids {
      if let record = try figure(id) { records.append(record) }
    }
    return records
  }

  /// The figures of a medium, in the order in which they were found.
  public final func figures(of media: MediaID) throws(StoreError) -> [FigureRecord] {
    try figures(where: "media = \(media)", orderedBy: "ordinal")
  }

  /// A part of the figures of a cluster, best quality first.
  public final func figures(
    in cluster: ClusterID, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<FigureRecord> {
    try page(
      PagedQuery(
        columns: Self.figureColumns, source: "figures", details: Self.figureDetails,
        conditions: ["cluster = \(cluster)"],
        key: "figures.quality", id: "figures.id", sortCode: 64, order: .descending,
        idOrder: .ascending),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.figure(&row) }
  }

  /// A part of the figures of a library, by id.
  public final func figures(
    in library: LibraryID, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<FigureRecord> {
    try page(
      PagedQuery(
        columns: Self.figureColumns, source: "figures", details: Self.figureDetails,
        conditions: ["library = \(library)"],
        key: nil, id: "figures.id", sortCode: 66, order: .ascending),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.figure(&row) }
  }

  /// A part of the figures of a library that have no cluster, by id.
  public final func waitingFigures(
    in library: LibraryID, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<FigureRecord> {
    try page(
      PagedQuery(
        columns: Self.figureColumns, source: "figures", details: Self.figureDetails,
        conditions: ["library = \(library)", "cluster IS NULL"], key: nil, id: "figures.id",
        sortCode: 65,
        order: .ascending),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.figure(&row) }
  }

  /// The next figures of a library by id, for export.
  public final func figures(
    in library: LibraryID, after figure: FigureID?, count: Int
  ) throws(StoreError) -> [FigureRecord] {
    let start = figure ?? FigureID(rawValue: .min)
    return try rows(
      """
      SELECT \(Self.figureColumns) FROM figures \(Self.figureDetails) WHERE library = \(library) AND id > \(start)
      ORDER BY id LIMIT \(count)
      """
    ) { row throws(StoreError) in try Self.figure(&row) }
  }

  /// The ids of all figures of a cluster, ascending.
  public final func figureIDs(in cluster: ClusterID) throws(StoreError) -> [FigureID] {
    try rows("SELECT id FROM figures WHERE cluster = \(cluster) ORDER BY id") { $0.id() }
  }

  /// The embedding of a figure: that of the model in use, or else of another one.
  public final func embedding(of figure: FigureID) throws(StoreError) -> Embedding? {
    try firstRow(
      """
      SELECT vector, norm, hexadecimal, dimension FROM embeddings
      JOIN fingerprints ON fingerprints.id = fingerprint WHERE figure = \(figure)
      ORDER BY fingerprint IS (SELECT fingerprint FROM model_in_use) DESC, embeddings.id DESC
      LIMIT 1
      """
    ) { row throws(StoreError) in
      let values = row.floats()
      let norm = row.float()
      guard let values, let fingerprint = ModelFingerprint(hexadecimal: row.text()),
        values.count == row.int(),
        abs(values.reduce(0) { $0 + $1 * $1 } - 1) < 2e-3
      else { throw .damaged("the embedding of figure \(figure)") }
      return Embedding(unitLength: values, norm: norm, fingerprint: fingerprint)
    }
  }

  /// The JPEG of a figure.
  public final func crop(of figure: FigureID) throws(StoreError) -> [UInt8]? {
    try firstRow("SELECT jpeg FROM crops WHERE figure = \(figure)") { $0.blob() }
  }

  /// Hands over every figure of a library whose embedding has this fingerprint, by id.
  ///
  /// This is how the daemon gets its memory back when it starts.
  public final func forEachEmbeddedFigure(
    in library: LibraryID, fingerprint: ModelFingerprint,
    _ body: (EmbeddedFigure) throws(StoreError) -> Void
  ) throws(StoreError) {
    let found = try firstRow(
      "SELECT id, dimension FROM fingerprints WHERE hexadecimal = \(fingerprint.hexadecimal)"
    ) { (key: $0.integer(), dimension: $0.int()) }
    guard let found else { return }
    try forEachRow(
      """
      SELECT \(Self.embeddedColumns) FROM \(Self.embeddedSource)
      WHERE figures.library = \(library) AND fingerprint = \(found.key) ORDER BY figures.id
      """
    ) { row throws(StoreError) in
      try body(try Self.embeddedFigure(&row, dimension: found.dimension))
    }
  }

  /// A figure with its embedding; `nil` without one of this fingerprint.
  public final func embeddedFigure(
    _ figure: FigureID, fingerprint: ModelFingerprint
  ) throws(StoreError) -> EmbeddedFigure? {
    let found = try firstRow(
      "SELECT id, dimension FROM fingerprints WHERE hexadecimal = \(fingerprint.hexadecimal)"
    ) { (key: $0.integer(), dimension: $0.int()) }
    guard let found else { return nil }
    return try firstRow(
      """
      SELECT \(Self.embeddedColumns) FROM \(Self.embeddedSource)
      WHERE figures.id = \(figure) AND fingerprint = \(found.key)
      """
    ) { row throws(StoreError) in try Self.embeddedFigure(&row, dimension: found.dimension) }
  }

  private static let embeddedColumns: SQL = """
    figures.id, figures.media, vector, norm, quality, obstacles,
    captured_local - coalesce(capture_offset, 0) * 1000, cluster, tracks.start, tracks.finish
    """
  private static let embeddedSource: SQL = """
    figures JOIN embeddings ON embeddings.figure = figures.id
    JOIN media ON media.id = figures.media LEFT JOIN tracks ON tracks.figure = figures.id
    """

  /// Reads ``embeddedColumns``.
  private static func embeddedFigure(
    _ row: inout Row, dimension: Int
  ) throws(StoreError) -> EmbeddedFigure {
    let figure: FigureID = row.id()
    let media: MediaID = row.id()
    guard let embedding = row.floats(), embedding.count == dimension else {
      throw .damaged("the embedding of figure \(figure)")
    }
    return EmbeddedFigure(
      figure: figure, media: media, embedding: embedding, norm: row.float(),
      quality: FaceQuality(
        value: row.float(), obstacles: FoundingObstacles(rawValue: row.integer())),
      captureTime: row.optionalTimestamp(), cluster: row.optionalID(), interval: row.interval())
  }

  /// The figures of a library without an embedding of this fingerprint: known to other models only,
  /// they wait to be embedded anew.
  public final func countFigures(
    in library: LibraryID, withoutFingerprint fingerprint: ModelFingerprint
  ) throws(StoreError) -> Int {
    try count(
      """
      SELECT count(*) FROM figures WHERE library = \(library)
        AND EXISTS (SELECT 1 FROM embeddings WHERE figure = figures.id)
        AND NOT EXISTS (SELECT 1 FROM embeddings JOIN fingerprints
          ON fingerprints.id = fingerprint
          WHERE figure = figures.id AND hexadecimal = \(fingerprint.hexadecimal))
      """)
  }

  private final func figures(
    where condition: SQL, orderedBy order: SQL
  ) throws(StoreError) -> [FigureRecord] {
    try rows(
      """
      SELECT \(Self.figureColumns) FROM figures \(Self.figureDetails)
      WHERE \(condition) ORDER BY \(order)
      """
    ) { row throws(StoreError) in try Self.figure(&row) }
  }

  private static func figure(_ row: inout Row) throws(StoreError) -> FigureRecord {
    FigureRecord(
      id: row.id(), publicID: try row.publicID(), media: row.id(), library: row.id(),
      ordinal: row.int(),
      boundingBox: BoundingBox(
        x: row.float(), y: row.float(), width: row.float(), height: row.float()),
      landmarks: try row.landmarks(), score: row.float(),
      quality: FaceQuality(
        value: row.float(), obstacles: FoundingObstacles(rawValue: row.integer())),
      cluster: row.optionalID(), clusterConfidence: row.optionalDouble().map { Float($0) },
      waitingReason: row.optionalText(), created: row.timestamp(), attributes: row.attributes())
  }
}
