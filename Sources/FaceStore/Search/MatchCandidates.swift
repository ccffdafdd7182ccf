internal import FaceTypes
internal import MatchLanguage

extension Snapshot {
  /// A query for the media that may fulfil a condition, out of an index; `nil` without one.
  ///
  /// It finds all that do and perhaps some that do not. Its column is the number of the medium.
  final func candidates(
    for condition: MatchCondition, in library: LibraryID
  ) throws(StoreError) -> SQL? {
    switch (condition.field, condition.test) {
    case (.title, _), (.description, _), (.tags, .contains):
      guard let texts = condition.containedTexts,
        let words = try query(forWords: texts, in: condition.field.column)
      else { return nil }
      return "SELECT rowid AS id FROM media_words WHERE media_words MATCH \(words)"
    case (.ocr, _), (.speech, _), (.caption, _), (.labelName, .contains):
      guard let texts = condition.containedTexts,
        let words = try query(forWords: texts, in: nil)
      else { return nil }
      return """
        SELECT media AS id FROM text_words JOIN media_texts ON media_texts.id = text_words.rowid
        WHERE text_words MATCH \(words)
        """
    default: return exactCandidates(for: condition, in: library)
    }
  }

  private final func exactCandidates(
    for condition: MatchCondition, in library: LibraryID
  ) -> SQL? {
    let values = condition.equalValues?.map(\.sqlValue)
    switch (condition.field, values, condition.test) {
    case (.tags, let values?, _):
      return "SELECT media AS id FROM media_tags WHERE tag IN (\(list: values))"
    case (.labelName, let values?, _):
      return
        "SELECT media AS id FROM media_texts WHERE kind = 'label' AND content IN (\(list: values))"
    case (.labelCategory, let values?, _):
      return "SELECT media AS id FROM media_texts WHERE label_category IN (\(list: values))"
    case (.labelID, let values?, _):
      return "SELECT media AS id FROM media_texts WHERE label_id IN (\(list: values))"
    case (.person, let values?, _):
      return """
        SELECT figures.media AS id FROM clusters JOIN figures ON figures.cluster = clusters.id
        WHERE clusters.library = \(library) AND clusters.name IN (\(list: values))
        """
    case (.personID, let values?, _):
      let identifiers = values.compactMap { value -> PublicIdentifier? in
        guard case .text(let text) = value, text.hasPrefix("Cluster-") else { return nil }
        return PublicIdentifier(text.dropFirst("Cluster-".count))
      }
      return """
        SELECT figures.media AS id FROM clusters JOIN figures ON figures.cluster = clusters.id
        WHERE clusters.public_id IN (\(list: identifiers))
        """
    case (.mediaID, let values?, _):
      let identifiers = values.compactMap { value -> PublicIdentifier? in
        if case .text(let text) = value { PublicIdentifier(text) } else { nil }
      }
      return "SELECT id FROM media WHERE public_id IN (\(list: identifiers))"
    case (.referenceID, let values?, _):
      return """
        SELECT id FROM media WHERE library = \(library) AND reference_id IN (\(list: values))
        """
    case (.inputURL, let values?, _):
      return "SELECT id FROM media WHERE library = \(library) AND uri IN (\(list: values))"
    case (.namespace, let values?, _):
      return """
        SELECT id FROM media WHERE library = \(library) AND namespace IN (\(list: values))
        """
    case (.custom(let name), let values?, _):
      return """
        SELECT media AS id FROM media_fields WHERE name = \(name) AND value IN (\(list: values))
        """
    case (.custom(let name), _, .within(let range)):
      return """
        SELECT media AS id FROM media_fields
        WHERE name = \(name) AND \(range.condition(on: "value"))
        """
    case (.created, _, .within(let range)):
      return """
        SELECT id FROM media WHERE library = \(library) AND \(range.condition(on: "created"))
        """
    case (.modified, _, .within(let range)):
      return """
        SELECT id FROM media WHERE library = \(library) AND \(range.condition(on: "updated"))
        """
    case (.captured, _, .within(let range)):
      return """
        SELECT id FROM media
        WHERE library = \(library) AND \(range.condition(on: "captured_local"))
        """
    default: return nil
    }
  }

  /// A query of the index of words for one of some texts; `nil` if one of them is too common to be
  /// looked up by its beginning.
  ///
  /// - Parameters:
  ///   - texts: what is to be contained, in full.
  ///   - column: of `media_words`; without one, the index of attached texts is meant.
  /// - Returns: in the language of FTS5.
  /// - Throws: ``StoreError``.
  final func query(
    forWords texts: [String], in column: String?
  ) throws(StoreError) -> String? {
    var alternatives: [String] = []
    for text in texts {
      if text.unicodeScalars.count >= 3 {
        alternatives.append(text.quotedForWords)
      } else {
        guard let terms = try terms(beginningWith: text, inTexts: column == nil) else {
          return nil
        }
        alternatives += terms.map(\.quotedForWords)
      }
    }
    // Nothing is as long as this, so nothing is found.
    if alternatives.isEmpty { alternatives = [String(repeating: "\u{1}", count: 3).quotedForWords] }
    let either = alternatives.joined(separator: " OR ")
    return column.map { "{\($0)} : (\(either))" } ?? either
  }

  /// The entries of three letters that begin with one or two; `nil` if there are too many.
  private final func terms(
    beginningWith text: String, inTexts: Bool
  ) throws(StoreError) -> [String]? {
    let limit = 400
    let table: SQL = inTexts ? "text_word_terms" : "media_word_terms"
    // The index holds small letters.
    let beginning = text.lowercased()
    let end = beginning + "\u{10FFFF}"
    let terms = try rows(
      """
      SELECT term FROM \(table) WHERE term >= \(beginning) AND term < \(end) LIMIT \(limit + 1)
      """
    ) { $0.text() }
    return terms.count > limit ? nil : terms
  }
}

extension MatchField {
  /// The column of `media_words`.
  fileprivate var column: String {
    switch self {
    case .description: "description"
    case .tags: "tags"
    default: "title"
    }
  }
}

extension MatchCondition {
  /// The texts of which a value contains at least one, if the condition holds.
  fileprivate var containedTexts: [String]? {
    let values: [MatchValue]
    switch test {
    case .contains(let text): values = [.text(text)]
    case .equal(let value): values = [value]
    case .anyOf(let several): values = several
    case .allOf(let several): values = Array(several.prefix(1))
    case .different, .within, .exists: return nil
    }
    let texts = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    return texts.contains("") ? nil : texts
  }

  /// The values of which one is there, if the condition holds.
  fileprivate var equalValues: [MatchValue]? {
    switch test {
    case .equal(let value): [value]
    case .anyOf(let values): values
    case .allOf(let values): Array(values.prefix(1))
    case .contains, .different, .within, .exists: nil
    }
  }
}

extension String {
  /// As one text of an FTS5 query.
  var quotedForWords: String { "\"" + replacing("\"", with: "\"\"") + "\"" }
}
