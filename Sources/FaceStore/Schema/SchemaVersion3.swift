extension SQL {
  /// Plans of re-clusterings: what would change, to be looked at and applied in parts.
  ///
  /// Clusters are named by number without foreign keys, since a plan may outlive them; a figure
  /// that is erased takes its moves with it.
  static let schemaVersion3: SQL = """
    CREATE TABLE recluster_plans(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      library INTEGER NOT NULL REFERENCES libraries,
      -- The task that makes it; NULL when that is forgotten.
      task INTEGER REFERENCES tasks ON DELETE SET NULL,
      requested_by INTEGER NOT NULL,
      -- NULL until all of it is there.
      made INTEGER,
      created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX recluster_plans_by_library ON recluster_plans(library, id);
    CREATE INDEX recluster_plans_by_task ON recluster_plans(task) WHERE task IS NOT NULL;
    CREATE TABLE plan_changes(
      id INTEGER PRIMARY KEY,
      plan INTEGER NOT NULL REFERENCES recluster_plans ON DELETE CASCADE,
      -- From 1, the largest first.
      number INTEGER NOT NULL,
      kind TEXT NOT NULL,
      -- The event that last applied it.
      applied_by INTEGER REFERENCES identity_events ON DELETE SET NULL,
      UNIQUE (plan, number)
    ) STRICT;
    CREATE INDEX plan_changes_by_event ON plan_changes(applied_by) WHERE applied_by IS NOT NULL;
    -- Where a figure was, and where it would be: in a cluster, in the plan's n-th new one, or
    -- waiting.
    CREATE TABLE plan_moves(
      plan INTEGER NOT NULL REFERENCES recluster_plans ON DELETE CASCADE,
      change INTEGER NOT NULL,
      figure INTEGER NOT NULL REFERENCES figures ON DELETE CASCADE,
      cluster_before INTEGER,
      cluster_after INTEGER,
      new_cluster INTEGER,
      PRIMARY KEY (plan, change, figure),
      CHECK (cluster_after IS NULL OR new_cluster IS NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX plan_moves_by_figure ON plan_moves(figure);
    CREATE TRIGGER planned_move_forgotten AFTER DELETE ON plan_moves BEGIN
      DELETE FROM plan_changes WHERE plan = OLD.plan AND number = OLD.change AND NOT EXISTS (
        SELECT 1 FROM plan_moves WHERE plan = OLD.plan AND change = OLD.change);
    END;
    """
}
