internal import MatchLanguage

/// Where the values of a field are found, for a condition on the row `media`.
private enum ValueSource {
  /// One value or NULL, an expression over `media`.
  case column(SQL)
  /// Rows, tied to `media` by a condition; the value is an expression over them.
  case rows(from: SQL, value: SQL)
}

extension MatchField {
  /// How statuses are called on the wire.
  private static let statusWord: SQL = """
    CASE media.status WHEN 'ready' THEN 'Normal' WHEN 'failed' THEN 'Failed' ELSE 'Preparing' END
    """

  private static let clusterWord: SQL = """
    'Cluster-' || lower(substr(hex(clusters.public_id), 1, 8) || '-'
      || substr(hex(clusters.public_id), 9, 4) || '-'
      || substr(hex(clusters.public_id), 13, 4) || '-'
      || substr(hex(clusters.public_id), 17, 4) || '-'
      || substr(hex(clusters.public_id), 21, 12))
    """

  /// Figures of the medium, except what somebody said is no face.
  private static let faces: SQL = """
    figures WHERE figures.media = media.id AND figures.waiting_reason IS NOT 'NotAFace'
    """

  /// The same with what is known of them besides.
  private static let describedFaces: SQL = """
    attributes JOIN figures ON figures.id = attributes.figure
    WHERE figures.media = media.id AND figures.waiting_reason IS NOT 'NotAFace'
    """

  private static let people: SQL = """
    figures JOIN clusters ON clusters.id = figures.cluster WHERE figures.media = media.id
    """

  private static func texts(_ kind: AttachedTextKind) -> SQL {
    "media_texts WHERE media_texts.media = media.id AND media_texts.kind = \(kind.rawValue)"
  }

  /// The unary plus keeps a condition from choosing how the media are walked through.
  fileprivate var source: ValueSource {
    switch self {
    case .title: .column("+media.title")
    case .description: .column("+media.description")
    case .mediaID: .column("lower(hex(media.public_id))")
    case .inputURL: .column("+media.uri")
    case .mediaType: .column("+media.media_type")
    case .status: .column(Self.statusWord)
    case .namespace: .column("+media.namespace")
    case .referenceID: .column("+media.reference_id")
    case .userData: .column("+media.user_data")
    case .format: .column("+media.format")
    case .cameraMake: .column("+media.camera_make")
    case .cameraModel: .column("+media.camera_model")
    case .created: .column("+media.created")
    case .modified: .column("+media.updated")
    case .captured: .column("+media.captured_local")
    case .width: .column("+media.width")
    case .height: .column("+media.height")
    case .fileSize: .column("+media.byte_count")
    case .latitude: .column("+media.latitude")
    case .longitude: .column("+media.longitude")
    case .faceCount: .column("(SELECT count(*) FROM \(Self.faces))")
    case .personCount:
      .column("(SELECT count(DISTINCT figures.cluster) FROM \(Self.faces))")
    case .tags:
      .rows(from: "media_tags WHERE media_tags.media = media.id", value: "media_tags.tag")
    case .ocr: .rows(from: Self.texts(.ocr), value: "media_texts.content")
    case .speech: .rows(from: Self.texts(.speech), value: "media_texts.content")
    case .caption: .rows(from: Self.texts(.caption), value: "media_texts.content")
    case .labelName: .rows(from: Self.texts(.label), value: "media_texts.content")
    case .labelCategory: .rows(from: Self.texts(.label), value: "media_texts.label_category")
    case .labelID: .rows(from: Self.texts(.label), value: "media_texts.label_id")
    case .person: .rows(from: Self.people, value: "clusters.name")
    case .personID: .rows(from: Self.people, value: Self.clusterWord)
    case .faceQuality: .rows(from: Self.faces, value: "figures.quality")
    case .faceAge: .rows(from: Self.describedFaces, value: "attributes.age")
    case .faceGender: .rows(from: Self.describedFaces, value: "attributes.gender")
    case .faceEmotion: .rows(from: Self.describedFaces, value: "attributes.emotion")
    case .faceMouth: .rows(from: Self.describedFaces, value: "attributes.mouth")
    case .custom(let name):
      .rows(
        from: """
          media_fields WHERE media_fields.media = media.id AND media_fields.name = \(name)
          """, value: "media_fields.value")
    }
  }
}

