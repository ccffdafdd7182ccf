public import FaceTypes

extension Transaction {
  /// Records what is known of a video, in place of what was.
  public func setVideo(_ video: VideoContent, of media: MediaID) throws(StoreError) {
    try execute(
      """
      INSERT OR REPLACE INTO videos(media, duration, frame_rate, codec, note)
      VALUES (\(media), \(video.duration), \(video.frameRate), \(video.codec), \(video.note))
      """)
  }

  /// Records when and where a figure is seen, in place of what was.
  public func setTrack(_ track: Track, of figure: FigureID) throws(StoreError) {
    erasedRows += try execute("DELETE FROM tracks WHERE figure = \(figure)")
    let interval = track.interval
    try execute(
      """
      INSERT INTO tracks(figure, start, finish, best)
      VALUES (\(figure), \(interval.lowerBound), \(interval.upperBound), \(track.best))
      """)
    for (number, appearance) in track.appearances.enumerated() {
      let points = appearance.points.flatMap { point in
        let box = point.boundingBox
        return [Float(point.time), box.x, box.y, box.width, box.height]
      }
      try execute(
        """
        INSERT INTO appearances(figure, number, start, finish, points)
        VALUES (\(figure), \(number), \(appearance.start), \(appearance.end),
          \(points.littleEndianBytes))
        """)
    }
  }

  /// Records how far the analysis of a task's item has come.
  ///
  /// - Parameters:
  ///   - checkpoint: Its state takes the place of the earlier one; its parts come after those that
  ///     are there.
  ///   - task: What the item belongs to.
  ///   - ordinal: The number of the item.
  ///   - replacingParts: Forgets the earlier parts.
  /// - Throws: ``StoreError``.
  public func setCheckpoint(
    _ checkpoint: AnalysisCheckpoint, of task: TaskID, ordinal: Int, replacingParts: Bool
  ) throws(StoreError) {
    if replacingParts { try removeCheckpoints(of: task, ordinals: [ordinal]) }
    try execute(
      """
      INSERT INTO analysis_checkpoints(task, ordinal, state)
      VALUES (\(task), \(ordinal), \(checkpoint.state))
      ON CONFLICT(task, ordinal) DO UPDATE SET state = excluded.state
      """)
    erasedRows += 1  // The old state.
    for part in checkpoint.parts {
      try execute(
        """
        INSERT INTO analysis_parts(task, ordinal, number, state)
        SELECT \(task), \(ordinal), coalesce(max(number) + 1, 0), \(part) FROM analysis_parts
        WHERE task = \(task) AND ordinal = \(ordinal)
        """)
    }
  }

  /// Forgets how far the analysis of a task's items has come.
  public func removeCheckpoints(of task: TaskID, ordinals: [Int]) throws(StoreError) {
    for ordinal in ordinals {
      erasedRows += try execute(
        "DELETE FROM analysis_checkpoints WHERE task = \(task) AND ordinal = \(ordinal)")
    }
  }
}
