public import FaceTypes

extension Transaction {
  /// Records what is known of a figure, in place of what was.
  func setAttributes(
    _ attributes: FaceAttributes?, of figure: FigureID
  ) throws(StoreError) {
    try execute("DELETE FROM attribute_obstacles WHERE figure = \(figure)")
    guard let attributes else {
      erasedRows += try execute("DELETE FROM attributes WHERE figure = \(figure)")
      return
    }
    let models = try key(of: attributes.models)
    try execute(
      """
      INSERT INTO attributes(figure, models, age, age_deviation, gender, gender_confidence, emotion,
        emotion_confidence, pitch, yaw, roll, mouth, mouth_confidence, sharpness)
      VALUES (\(figure), \(models), \(attributes.age?.years), \(attributes.age?.deviation),
        \(attributes.gender?.value.rawValue), \(attributes.gender?.confidence),
        \(attributes.emotion?.value.rawValue), \(attributes.emotion?.confidence),
        \(attributes.pose?.pitch), \(attributes.pose?.yaw), \(attributes.pose?.roll),
        \(attributes.mouth?.value.rawValue), \(attributes.mouth?.confidence),
        \(attributes.sharpness))
      ON CONFLICT (figure) DO UPDATE SET models = excluded.models, age = excluded.age,
        age_deviation = excluded.age_deviation, gender = excluded.gender,
        gender_confidence = excluded.gender_confidence, emotion = excluded.emotion,
        emotion_confidence = excluded.emotion_confidence, pitch = excluded.pitch,
        yaw = excluded.yaw, roll = excluded.roll, mouth = excluded.mouth,
        mouth_confidence = excluded.mouth_confidence, sharpness = excluded.sharpness
      """)
  }

  /// Stores what came of asking networks about stored figures, as long as the medium's content is
  /// what they were shown; figures that were erased meanwhile are passed over.
  ///
  /// What other networks said before stays.
  ///
  /// - Parameters:
  ///   - descriptions: of figures of the medium.
  ///   - media: the medium.
  ///   - content: the SHA-256 digest of what was shown.
  ///   - models: the networks that were to be asked.
  /// - Throws: ``StoreError``.
  public func record(
    _ descriptions: [FigureDescription], of media: MediaID, content: [UInt8]?,
    by models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) {
    guard let medium = try self.media(media), medium.content.sha256 == content else { return }
    for description in descriptions {
      let figure = description.figure
      guard let stored = try self.figure(figure), stored.media == media else { continue }
      if let found = description.attributes {
        var known = stored.attributes ?? FaceAttributes()
        known.models = try attributeModels(of: figure)
        try setAttributes(known.completed(by: found), of: figure)
      } else {
        try execute(
          """
          INSERT INTO attribute_obstacles(figure, models, obstacle)
          VALUES (\(figure), \(key(of: models)), \(description.obstacle ?? ""))
          ON CONFLICT (figure) DO UPDATE SET models = excluded.models, obstacle = excluded.obstacle
          """)
      }
    }
  }

  /// Forgets all that was in the way, so that it is tried again.
  public func forgetAttributeObstacles() throws(StoreError) {
    try execute("DELETE FROM attribute_obstacles")
  }

  /// The row of a set of networks, made when it is first met.
  private func key(
    of models: [AttributeKind: ModelFingerprint]
  ) throws(StoreError) -> Int64 {
    let description = models.storedDescription
    let found = try integer(
      "SELECT id FROM attribute_models WHERE description = \(description)")
    if let found { return found }
    let key = try insert("INSERT INTO attribute_models(description) VALUES (\(description))")
    guard let key else { throw .damaged("attribute models that are there and are not") }
    return key
  }
}

extension [AttributeKind: ModelFingerprint] {
  /// A line for each, sorted.
  var storedDescription: String {
    map { "\($0.key.rawValue)=\($0.value.hexadecimal)" }.sorted().joined(separator: "\n")
  }

  /// Reads ``storedDescription``; what a later release may have added is passed over.
  init(storedDescription: String) {
    self.init()
    for line in storedDescription.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let kind = AttributeKind(rawValue: String(parts[0])),
        let fingerprint = ModelFingerprint(hexadecimal: String(parts[1]))
      else { continue }
      self[kind] = fingerprint
    }
  }
}
