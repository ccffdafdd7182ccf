internal import FaceTypes

/// The words of one medium, as they are entered into the index of words.
struct SearchWords {
  let title: String
  let description: String
  let tags: String
  /// The folders and the name of the file, as a person reads them.
  let place: String

  init(uri: String, title: String?, description: String?, tags: [String]) {
    self.title = Self.entry(title ?? "")
    self.description = Self.entry(description ?? "")
    self.tags = Self.entry(tags.joined(separator: "\n"))
    let path = uri.hasPrefix("file://") ? String(uri.dropFirst("file://".count)) : uri
    place = Self.entry(path.percentDecoded ?? path)
  }

  init(_ media: MediaRecord) {
    self.init(
      uri: media.uri, title: media.details.title, description: media.details.description,
      tags: media.details.tags)
  }

  /// A text with two spaces behind it, so that its last letters begin three in a row as well:
  /// words of one or two letters, as Chinese has them, are found by their beginning.
  static func entry(_ text: String) -> String { text.isEmpty ? "" : text + "  " }
}

extension Transaction {
  /// Enters the words of a medium.
  ///
  /// - Precondition: they are not in the index yet.
  func addWords(of media: MediaID, _ words: SearchWords) throws(StoreError) {
    try execute(
      """
      INSERT INTO media_words(rowid, title, description, tags, place)
      VALUES (\(media), \(words.title), \(words.description), \(words.tags), \(words.place))
      """)
  }

  /// Takes the words of a medium out.
  ///
  /// - Precondition: exactly these are in the index.
  func removeWords(of media: MediaID, _ words: SearchWords) throws(StoreError) {
    try execute(
      """
      INSERT INTO media_words(media_words, rowid, title, description, tags, place)
      VALUES ('delete', \(media), \(words.title), \(words.description), \(words.tags),
        \(words.place))
      """)
  }

  func addWords(ofText id: Int64, _ content: String) throws(StoreError) {
    try execute(
      "INSERT INTO text_words(rowid, content) VALUES (\(id), \(SearchWords.entry(content)))")
  }

  func removeWords(ofText id: Int64, _ content: String) throws(StoreError) {
    try execute(
      """
      INSERT INTO text_words(text_words, rowid, content)
      VALUES ('delete', \(id), \(SearchWords.entry(content)))
      """)
  }

  /// Replaces the tags of a medium as they are searched by.
  func setTags(of media: MediaID, _ tags: [String]) throws(StoreError) {
    try execute("DELETE FROM media_tags WHERE media = \(media)")
    for tag in Set(tags) {
      try execute("INSERT INTO media_tags(media, tag) VALUES (\(media), \(tag))")
    }
  }
}

extension FaceStore {
  private static let wordsBatch: Int64 = 2000

  /// Enters the words of media that an earlier release stored.
  func completeWords() throws(StoreError) {
    while try change({ transaction throws(StoreError) in
      try transaction.completeWords(count: Self.wordsBatch)
    }) {}
  }
}

extension Transaction {
  /// The last medium whose words are in the index; those after it were entered when they came.
  private static let completeName = "words are indexed up to"

  /// Enters the words of some media that were there before the index; `false` if none is left.
  fileprivate func completeWords(count: Int64) throws(StoreError) -> Bool {
    let done = try metaValue(Self.completeName).flatMap { Int64($0) } ?? 0
    guard done < .max else { return false }
    let media = try rows(
      """
      SELECT id, uri, title, description, tags FROM media WHERE id > \(done)
      ORDER BY id LIMIT \(count)
      """
    ) { row throws(StoreError) in
      (
        id: row.id() as MediaID,
        words: SearchWords(
          uri: row.text(), title: row.optionalText(), description: row.optionalText(),
          tags: try row.tags())
      )
    }
    for medium in media { try addWords(of: medium.id, medium.words) }
    try setMetaValue(Self.completeName, "\(media.last?.id.rawValue ?? .max)")
    return !media.isEmpty
  }
}
