extension SQL {
  /// Embeddings of several models, and the change from one model to another.
  ///
  /// The table of embeddings gets a key of its own, so that a figure can have one of each model.
  static let schemaVersion7: SQL = """
    CREATE TABLE embeddings_of_models(
      id INTEGER PRIMARY KEY,
      figure INTEGER NOT NULL REFERENCES figures ON DELETE CASCADE,
      fingerprint INTEGER NOT NULL REFERENCES fingerprints,
      norm REAL NOT NULL,
      vector BLOB NOT NULL,
      UNIQUE (figure, fingerprint)
    ) STRICT;
    INSERT INTO embeddings_of_models(figure, fingerprint, norm, vector)
      SELECT figure, fingerprint, norm, vector FROM embeddings ORDER BY figure;
    DROP TABLE embeddings;
    ALTER TABLE embeddings_of_models RENAME TO embeddings;

    -- The model by whose embeddings faces are compared; no row until one is chosen.
    CREATE TABLE model_in_use(
      id INTEGER PRIMARY KEY CHECK (id = 1),
      fingerprint INTEGER NOT NULL REFERENCES fingerprints
    ) STRICT;

    -- The change from one model to another: there is one from its preparation until the embeddings
    -- of one of both models are given up.
    CREATE TABLE model_switches(
      id INTEGER PRIMARY KEY CHECK (id = 1),
      source INTEGER NOT NULL REFERENCES fingerprints,
      target INTEGER NOT NULL REFERENCES fingerprints,
      state TEXT NOT NULL CHECK (state IN ('Preparing', 'Ready', 'Applied')),
      requested_by INTEGER NOT NULL,
      created INTEGER NOT NULL,
      prepared INTEGER,
      applied INTEGER
    ) STRICT;
    -- What figures were embedded anew from, and why not from their media.
    CREATE TABLE model_switch_figures(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      -- NULL: it could not be.
      origin TEXT CHECK (origin IN ('Medium', 'Crop')),
      obstacle TEXT
    ) STRICT;
    -- What the change would do in each library, and the event by which it did.
    CREATE TABLE model_switch_plans(
      plan INTEGER PRIMARY KEY REFERENCES recluster_plans ON DELETE CASCADE,
      event INTEGER REFERENCES identity_events ON DELETE SET NULL
    ) STRICT;
    CREATE INDEX model_switch_plans_by_event ON model_switch_plans(event)
      WHERE event IS NOT NULL;
    """
}
