public import FaceTypes

extension Snapshot {
  /// What is known of a video; `nil` for a photograph.
  public final func video(_ media: MediaID) throws(StoreError) -> VideoContent? {
    try firstRow("SELECT duration, frame_rate, codec, note FROM videos WHERE media = \(media)") {
      VideoContent(
        duration: $0.optionalDouble(), frameRate: $0.optionalDouble(), codec: $0.optionalText(),
        note: $0.optionalText())
    }
  }

  /// When and where a figure is seen; `nil` for one of a photograph.
  public final func track(of figure: FigureID) throws(StoreError) -> Track? {
    let best = try firstRow("SELECT best FROM tracks WHERE figure = \(figure)") { $0.double() }
    guard let best else { return nil }
    let appearances = try rows(
      """
      SELECT start, finish, points FROM appearances WHERE figure = \(figure) ORDER BY number
      """
    ) { row throws(StoreError) in
      let (start, end) = (row.double(), row.double())
      guard let numbers = row.floats(), numbers.count % 5 == 0 else {
        throw .damaged("an appearance of figure \(figure)")
      }
      return Appearance(
        start: start, end: end,
        points: stride(from: 0, to: numbers.count, by: 5).map { index in
          AppearancePoint(
            time: Double(numbers[index]),
            boundingBox: BoundingBox(
              x: numbers[index + 1], y: numbers[index + 2], width: numbers[index + 3],
              height: numbers[index + 4]))
        })
    }
    guard !appearances.isEmpty else { throw .damaged("a track of figure \(figure)") }
    return Track(best: best, appearances: appearances)
  }

  /// How far the analysis of a task's item had come; `nil` if it has not begun.
  public final func checkpoint(
    of task: TaskID, ordinal: Int
  ) throws(StoreError) -> AnalysisCheckpoint? {
    let state = try firstRow(
      "SELECT state FROM analysis_checkpoints WHERE task = \(task) AND ordinal = \(ordinal)"
    ) { $0.blob() }
    guard let state else { return nil }
    return AnalysisCheckpoint(
      state: state,
      parts: try rows(
        """
        SELECT state FROM analysis_parts WHERE task = \(task) AND ordinal = \(ordinal)
        ORDER BY number
        """
      ) { $0.blob() })
  }
}

extension Row {
  /// Two columns that are both null or the ends of an interval.
  mutating func interval() -> ClosedRange<Double>? {
    let (start, end) = (optionalDouble(), optionalDouble())
    guard let start, let end, start <= end else { return nil }
    return start...end
  }
}
