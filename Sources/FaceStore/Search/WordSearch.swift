public import FaceTypes

/// A medium in which words were found.
public struct WordHit: Hashable, Sendable {
  public let media: MediaID
  /// How many of the words.
  public let count: Int
}

/// A text attached to a medium in which words were found.
public struct AttachedTextHit: Hashable, Sendable {
  public let text: AttachedText
  /// How many of the words.
  public let count: Int
}

extension Snapshot {
  /// The media of a library with some words in title, tags, description, place or attached texts:
  /// those with the most of the words first, the latest stored first among equals.
  ///
  /// - Parameters:
  ///   - words: each is found within longer ones too, without regard to case.
  ///   - library: where to search.
  ///   - limit: how many of each word are looked at, the latest stored.
  /// - Returns: at most `limit` media.
  /// - Throws: ``StoreError``.
  public final func media(
    withWords words: [String], in library: LibraryID, limit: Int
  ) throws(StoreError) -> [WordHit] {
    var found: [MediaID: Set<Int>] = [:]
    for (number, word) in words.enumerated() {
      for media in try media(withWord: word, in: library, limit: limit) {
        found[media, default: []].insert(number)
      }
    }
    if words.count > 1 {
      // What has all words may not be among the latest of each.
      for media in try media(withAllWords: words, in: library, limit: limit) {
        found[media] = Set(words.indices)
      }
    }
    let sorted = found.map { WordHit(media: $0.key, count: $0.value.count) }
      .sorted { ($0.count, $0.media) > ($1.count, $1.media) }
    return Array(sorted.prefix(limit))
  }

  /// The texts attached to a medium that have some of the words, the most first.
  public final func texts(
    of media: MediaID, withWords words: [String]
  ) throws(StoreError) -> [AttachedTextHit] {
    let folded = words.map { $0.lowercased() }
    var hits: [AttachedTextHit] = []
    for text in try texts(of: media) {
      let content = text.content.lowercased()
      let count = folded.count { content.contains($0) }
      if count > 0 { hits.append(AttachedTextHit(text: text, count: count)) }
    }
    return hits.sorted { $0.count > $1.count }
  }

  /// The names that people of a library have.
  public final func clusterNames(in library: LibraryID) throws(StoreError) -> [String] {
    try rows(
      """
      SELECT DISTINCT name FROM clusters
      WHERE library = \(library) AND name IS NOT NULL AND merged_into IS NULL
      """
    ) { $0.text() }
  }

  private final func media(
    withWord word: String, in library: LibraryID, limit: Int
  ) throws(StoreError) -> [MediaID] {
    var media: [MediaID] = []
    if let query = try query(forWords: [word], in: Self.allColumns) {
      media += try self.media(matching: query, in: library, limit: limit)
    }
    if let query = try query(forWords: [word], in: nil) {
      media += try self.media(matchingTexts: query, in: library, limit: limit)
    }
    return media
  }

  private final func media(
    matchingTexts query: String, in library: LibraryID, limit: Int
  ) throws(StoreError) -> [MediaID] {
    try rows(
      """
      SELECT media_texts.media FROM text_words
      CROSS JOIN media_texts ON media_texts.id = text_words.rowid
      CROSS JOIN media ON media.id = media_texts.media AND media.library = \(library)
      WHERE text_words MATCH \(query) ORDER BY text_words.rowid DESC LIMIT \(limit)
      """
    ) { $0.id() as MediaID }
  }

  /// The media of a library with all of some words, in title, tags, description and place or in one
  /// attached text; the latest stored first.
  public final func media(
    withAllWords words: [String], in library: LibraryID, limit: Int
  ) throws(StoreError) -> [MediaID] {
    var parts: [String] = []
    for word in words {
      guard let query = try query(forWords: [word], in: Self.allColumns) else { return [] }
      parts.append("(\(query))")
    }
    var media = try self.media(
      matching: parts.joined(separator: " AND "), in: library, limit: limit)
    var texts: [String] = []
    for word in words {
      guard let query = try query(forWords: [word], in: nil) else { return media }
      texts.append("(\(query))")
    }
    media += try self.media(
      matchingTexts: texts.joined(separator: " AND "), in: library, limit: limit)
    return Array(Set(media).sorted(by: >).prefix(limit))
  }

  private final func media(
    matching query: String, in library: LibraryID, limit: Int
  ) throws(StoreError) -> [MediaID] {
    try rows(
      """
      SELECT media.id FROM media_words
      CROSS JOIN media ON media.id = media_words.rowid AND media.library = \(library)
      WHERE media_words MATCH \(query) ORDER BY media_words.rowid DESC LIMIT \(limit)
      """
    ) { $0.id() as MediaID }
  }

  private static var allColumns: String { "title description tags place" }
}
