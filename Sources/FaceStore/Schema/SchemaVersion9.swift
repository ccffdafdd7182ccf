extension SQL {
  /// What kept the networks of attributes from being asked about figures later than at their analysis.
  static let schemaVersion9: SQL = """
    CREATE TABLE attribute_obstacles(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      -- The networks that were to be asked.
      models INTEGER NOT NULL REFERENCES attribute_models,
      obstacle TEXT NOT NULL
    ) STRICT;
    """
}
