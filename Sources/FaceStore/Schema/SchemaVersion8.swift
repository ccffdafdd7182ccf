extension SQL {
  /// What networks say of faces besides whose they are; derived, and made anew with each analysis.
  static let schemaVersion8: SQL = """
    -- Which networks were asked, such as "age=…" and "gender=…" with their fingerprints, a line each.
    CREATE TABLE attribute_models(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      description TEXT NOT NULL UNIQUE
    ) STRICT;
    -- Whatever was switched off is NULL; a figure that was never asked about has no row.
    CREATE TABLE attributes(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      models INTEGER NOT NULL REFERENCES attribute_models,
      -- Years.
      age REAL,
      age_deviation REAL,
      gender TEXT CHECK (gender IN ('female', 'male')),
      gender_confidence REAL,
      emotion TEXT,
      emotion_confidence REAL,
      -- Degrees.
      pitch REAL,
      yaw REAL,
      roll REAL,
      mouth TEXT CHECK (mouth IN ('open', 'close')),
      mouth_confidence REAL,
      sharpness REAL
    ) STRICT;
    """
}
