extension SQL {
  /// The first schema; never edited once released.
  ///
  /// Where later parts will go, without changing what is here:
  /// - Video: `tracks(media, …)` and `appearances(track, …)`, and a column `figures.track`.
  /// - What is known of a figure besides its identity (age, gender, emotion, head pose): a table
  ///   `attributes(figure, name, value, confidence)`.
  /// - Entities, which are people enrolled by example: `entities` and `entity_faces`.
  /// - Undo and the user's constraints: an append-only `identity_events` that refers to figures and
  ///   clusters by number without foreign keys, so that it outlives them. AUTOINCREMENT below keeps
  ///   those numbers from being given twice.
  /// - Text search: an FTS5 table with `content = 'media'` over title, tags and description.
  ///
  /// Moments are milliseconds since 1970 UTC; embeddings and landmarks little-endian 32-bit floats.
  static let schemaVersion1: SQL = """
    CREATE TABLE libraries(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      -- NULL once the library is dropped and only waits for its rows to be erased.
      name TEXT UNIQUE,
      description TEXT NOT NULL,
      -- JSON, as are media.tags and tasks.parameters. Checked on the way in, since a schema that is
      -- not trusted may not call json_valid().
      settings TEXT NOT NULL,
      -- The highest cluster id ever used: clusters of library l have the ids (l << 40) + 1, …
      last_cluster INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE media(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      library INTEGER NOT NULL REFERENCES libraries,
      uri TEXT NOT NULL,
      media_type TEXT NOT NULL CHECK (media_type IN ('image', 'video')),
      status TEXT NOT NULL CHECK (status IN ('registered', 'analysing', 'ready', 'failed')),
      failure_code TEXT,
      failure_message TEXT,
      -- What the file says.
      format TEXT,
      content_sha256 BLOB CHECK (length(content_sha256) = 32),
      byte_count INTEGER,
      modified INTEGER,
      stored_width INTEGER,
      stored_height INTEGER,
      width INTEGER,
      height INTEGER,
      orientation INTEGER CHECK (orientation BETWEEN 1 AND 8),
      captured_local INTEGER,
      capture_offset INTEGER,
      latitude REAL,
      longitude REAL,
      camera_make TEXT,
      camera_model TEXT,
      -- What the user says.
      title TEXT,
      description TEXT,
      tags TEXT NOT NULL,
      namespace TEXT,
      reference_id TEXT,
      user_data TEXT,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      UNIQUE (library, uri)
    ) STRICT;
    CREATE UNIQUE INDEX media_by_reference ON media(library, reference_id)
      WHERE reference_id IS NOT NULL;
    CREATE INDEX media_by_content ON media(content_sha256) WHERE content_sha256 IS NOT NULL;
    CREATE INDEX media_by_status ON media(library, status, media_type);
    CREATE INDEX media_by_creation ON media(library, created);
    CREATE INDEX media_by_namespace ON media(library, namespace) WHERE namespace IS NOT NULL;

    -- The user's own fields; a value is an integer or a text.
    CREATE TABLE media_fields(
      media INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
      name TEXT NOT NULL,
      value ANY NOT NULL CHECK (typeof(value) IN ('integer', 'text')),
      PRIMARY KEY (media, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX media_fields_by_value ON media_fields(name, value, media);

    CREATE TABLE fingerprints(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      hexadecimal TEXT NOT NULL UNIQUE,
      dimension INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE clusters(
      -- Chosen by the clusterer out of its library's range.
      id INTEGER PRIMARY KEY CHECK (id >> 40 = library),
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      library INTEGER NOT NULL REFERENCES libraries,
      name TEXT,
      custom_id TEXT,
      -- The cover that the user chose; without one it is the best figure.
      cover INTEGER REFERENCES figures ON DELETE SET NULL,
      hidden INTEGER NOT NULL DEFAULT FALSE CHECK (hidden IN (FALSE, TRUE)),
      meta_lock_version INTEGER NOT NULL DEFAULT 0,
      -- Kept equal to the truth by the triggers below.
      face_count INTEGER NOT NULL DEFAULT 0,
      image_count INTEGER NOT NULL DEFAULT 0,
      video_count INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX clusters_by_library ON clusters(library, id);
    CREATE INDEX clusters_by_name ON clusters(library, name) WHERE name IS NOT NULL;
    CREATE INDEX clusters_by_custom_id ON clusters(library, custom_id)
      WHERE custom_id IS NOT NULL;
    CREATE INDEX clusters_by_cover ON clusters(cover) WHERE cover IS NOT NULL;

    CREATE TABLE cluster_labels(
      cluster INTEGER NOT NULL REFERENCES clusters ON DELETE CASCADE,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (cluster, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX cluster_labels_by_value ON cluster_labels(name, value, cluster);

    -- Narrow on purpose: clusters are reassigned and listed far more often than embeddings and
    -- crops are read, which have tables of their own.
    CREATE TABLE figures(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      media INTEGER NOT NULL REFERENCES media,
      library INTEGER NOT NULL REFERENCES libraries,
      ordinal INTEGER NOT NULL,
      x REAL NOT NULL,
      y REAL NOT NULL,
      width REAL NOT NULL,
      height REAL NOT NULL,
      landmarks BLOB NOT NULL CHECK (length(landmarks) = 40),
      score REAL NOT NULL,
      quality REAL NOT NULL,
      obstacles INTEGER NOT NULL,
      cluster INTEGER REFERENCES clusters,
      cluster_confidence REAL,
      waiting_reason TEXT,
      created INTEGER NOT NULL,
      UNIQUE (media, ordinal)
    ) STRICT;
    CREATE INDEX figures_by_library ON figures(library);
    CREATE INDEX figures_by_cluster ON figures(cluster, quality DESC, id)
      WHERE cluster IS NOT NULL;
    CREATE INDEX figures_by_cluster_and_media ON figures(cluster, media)
      WHERE cluster IS NOT NULL;

    CREATE TABLE embeddings(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      fingerprint INTEGER NOT NULL REFERENCES fingerprints,
      norm REAL NOT NULL,
      vector BLOB NOT NULL
    ) STRICT;

    CREATE TABLE crops(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      jpeg BLOB NOT NULL
    ) STRICT;

    CREATE TRIGGER figure_inserted AFTER INSERT ON figures WHEN NEW.cluster IS NOT NULL BEGIN
      UPDATE clusters SET
        face_count = face_count + 1,
        image_count = image_count + (
          (SELECT media_type FROM media WHERE id = NEW.media) = 'image'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = NEW.cluster AND media = NEW.media AND id <> NEW.id)),
        video_count = video_count + (
          (SELECT media_type FROM media WHERE id = NEW.media) = 'video'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = NEW.cluster AND media = NEW.media AND id <> NEW.id))
      WHERE id = NEW.cluster;
    END;
    CREATE TRIGGER figure_deleted AFTER DELETE ON figures WHEN OLD.cluster IS NOT NULL BEGIN
      UPDATE clusters SET
        face_count = face_count - 1,
        image_count = image_count - (
          (SELECT media_type FROM media WHERE id = OLD.media) = 'image'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = OLD.cluster AND media = OLD.media)),
        video_count = video_count - (
          (SELECT media_type FROM media WHERE id = OLD.media) = 'video'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = OLD.cluster AND media = OLD.media))
      WHERE id = OLD.cluster;
    END;
    CREATE TRIGGER figure_left AFTER UPDATE OF cluster ON figures
      WHEN OLD.cluster IS NOT NULL AND OLD.cluster IS NOT NEW.cluster BEGIN
      UPDATE clusters SET
        cover = nullif(cover, OLD.id),
        face_count = face_count - 1,
        image_count = image_count - (
          (SELECT media_type FROM media WHERE id = OLD.media) = 'image'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = OLD.cluster AND media = OLD.media)),
        video_count = video_count - (
          (SELECT media_type FROM media WHERE id = OLD.media) = 'video'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = OLD.cluster AND media = OLD.media))
      WHERE id = OLD.cluster;
    END;
    CREATE TRIGGER figure_joined AFTER UPDATE OF cluster ON figures
      WHEN NEW.cluster IS NOT NULL AND OLD.cluster IS NOT NEW.cluster BEGIN
      UPDATE clusters SET
        face_count = face_count + 1,
        image_count = image_count + (
          (SELECT media_type FROM media WHERE id = NEW.media) = 'image'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = NEW.cluster AND media = NEW.media AND id <> NEW.id)),
        video_count = video_count + (
          (SELECT media_type FROM media WHERE id = NEW.media) = 'video'
          AND NOT EXISTS (SELECT 1 FROM figures
            WHERE cluster = NEW.cluster AND media = NEW.media AND id <> NEW.id))
      WHERE id = NEW.cluster;
    END;
    CREATE TRIGGER cluster_inserted AFTER INSERT ON clusters BEGIN
      UPDATE libraries SET last_cluster = max(last_cluster, NEW.id) WHERE id = NEW.library;
    END;

    CREATE TABLE tasks(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      public_id BLOB NOT NULL UNIQUE CHECK (length(public_id) = 16),
      library INTEGER REFERENCES libraries,
      kind TEXT NOT NULL,
      status TEXT NOT NULL
        CHECK (status IN ('Queued', 'Running', 'Succeeded', 'Failed', 'Cancelled')),
      parameters TEXT NOT NULL,
      user_data TEXT,
      requested_by INTEGER NOT NULL,
      total INTEGER NOT NULL DEFAULT 0,
      done INTEGER NOT NULL DEFAULT 0,
      refused INTEGER NOT NULL DEFAULT 0,
      message TEXT,
      -- Numbers that describe what came of it, a JSON object.
      outcome TEXT,
      created INTEGER NOT NULL,
      started INTEGER,
      ended INTEGER
    ) STRICT;
    CREATE INDEX tasks_by_status ON tasks(status, id);
    CREATE INDEX tasks_by_library ON tasks(library);

    CREATE TABLE task_items(
      task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      path TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'done', 'refused')),
      media INTEGER REFERENCES media ON DELETE SET NULL,
      error_code TEXT,
      error_message TEXT,
      PRIMARY KEY (task, ordinal)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX task_items_open ON task_items(task, state, ordinal)
      WHERE state IN ('queued', 'claimed');
    CREATE INDEX task_items_by_media ON task_items(media) WHERE media IS NOT NULL;

    -- What was answered to a request that the client may repeat.
    CREATE TABLE client_tokens(
      scope TEXT NOT NULL,
      token TEXT NOT NULL,
      request_digest BLOB NOT NULL,
      result BLOB NOT NULL,
      expires INTEGER NOT NULL,
      PRIMARY KEY (scope, token)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX client_tokens_by_expiry ON client_tokens(expires);

    CREATE TABLE secrets(name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """
}