extension MatchExpression {
  /// The condition on the row `media`; never NULL, so that `NOT` turns it round.
  var condition: SQL {
    switch self {
    case .condition(let condition): condition.condition
    case .not(let inner): "NOT (\(inner.condition))"
    case .all(let parts): "(" + parts.map(\.condition).joined(by: " AND ") + ")"
    case .any(let parts): "(" + parts.map(\.condition).joined(by: " OR ") + ")"
    }
  }
}

extension MatchCondition {
  fileprivate var condition: SQL {
    switch test {
    case .different(let value): "NOT " + holds { Self.equals($0, [value]) }
    case .allOf(let values):
      "(" + values.map { value in holds { self.isAny($0, of: [value]) } }.joined(by: " AND ") + ")"
    case .equal, .contains, .anyOf, .within, .exists: holds { self.test(on: $0) }
    }
  }

  /// That `test` holds for one of the values.
  private func holds(_ test: (SQL) -> SQL) -> SQL {
    switch field.source {
    case .column(let value): "(\(value) IS NOT NULL AND \(test(value)))"
    case .rows(let from, let value):
      "EXISTS (SELECT 1 FROM \(from) AND \(value) IS NOT NULL AND \(test(value)))"
    }
  }

  /// The test on one value that is not NULL.
  func test(on value: SQL) -> SQL {
    switch test {
    case .equal(let wanted), .different(let wanted): Self.equals(value, [wanted])
    case .contains(let text): Self.contains(value, text)
    case .anyOf(let wanted), .allOf(let wanted): isAny(value, of: wanted)
    case .within(let range): range.condition(on: value)
    case .exists: "TRUE"
    }
  }

  private func isAny(_ value: SQL, of wanted: [MatchValue]) -> SQL {
    guard field.kind == .prose else { return Self.equals(value, wanted) }
    let parts = wanted.map { wanted -> SQL in
      if case .text(let text) = wanted { Self.contains(value, text) } else { "FALSE" }
    }
    return "(" + parts.joined(by: " OR ") + ")"
  }

  private static func equals(_ value: SQL, _ wanted: [MatchValue]) -> SQL {
    "\(value) IN (\(list: wanted.map(\.sqlValue)))"
  }

  /// SQLite's `lower` knows the letters of ASCII only, as the language demands.
  private static func contains(_ value: SQL, _ text: String) -> SQL {
    "(typeof(\(value)) = 'text' AND instr(lower(\(value)), lower(\(text))) > 0)"
  }
}

extension MatchValue: SQLConvertible {
  package var sqlValue: SQLValue {
    switch self {
    case .text(let text): .text(text)
    case .number(let number): .real(number)
    }
  }
}

extension MatchRange {
  /// That a value that is not NULL is a number in the range.
  func condition(on value: SQL) -> SQL {
    var conditions: [SQL] = ["typeof(\(value)) <> 'text'"]
    if let lower {
      conditions.append(
        lower.isIncluded ? "\(value) >= \(lower.value)" : "\(value) > \(lower.value)")
    }
    if let upper {
      conditions.append(
        upper.isIncluded ? "\(value) <= \(upper.value)" : "\(value) < \(upper.value)")
    }
    return "(" + conditions.conjunction + ")"
  }
}

extension [SQL] {
  /// The parts with `separator` between them.
  func joined(by separator: SQL) -> SQL {
    guard var result = first else { return "" }
    for part in dropFirst() { result = result + separator + part }
    return result
  }
}
