internal import FaceTypes

extension Transaction {
  /// Records what is known of a figure, in place of what was.
  func setAttributes(
    _ attributes: FaceAttributes?, of figure: FigureID
  ) throws(StoreError) {
    erasedRows += try execute("DELETE FROM attributes WHERE figure = \(figure)")
    guard let attributes else { return }
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
      """)
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
