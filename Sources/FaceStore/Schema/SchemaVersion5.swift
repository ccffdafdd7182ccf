extension SQL {
  /// What media are searched by: tags as rows, texts that others attached, and words.
  ///
  /// The tables of words hold no text, only which three letters in a row stand where
  /// (``SearchWords``). They are kept by code rather than by triggers, which a schema that is not
  /// trusted may not let touch a virtual table; what was stored before is entered at the next
  /// start.
  static let schemaVersion5: SQL = """
    CREATE TABLE media_tags(
      media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (tag, media)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX media_tags_by_media ON media_tags(media);
    INSERT OR IGNORE INTO media_tags(media, tag)
      SELECT media.id, value FROM media, json_each(media.tags);

    CREATE TABLE media_texts(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('ocr', 'speech', 'label', 'caption')),
      -- The text; of a label its name.
      content TEXT NOT NULL,
      label_type TEXT,
      label_category TEXT,
      label_id TEXT,
      source TEXT,
      score REAL,
      -- Seconds within the medium.
      starts REAL,
      ends REAL,
      moment REAL
    ) STRICT;
    CREATE INDEX media_texts_by_media ON media_texts(media, ordinal);
    CREATE INDEX media_texts_by_content ON media_texts(kind, content, media);
    CREATE INDEX media_texts_by_category ON media_texts(label_category, media)
      WHERE label_category IS NOT NULL;
    CREATE INDEX media_texts_by_label ON media_texts(label_id, media) WHERE label_id IS NOT NULL;

    CREATE VIRTUAL TABLE media_words
      USING fts5(title, description, tags, place, content = '', tokenize = 'trigram');
    CREATE VIRTUAL TABLE media_word_terms USING fts5vocab(media_words, 'row');
    CREATE VIRTUAL TABLE text_words USING fts5(content, content = '', tokenize = 'trigram');
    CREATE VIRTUAL TABLE text_word_terms USING fts5vocab(text_words, 'row');

    CREATE INDEX media_by_update ON media(library, updated);
    CREATE INDEX media_by_capture ON media(library, captured_local);
    CREATE INDEX media_by_title ON media(library, title);
    """
}
