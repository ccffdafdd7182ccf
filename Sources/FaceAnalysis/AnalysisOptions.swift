/// What one caller wants of one analysis.
public struct AnalysisOptions: Sendable, Equatable {
  /// Whether each face comes with a small JPEG of its surroundings.
  public var thumbnails: Bool
  /// The most faces to embed; those with the largest score × size are chosen.
  public var faceLimit: Int
  /// After this time no further optional work and no further face is begun; `nil` for no limit.
  ///
  /// Reading the file and the first search always run to their end.
  public var timeLimit: Duration?

  /// Everything found, without thumbnails.
  public init(thumbnails: Bool = false, faceLimit: Int = 256, timeLimit: Duration? = nil) {
    precondition(faceLimit >= 0)
    self.thumbnails = thumbnails
    self.faceLimit = faceLimit
    self.timeLimit = timeLimit
  }
}
