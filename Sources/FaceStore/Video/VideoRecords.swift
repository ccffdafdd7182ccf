public import FaceTypes

/// What is known of a video besides what every medium has; `nil` where it is not.
public struct VideoContent: Hashable, Sendable {
  /// Seconds.
  public var duration: Double?
  /// Frames a second on average.
  public var frameRate: Double?
  public var codec: String?
  /// What a user should know of how far it could be read.
  public var note: String?

  public init(
    duration: Double? = nil, frameRate: Double? = nil, codec: String? = nil, note: String? = nil
  ) {
    self.duration = duration
    self.frameRate = frameRate
    self.codec = codec
    self.note = note
  }
}

/// Where a face is at a moment of a video.
public struct AppearancePoint: Hashable, Sendable {
  /// Seconds after the beginning.
  public var time: Double
  /// In pixels of the frame as it is shown.
  public var boundingBox: BoundingBox

  public init(time: Double, boundingBox: BoundingBox) {
    self.time = time
    self.boundingBox = boundingBox
  }
}

/// A stretch of time in which a face is seen.
public struct Appearance: Hashable, Sendable {
  /// Seconds after the beginning.
  public var start: Double
  public var end: Double
  public var points: [AppearancePoint]

  public init(start: Double, end: Double, points: [AppearancePoint]) {
    self.start = start
    self.end = end
    self.points = points
  }
}

/// A face followed through a video.
public struct Track: Hashable, Sendable {
  /// When the frame is shown that the figure's box and crop are of, in seconds.
  public var best: Double
  /// In the order of time; at least one.
  public var appearances: [Appearance]

  public init(best: Double, appearances: [Appearance]) {
    precondition(!appearances.isEmpty, "a track is seen at least once")
    self.best = best
    self.appearances = appearances
  }

  /// From the first moment to the last, in seconds.
  public var interval: ClosedRange<Double> {
    let start = appearances.map(\.start).min() ?? 0
    return start...max(start, appearances.map(\.end).max() ?? start)
  }
}

/// How far the analysis of a long file has come; the store does not look into it.
public struct AnalysisCheckpoint: Hashable, Sendable {
  /// What changes.
  public var state: [UInt8]
  /// What is finished.
  public var parts: [[UInt8]]

  public init(state: [UInt8], parts: [[UInt8]]) {
    self.state = state
    self.parts = parts
  }
}
