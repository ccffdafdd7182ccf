public import FaceTypes

extension Snapshot {
  static let attributeColumns: SQL = """
    attributes.figure, attributes.age, attributes.age_deviation, attributes.gender,
    attributes.gender_confidence, attributes.emotion, attributes.emotion_confidence,
    attributes.pitch, attributes.yaw, attributes.roll, attributes.mouth,
    attributes.mouth_confidence, attributes.sharpness
    """

  /// Which networks were asked about a figure; none if it was stored before there were any.
  public final func attributeModels(
    of figure: FigureID
  ) throws(StoreError) -> [AttributeKind: ModelFingerprint] {
    let description = try firstRow(
      """
      SELECT description FROM attributes JOIN attribute_models ON attribute_models.id = models
      WHERE figure = \(figure)
      """
    ) { $0.text() }
    return .init(storedDescription: description ?? "")
  }

  /// The figures that some networks were not asked about and may be, in libraries that are there.
  private final func isToDescribe(
    by models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) -> SQL {
    """
    figures.\(Self.isInLibrary)
      AND NOT EXISTS (SELECT 1 FROM attributes
        WHERE attributes.figure = figures.id AND \(try cover(models)))
      AND NOT EXISTS (SELECT 1 FROM attribute_obstacles
        WHERE attribute_obstacles.figure = figures.id AND \(try cover(models)))
    """
  }

  /// Whether a row's `models` are these or more.
  private final func cover(
    _ models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) -> SQL {
    let known = try rows("SELECT id, description FROM attribute_models") {
      (key: $0.integer(), asked: $0.text())
    }
    let covering = known.filter { row in
      FaceAttributes(models: .init(storedDescription: row.asked)).cover(models)
    }
    let list = covering.map { "\($0.key)" }.joined(separator: ",")
    return "models IN (SELECT value FROM json_each(\("[\(list)]")))"
  }

  /// The next media, by id, with figures that some networks are to be asked about.
  public final func mediaToDescribe(
    by models: [AttributeKind: ModelFingerprint], after media: MediaID?, count: Int
  ) throws(StoreError) -> [MediaID] {
    let start = media ?? MediaID(rawValue: .min)
    return try rows(
      """
      SELECT DISTINCT figures.media FROM figures
      WHERE figures.media > \(start) AND \(isToDescribe(by: models))
      ORDER BY figures.media LIMIT \(count)
      """
    ) { $0.id() }
  }

  /// The figures of a medium that some networks are to be asked about, in the medium's order.
  public final func figuresToDescribe(
    of media: MediaID, by models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) -> [FigureRecord] {
    try figures(
      rows(
        """
        SELECT figures.id FROM figures
        WHERE figures.media = \(media) AND \(isToDescribe(by: models)) ORDER BY ordinal
        """
      ) { $0.id() })
  }

  /// How many figures some networks were asked about.
  public final func extent(
    ofAttributesBy models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) -> AttributeExtent {
    var extent = AttributeExtent()
    extent.figures = try count("SELECT count(*) FROM figures WHERE \(Self.isInLibrary)")
    extent.described = try count(
      """
      SELECT count(*) FROM figures JOIN attributes ON attributes.figure = figures.id
      WHERE \(Self.isInLibrary) AND \(cover(models))
      """)
    try forEachRow(
      """
      SELECT obstacle, count(*) FROM attribute_obstacles
      JOIN figures ON figures.id = attribute_obstacles.figure
      WHERE \(Self.isInLibrary) AND \(cover(models)) GROUP BY obstacle
      """
    ) { row throws(StoreError) in
      let obstacle = row.text()
      extent.obstacles[obstacle] = row.int()
    }
    return extent
  }

  /// What is known of a person from the figures of a cluster.
  public final func attributes(of cluster: ClusterID) throws(StoreError) -> ClusterAttributes {
    let found = try firstRow(
      """
      SELECT \(ClusterAttributes.columns) FROM \(ClusterAttributes.source)
      WHERE figures.cluster = \(cluster)
      """
    ) { row in
      let vote = row.optionalDouble()
      let ages = (0..<3).map { _ in row.optionalDouble().map { Float($0) } }
      return ClusterAttributes(
        gender: vote.map { $0 > 0 ? .female : .male }, averageAge: ages[0], minimumAge: ages[1],
        maximumAge: ages[2])
    }
    return found ?? ClusterAttributes()
  }
}

extension ClusterAttributes {
  /// The faces that may speak for a person.
  static let source: SQL = "figures JOIN attributes ON attributes.figure = figures.id"

  /// Positive for women: each face counts as far as the network is sure of it and it can be
  /// recognised.
  static let genderVote: SQL = """
    sum(CASE attributes.gender WHEN 'female' THEN 1 WHEN 'male' THEN -1 END
      * attributes.gender_confidence * max(figures.quality, \(leastWeight)))
    """

  /// The mean age; unclear faces are asked only where there are no others.
  static let averageAge: SQL = aggregate("avg")

  static let columns: SQL = """
    \(genderVote), \(averageAge), \(aggregate("min")), \(aggregate("max"))
    """

  /// An aggregate over the faces of the row `clusters`.
  static func ofRow(_ aggregate: SQL) -> SQL {
    "(SELECT \(aggregate) FROM \(source) WHERE figures.cluster = clusters.id)"
  }

  private static func aggregate(_ function: SQL) -> SQL {
    """
    coalesce(\(function)(CASE WHEN figures.obstacles = 0 THEN attributes.age END),
      \(function)(attributes.age))
    """
  }
}

extension Row {
  /// Reads ``Snapshot/attributeColumns``; `nil` where there is no row.
  mutating func attributes() -> FaceAttributes? {
    let isThere = optionalInteger() != nil
    var attributes = FaceAttributes()
    let (years, deviation) = (optionalFloat(), optionalFloat())
    if let years, let deviation {
      attributes.age = AgeEstimate(years: years, deviation: deviation)
    }
    attributes.gender = judgement()
    attributes.emotion = judgement()
    let (pitch, yaw, roll) = (optionalFloat(), optionalFloat(), optionalFloat())
    if let pitch, let yaw, let roll {
      attributes.pose = HeadPose(pitch: pitch, yaw: yaw, roll: roll)
    }
    attributes.mouth = judgement()
    attributes.sharpness = optionalFloat()
    return isThere ? attributes : nil
  }

  /// A choice and its confidence; `nil` for a choice that only another release knows.
  private mutating func judgement<Choice: RawRepresentable<String>>() -> Judgement<Choice>? {
    let (choice, confidence) = (optionalText().flatMap(Choice.init), optionalFloat())
    guard let choice, let confidence else { return nil }
    return Judgement(choice, confidence: confidence)
  }

  private mutating func optionalFloat() -> Float? { optionalDouble().map { Float($0) } }
}
