extension SQL {
  /// People enrolled by example.
  ///
  /// They belong to no library of media; libraries may choose which collections of them they are
  /// compared with.
  static let schemaVersion6: SQL = """
    CREATE TABLE recognition_libraries(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      name TEXT NOT NULL UNIQUE,
      description TEXT NOT NULL,
      created INTEGER NOT NULL
    ) STRICT;
    -- Without any, a library is compared with everybody who is enrolled.
    CREATE TABLE library_recognition(
      library INTEGER NOT NULL REFERENCES libraries ON DELETE CASCADE,
      recognition INTEGER NOT NULL REFERENCES recognition_libraries ON DELETE CASCADE,
      PRIMARY KEY (library, recognition)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX library_recognition_by_recognition ON library_recognition(recognition);
    CREATE TABLE entities(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      recognition INTEGER NOT NULL REFERENCES recognition_libraries ON DELETE CASCADE,
      name TEXT NOT NULL,
      info TEXT,
      category TEXT NOT NULL
        CHECK (category IN ('celebrity', 'sensitive', 'politician', 'custom', 'unknown')),
      created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entities_by_recognition ON entities(recognition, id);
    CREATE TABLE entity_samples(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      entity INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
      fingerprint INTEGER NOT NULL REFERENCES fingerprints,
      norm REAL NOT NULL,
      vector BLOB NOT NULL,
      quality REAL NOT NULL,
      prompt TEXT,
      created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entity_samples_by_entity ON entity_samples(entity, id);
    -- A cluster of which a user said whom it shows.
    CREATE TABLE cluster_entities(
      cluster INTEGER PRIMARY KEY REFERENCES clusters ON DELETE CASCADE,
      entity INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX cluster_entities_by_entity ON cluster_entities(entity);
    """
}
