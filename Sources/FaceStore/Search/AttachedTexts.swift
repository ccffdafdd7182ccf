internal import FaceTypes

extension Snapshot {
  /// What others attached to a medium, in their order.
  final func texts(of media: MediaID) throws(StoreError) -> [AttachedText] {
    try rows(
      """
      SELECT kind, content, label_type, label_category, label_id, source, score, starts, ends,
        moment
      FROM media_texts WHERE media = \(media) ORDER BY ordinal
      """
    ) { row throws(StoreError) in
      AttachedText(
        kind: try row.choice(), content: row.text(), labelType: row.optionalText(),
        labelCategory: row.optionalText(), labelID: row.optionalText(),
        source: row.optionalText(), score: row.optionalDouble(), start: row.optionalDouble(),
        end: row.optionalDouble(), moment: row.optionalDouble())
    }
  }
}

extension Transaction {
  /// Replaces what others attached to a medium, with the words that it is found by.
  func setTexts(of media: MediaID, _ texts: [AttachedText]) throws(StoreError) {
    try removeTexts(of: media)
    for (ordinal, text) in texts.enumerated() {
      let id = try insert(
        """
        INSERT INTO media_texts(media, ordinal, kind, content, label_type, label_category,
          label_id, source, score, starts, ends, moment)
        VALUES (\(media), \(ordinal), \(text.kind.rawValue), \(text.content), \(text.labelType),
          \(text.labelCategory), \(text.labelID), \(text.source), \(text.score), \(text.start),
          \(text.end), \(text.moment))
        """)
      guard let id else { throw .damaged("an attached text with a number that is taken") }
      try addWords(ofText: id, text.content)
    }
  }

  /// Erases what others attached to a medium.
  func removeTexts(of media: MediaID) throws(StoreError) {
    let texts = try rows("SELECT id, content FROM media_texts WHERE media = \(media)") {
      (id: $0.integer(), content: $0.text())
    }
    for text in texts { try removeWords(ofText: text.id, text.content) }
    guard !texts.isEmpty else { return }
    erasedRows += try execute("DELETE FROM media_texts WHERE media = \(media)")
  }
}
