extension SQL {
  /// The log of identity: what users said of who is who, and every change of it.
  ///
  /// `identity_…` rows name figures and clusters by number without foreign keys, so that they
  /// outlive a cluster; a figure that is erased takes its rows with it.
  static let schemaVersion2: SQL = """
    ALTER TABLE clusters ADD COLUMN favourite INTEGER NOT NULL DEFAULT FALSE
      CHECK (favourite IN (FALSE, TRUE));
    -- A stranger: kept and grown like others, and left out of lists.
    ALTER TABLE clusters ADD COLUMN ignored INTEGER NOT NULL DEFAULT FALSE
      CHECK (ignored IN (FALSE, TRUE));
    -- A user put the cluster together, so the machine only adds to it.
    ALTER TABLE clusters ADD COLUMN confirmed INTEGER NOT NULL DEFAULT FALSE
      CHECK (confirmed IN (FALSE, TRUE));
    -- YYYY-MM-DD.
    ALTER TABLE clusters ADD COLUMN birth_date TEXT;
    -- A cluster that was merged stays as a link, with all that it had, so that it can come back.
    ALTER TABLE clusters ADD COLUMN merged_into INTEGER REFERENCES clusters ON DELETE SET NULL;
    CREATE INDEX clusters_by_target ON clusters(merged_into) WHERE merged_into IS NOT NULL;

    -- What users said, as long as it stands.
    CREATE TABLE statements(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      library INTEGER NOT NULL REFERENCES libraries,
      kind TEXT NOT NULL
        CHECK (kind IN ('pin', 'exclude', 'must-link', 'cannot-link', 'not-a-face')),
      figure INTEGER NOT NULL REFERENCES figures ON DELETE CASCADE,
      other_figure INTEGER REFERENCES figures ON DELETE CASCADE,
      cluster INTEGER REFERENCES clusters ON DELETE CASCADE,
      CHECK ((other_figure IS NOT NULL) = (kind IN ('must-link', 'cannot-link'))),
      CHECK ((cluster IS NOT NULL) = (kind IN ('pin', 'exclude')))
    ) STRICT;
    CREATE UNIQUE INDEX statements_once
      ON statements(figure, kind, coalesce(other_figure, 0), coalesce(cluster, 0));
    CREATE INDEX statements_by_library ON statements(library, id);
    CREATE INDEX statements_by_other ON statements(other_figure) WHERE other_figure IS NOT NULL;
    CREATE INDEX statements_by_cluster ON statements(cluster) WHERE cluster IS NOT NULL;

    CREATE TABLE identity_events(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      library INTEGER NOT NULL REFERENCES libraries,
      kind TEXT NOT NULL,
      -- The user id of who asked; NULL for the machine's own decisions.
      requested_by INTEGER,
      -- The event that this one takes back, and the event that took this one back.
      reverses INTEGER,
      reversed_by INTEGER,
      created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX identity_events_by_library ON identity_events(library, id);

    -- Where a figure was before an event and after it.
    CREATE TABLE identity_placements(
      event INTEGER NOT NULL REFERENCES identity_events ON DELETE CASCADE,
      figure INTEGER NOT NULL,
      cluster_before INTEGER,
      confidence_before REAL,
      reason_before TEXT,
      cluster_after INTEGER,
      confidence_after REAL,
      reason_after TEXT,
      PRIMARY KEY (event, figure)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX identity_placements_by_figure ON identity_placements(figure, event);
    -- What a cluster was before an event and after it, as JSON; NULL while there is none.
    CREATE TABLE identity_clusters(
      event INTEGER NOT NULL REFERENCES identity_events ON DELETE CASCADE,
      cluster INTEGER NOT NULL,
      before TEXT,
      after TEXT,
      PRIMARY KEY (event, cluster)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX identity_clusters_by_cluster ON identity_clusters(cluster, event);
    -- Which statements an event made or took back.
    CREATE TABLE identity_statements(
      id INTEGER PRIMARY KEY,
      event INTEGER NOT NULL REFERENCES identity_events ON DELETE CASCADE,
      is_added INTEGER NOT NULL CHECK (is_added IN (FALSE, TRUE)),
      kind TEXT NOT NULL,
      figure INTEGER NOT NULL,
      other_figure INTEGER,
      cluster INTEGER
    ) STRICT;
    CREATE INDEX identity_statements_by_event ON identity_statements(event);
    CREATE INDEX identity_statements_by_figure ON identity_statements(figure);
    CREATE INDEX identity_statements_by_other ON identity_statements(other_figure)
      WHERE other_figure IS NOT NULL;

    CREATE TRIGGER figure_forgotten AFTER DELETE ON figures BEGIN
      DELETE FROM identity_placements WHERE figure = OLD.id;
      DELETE FROM identity_statements WHERE figure = OLD.id OR other_figure = OLD.id;
    END;
    """
}
