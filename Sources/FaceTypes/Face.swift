/// Why a face may join a cluster but not found one.
public struct FoundingObstacles: OptionSet, Hashable, Sendable, Codable {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// Too few pixels for a dependable embedding.
  public static let tooSmall = FoundingObstacles(rawValue: 1 << 0)
  /// Out of focus or smeared by motion.
  public static let blurred = FoundingObstacles(rawValue: 1 << 1)
  /// Turned too far to the side, up or down.
  public static let profile = FoundingObstacles(rawValue: 1 << 2)
  /// The detector is not sure that it is a face.
  public static let lowScore = FoundingObstacles(rawValue: 1 << 3)
  /// Cut by the edge of the image.
  public static let truncated = FoundingObstacles(rawValue: 1 << 4)
  /// The embedding itself is short, as those of covered and unusual faces are.
  public static let weakEmbedding = FoundingObstacles(rawValue: 1 << 5)
  /// Seen in a video too briefly, or never clearly enough.
  public static let glimpse = FoundingObstacles(rawValue: 1 << 6)

  private static let names: [(FoundingObstacles, String)] = [
    (.tooSmall, "TooSmall"), (.blurred, "Blurred"), (.profile, "Profile"),
    (.lowScore, "LowScore"), (.truncated, "Truncated"), (.weakEmbedding, "WeakEmbedding"),
    (.glimpse, "Glimpse"),
  ]

  /// The names on the wire, in the order of the bits.
  public var names: [String] { Self.names.filter { contains($0.0) }.map(\.1) }
}

/// How well a face can be recognised, and what stands in the way.
public struct FaceQuality: Hashable, Sendable, Codable {
  /// In 0…1; larger is better.
  public let value: Float
  public let obstacles: FoundingObstacles

  public init(value: Float, obstacles: FoundingObstacles) {
    self.value = value
    self.obstacles = obstacles
  }

  /// Whether a cluster may be founded on this face.
  public var mayFound: Bool { obstacles.isEmpty }
}

/// One face found in an image, in pixels of the upright full-size image.
public struct Face: Hashable, Sendable, Codable {
  public let boundingBox: BoundingBox
  public let landmarks: Landmarks
  /// The detector's confidence, in 0…1.
  public let score: Float
  public let quality: FaceQuality
  public let embedding: Embedding
  /// `nil` of a face that was analysed before there were any.
  public let attributes: FaceAttributes?

  public init(
    boundingBox: BoundingBox, landmarks: Landmarks, score: Float, quality: FaceQuality,
    embedding: Embedding, attributes: FaceAttributes? = nil
  ) {
    self.boundingBox = boundingBox
    self.landmarks = landmarks
    self.score = score
    self.quality = quality
    self.embedding = embedding
    self.attributes = attributes
  }
}
