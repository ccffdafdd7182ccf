/// Every number that decides which faces of a video are one person's appearance.
///
/// Similarities are cosines of SFace. Measured on the example video and on videos made of the
/// example library's photographs, November 2026.
public struct TrackingPolicy: Sendable, Equatable, Codable {
  /// The least score of a face that begins a track, in 0…1.
  public var startingScore: Float = 0.7
  /// The least score of a face that goes on where one was a moment ago, in 0…1.
  public var continuingScore: Float = 0.5
  /// The least intersection over union with where the face is expected, in 0…1.
  public var minimumOverlap: Float = 0.3
  /// How long a face may be unseen and still be linked by its place alone, in seconds.
  public var overlapMemory: Double = 0.5
  /// How long a face may be unseen within one appearance, in seconds.
  public var longestGap: Double = 0.5
  /// How long a face may be unseen and still be linked to its track by its looks, in seconds.
  public var identityMemory: Double = 3
  /// The least similarity to a track's faces of a face that joins it by its looks.
  ///
  /// Faces of one track have 0.7 and more; different people have 0.36 at most.
  public var minimumSimilarity: Float = 0.5
  /// A clear face that is less similar to its track than this is another person's, although it is
  /// in its place.
  public var minimumSimilarityInPlace: Float = 0.25
  /// How often the faces of a track are looked at closely, in seconds.
  public var describingInterval: Double = 0.6
  /// The same once a track has as many representatives as it may have.
  public var laterDescribingInterval: Double = 2
  /// The faces that stand for a track, the best ones.
  public var representativeLimit = 5
  /// A track that was seen once only needs this score to count, in 0…1.
  public var minimumScoreOfGlimpse: Float = 0.85
  public var founding = TrackFoundingPolicy()

  public init() {}
}

/// When a track may found a person, rather than only join one.
public struct TrackFoundingPolicy: Sendable, Equatable, Codable {
  /// Whether tracks may found people at all.
  public var isAllowed = true
  /// Representatives without an obstacle.
  public var minimumClearFaces = 2
  /// Seconds between the first and the last time that the face was seen.
  public var minimumDuration = 0.5

  public init() {}
}
