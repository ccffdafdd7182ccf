public import FaceTypes

extension Snapshot {
  /// The row of a model's fingerprint; no row has the number that stands for an unknown one.
  private static func key(_ fingerprint: ModelFingerprint) -> SQL {
    "(SELECT id FROM fingerprints WHERE hexadecimal = \(fingerprint.hexadecimal))"
  }

  /// Figures of libraries that are there, which lack an embedding of a model and may get one.
  private static func isToEmbed(_ fingerprint: ModelFingerprint) -> SQL {
    """
    figures.\(isInLibrary)
      AND NOT EXISTS (SELECT 1 FROM embeddings
        WHERE embeddings.figure = figures.id AND fingerprint = \(key(fingerprint)))
      AND NOT EXISTS (SELECT 1 FROM model_switch_figures
        WHERE model_switch_figures.figure = figures.id AND origin IS NULL)
    """
  }

  /// The model by whose embeddings faces are compared; `nil` until one is chosen.
  public final func modelInUse() throws(StoreError) -> ModelFingerprint? {
    try fingerprint(where: "id = (SELECT fingerprint FROM model_in_use)")
  }

  /// The model that most figures were embedded by, one left out.
  public final func mostUsedModel(
    except other: ModelFingerprint? = nil
  ) throws(StoreError) -> ModelFingerprint? {
    try fingerprint(
      where: """
        id = (SELECT fingerprint FROM embeddings
          WHERE fingerprint IS NOT
            (SELECT id FROM fingerprints WHERE hexadecimal = \(other?.hexadecimal))
          GROUP BY fingerprint ORDER BY count(*) DESC, fingerprint LIMIT 1)
        """)
  }

  private final func fingerprint(where condition: SQL) throws(StoreError) -> ModelFingerprint? {
    try firstRow("SELECT hexadecimal FROM fingerprints WHERE \(condition)") {
      row throws(StoreError) in try row.fingerprint()
    }
  }

  /// Whether a figure has an embedding of a model.
  public final func hasEmbedding(
    _ figure: FigureID, by fingerprint: ModelFingerprint
  ) throws(StoreError) -> Bool {
    try integer(
      """
      SELECT 1 FROM embeddings WHERE figure = \(figure) AND fingerprint = \(Self.key(fingerprint))
      """) != nil
  }

  /// Whether a cluster has figures that the model in use knows nothing of: they are not in memory.
  public final func holdsUnknownFigures(_ cluster: ClusterID) throws(StoreError) -> Bool {
    try integer(
      """
      SELECT 1 FROM figures WHERE cluster = \(cluster) AND NOT EXISTS (SELECT 1 FROM embeddings
        WHERE embeddings.figure = figures.id
          AND fingerprint = (SELECT fingerprint FROM model_in_use)) LIMIT 1
      """) != nil
  }

  /// The change from one model to another, if there is one.
  public final func modelSwitch() throws(StoreError) -> ModelSwitchRecord? {
    try firstRow(
      """
      SELECT old.hexadecimal, new.hexadecimal, state, requested_by, created, prepared, applied
      FROM model_switches JOIN fingerprints AS old ON old.id = source
      JOIN fingerprints AS new ON new.id = target
      """
    ) { row throws(StoreError) in
      ModelSwitchRecord(
        source: try row.fingerprint(), target: try row.fingerprint(), state: try row.choice(),
        requestedBy: UInt32(truncatingIfNeeded: row.integer()), created: row.timestamp(),
        prepared: row.optionalTimestamp(), applied: row.optionalTimestamp())
    }
  }

  /// The next media, by id, with figures to embed by a model.
  public final func mediaToEmbed(
    by fingerprint: ModelFingerprint, after media: MediaID?, count: Int
  ) throws(StoreError) -> [MediaID] {
    let start = media ?? MediaID(rawValue: .min)
    return try rows(
      """
      SELECT DISTINCT figures.media FROM figures
      WHERE figures.media > \(start) AND \(Self.isToEmbed(fingerprint))
      ORDER BY figures.media LIMIT \(count)
      """
    ) { $0.id() }
  }

  /// The figures of a medium that are to be embedded by a model, in the medium's order.
  public final func figuresToEmbed(
    of media: MediaID, by fingerprint: ModelFingerprint
  ) throws(StoreError) -> [FigureRecord] {
    try figures(
      rows(
        """
        SELECT figures.id FROM figures
        WHERE figures.media = \(media) AND \(Self.isToEmbed(fingerprint)) ORDER BY ordinal
        """
      ) { $0.id() })
  }

  /// How many figures are to be embedded by a model.
  public final func countFiguresToEmbed(
    by fingerprint: ModelFingerprint
  ) throws(StoreError) -> Int {
    try count("SELECT count(*) FROM figures WHERE \(Self.isToEmbed(fingerprint))")
  }

  /// How far embedding all figures by a model has come.
  public final func extent(
    ofEmbeddingBy fingerprint: ModelFingerprint
  ) throws(StoreError) -> ModelSwitchExtent {
    var extent = ModelSwitchExtent()
    extent.figures = try count("SELECT count(*) FROM figures WHERE \(Self.isInLibrary)")
    extent.embedded = try count(
      """
      SELECT count(*) FROM figures JOIN embeddings ON embeddings.figure = figures.id
      WHERE \(Self.isInLibrary) AND fingerprint = \(Self.key(fingerprint))
      """)
    try forEachRow(
      """
      SELECT origin, obstacle, count(*) FROM model_switch_figures
      JOIN figures ON figures.id = figure WHERE \(Self.isInLibrary) GROUP BY origin, obstacle
      """
    ) { row throws(StoreError) in
      let origin = row.optionalText().flatMap(EmbeddingOrigin.init(rawValue:))
      let obstacle = row.optionalText()
      switch origin {
      case .medium: break
      case .crop: extent.embeddedFromCrops += row.int()
      case nil: extent.failed[obstacle ?? "", default: 0] += row.int()
      }
    }
    return extent
  }

  /// What the change of the model does in each library, by library.
  public final func modelSwitchPlans() throws(StoreError) -> [ModelSwitchPlan] {
    try rows(
      """
      SELECT library, plan, event FROM model_switch_plans
      JOIN recluster_plans ON recluster_plans.id = plan
      WHERE \(Self.isInLibrary) ORDER BY library
      """
    ) { ModelSwitchPlan(library: $0.id(), plan: $0.id(), event: $0.optionalID()) }
  }

  /// Whether a plan says what a change of the model does.
  public final func isOfModelSwitch(_ plan: ReclusteringPlanID) throws(StoreError) -> Bool {
    try integer("SELECT 1 FROM model_switch_plans WHERE plan = \(plan)") != nil
  }

  /// Pictures of enrolled people that were not embedded by a model.
  public final func countSamples(
    withoutFingerprint fingerprint: ModelFingerprint
  ) throws(StoreError) -> Int {
    try count(
      """
      SELECT count(*) FROM entity_samples WHERE fingerprint IS NOT \(Self.key(fingerprint))
      """)
  }
}

extension Row {
  fileprivate mutating func fingerprint() throws(StoreError) -> ModelFingerprint {
    guard let fingerprint = ModelFingerprint(hexadecimal: text()) else {
      throw .damaged("a fingerprint that is no digest")
    }
    return fingerprint
  }
}
