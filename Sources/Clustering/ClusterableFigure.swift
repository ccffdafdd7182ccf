public import FaceTypes

/// What the clusterer needs to know of one face.
public struct ClusterableFigure: Sendable {
  public let figure: FigureID
  /// Two figures of one medium that are seen at once are different people, unless a user says
  /// otherwise.
  public let media: MediaID
  /// When the figure is seen in its video, in seconds; `nil` in a photograph.
  public let interval: ClosedRange<Double>?
  /// Unit length.
  public let embedding: [Float]
  /// Whether the face is clear enough to found a cluster and to speak for it; others may join one,
  /// or wait.
  public let mayFound: Bool
  public let captureTime: Timestamp?

  public init(
    figure: FigureID, media: MediaID, embedding: [Float], mayFound: Bool,
    captureTime: Timestamp? = nil, interval: ClosedRange<Double>? = nil
  ) {
    self.figure = figure
    self.media = media
    self.embedding = embedding
    self.mayFound = mayFound
    self.captureTime = captureTime
    self.interval = interval
  }
}
