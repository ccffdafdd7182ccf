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
