extension SQL {
  /// What changed since the faces of a large library were saved in a form that is read at once.
  ///
  /// The form itself lies beside the database and is derived. Nothing is noted of libraries without it.
  static let schemaVersion10: SQL = """
    CREATE TABLE saved_indexes(
      library INTEGER PRIMARY KEY REFERENCES libraries ON DELETE CASCADE,
      -- Chosen at random for each saving; what lies beside the database bears it too.
      stamp BLOB NOT NULL CHECK (length(stamp) = 16)
    ) STRICT;

    -- Of figures that are gone as well, so without a reference.
    CREATE TABLE figures_since_saved(
      library INTEGER NOT NULL REFERENCES saved_indexes ON DELETE CASCADE,
      figure INTEGER NOT NULL,
      PRIMARY KEY (library, figure)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER saved_figure_inserted AFTER INSERT ON figures
      WHEN EXISTS (SELECT 1 FROM saved_indexes WHERE library = NEW.library) BEGIN
      INSERT OR IGNORE INTO figures_since_saved VALUES (NEW.library, NEW.id);
    END;
    CREATE TRIGGER saved_figure_changed
      AFTER UPDATE OF media, library, quality, obstacles, cluster ON figures
      WHEN EXISTS (SELECT 1 FROM saved_indexes WHERE library IN (OLD.library, NEW.library)) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, NEW.id FROM saved_indexes WHERE library IN (OLD.library, NEW.library);
    END;
    CREATE TRIGGER saved_figure_deleted AFTER DELETE ON figures
      WHEN EXISTS (SELECT 1 FROM saved_indexes WHERE library = OLD.library) BEGIN
      INSERT OR IGNORE INTO figures_since_saved VALUES (OLD.library, OLD.id);
    END;
    CREATE TRIGGER saved_embedding_inserted AFTER INSERT ON embeddings
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id = NEW.figure
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_embedding_changed AFTER UPDATE ON embeddings
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id IN (OLD.figure, NEW.figure)
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_embedding_deleted AFTER DELETE ON embeddings
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id = OLD.figure
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_track_inserted AFTER INSERT ON tracks
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id = NEW.figure
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_track_changed AFTER UPDATE ON tracks
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id = NEW.figure
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_track_deleted AFTER DELETE ON tracks
      WHEN EXISTS (SELECT 1 FROM saved_indexes) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT library, id FROM figures WHERE id = OLD.figure
          AND library IN (SELECT library FROM saved_indexes);
    END;
    CREATE TRIGGER saved_media_changed AFTER UPDATE OF captured_local, capture_offset ON media
      WHEN EXISTS (SELECT 1 FROM saved_indexes WHERE library = NEW.library) BEGIN
      INSERT OR IGNORE INTO figures_since_saved
        SELECT NEW.library, id FROM figures WHERE media = NEW.id;
    END;
    CREATE TRIGGER saved_statement_inserted AFTER INSERT ON statements
      WHEN NEW.kind = 'not-a-face'
        AND EXISTS (SELECT 1 FROM saved_indexes WHERE library = NEW.library) BEGIN
      INSERT OR IGNORE INTO figures_since_saved VALUES (NEW.library, NEW.figure);
    END;
    CREATE TRIGGER saved_statement_deleted AFTER DELETE ON statements
      WHEN OLD.kind = 'not-a-face'
        AND EXISTS (SELECT 1 FROM saved_indexes WHERE library = OLD.library) BEGIN
      INSERT OR IGNORE INTO figures_since_saved VALUES (OLD.library, OLD.figure);
    END;
    """
}
