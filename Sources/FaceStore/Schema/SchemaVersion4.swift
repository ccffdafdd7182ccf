extension SQL {
  /// Videos: what is known of them, the faces followed through them, and analyses under way.
  ///
  /// Times are seconds after the beginning of the video.
  static let schemaVersion4: SQL = """
    CREATE TABLE videos(
      media INTEGER PRIMARY KEY REFERENCES media ON DELETE CASCADE,
      duration REAL,
      frame_rate REAL,
      codec TEXT,
      -- What a user should know of how far it could be read.
      note TEXT
    ) STRICT;

    -- A face followed through a video: one figure, which its best frames stand for.
    CREATE TABLE tracks(
      figure INTEGER PRIMARY KEY REFERENCES figures ON DELETE CASCADE,
      start REAL NOT NULL,
      finish REAL NOT NULL,
      -- Of the frame that the figure's box, landmarks and crop are of.
      best REAL NOT NULL
    ) STRICT;

    -- Stretches of time in which a track is seen.
    CREATE TABLE appearances(
      figure INTEGER NOT NULL REFERENCES tracks ON DELETE CASCADE,
      number INTEGER NOT NULL,
      start REAL NOT NULL,
      finish REAL NOT NULL,
      -- Time, left, top, width and height of each point, as little-endian 32-bit floats.
      points BLOB NOT NULL CHECK (length(points) % 20 = 0),
      PRIMARY KEY (figure, number)
    ) STRICT, WITHOUT ROWID;

    -- How far the analysis of a long file has come; goes with the item's end. What is finished is
    -- written once, in parts.
    CREATE TABLE analysis_checkpoints(
      task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
      ordinal INTEGER NOT NULL,
      state BLOB NOT NULL,
      PRIMARY KEY (task, ordinal)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE analysis_parts(
      task INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      number INTEGER NOT NULL,
      state BLOB NOT NULL,
      PRIMARY KEY (task, ordinal, number),
      FOREIGN KEY (task, ordinal) REFERENCES analysis_checkpoints ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    """
}
