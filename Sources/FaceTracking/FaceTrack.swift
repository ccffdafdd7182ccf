public import FaceTypes

/// A face as the detector sees it in one frame.
public struct SeenFace: Hashable, Sendable {
  public let boundingBox: BoundingBox
  /// In 0…1.
  public let score: Float

  public init(boundingBox: BoundingBox, score: Float) {
    self.boundingBox = boundingBox
    self.score = score
  }
}

/// A face that was looked at closely.
public struct DescribedFace: Hashable, Sendable, Codable {
  public let face: Face
  /// A JPEG of it, if pictures are kept.
  public let thumbnail: [UInt8]?

  public init(face: Face, thumbnail: [UInt8]?) {
    self.face = face
    self.thumbnail = thumbnail
  }
}

/// Where a face is at a moment.
public struct TrackPoint: Hashable, Sendable, Codable {
  /// Seconds.
  public let time: Double
  public let boundingBox: BoundingBox

  public init(time: Double, boundingBox: BoundingBox) {
    self.time = time
    self.boundingBox = boundingBox
  }
}

extension TrackPoint {
  // Five numbers: a track has a great many points.

  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    time = try container.decode(Double.self)
    boundingBox = BoundingBox(
      x: try container.decode(Float.self), y: try container.decode(Float.self),
      width: try container.decode(Float.self), height: try container.decode(Float.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(time)
    for number in [boundingBox.x, boundingBox.y, boundingBox.width, boundingBox.height] {
      try container.encode(number)
    }
  }
}

/// A stretch of time in which a face is to be seen.
public struct TrackAppearance: Hashable, Sendable, Codable {
  /// Seconds.
  public let start: Double
  public let end: Double
  /// In the order of time.
  public let points: [TrackPoint]

  public init(start: Double, end: Double, points: [TrackPoint]) {
    self.start = start
    self.end = end
    self.points = points
  }
}

/// One of the faces that stand for a track.
public struct TrackRepresentative: Hashable, Sendable, Codable {
  /// Seconds.
  public let time: Double
  public let described: DescribedFace

  public init(time: Double, described: DescribedFace) {
    self.time = time
    self.described = described
  }
}

/// A face followed through a video.
public struct FaceTrack: Hashable, Sendable, Codable {
  /// In the order of time; at least one.
  public let appearances: [TrackAppearance]
  /// The best first; at least one.
  public let representatives: [TrackRepresentative]
  /// The detector's highest score, in 0…1.
  public let score: Float

  public var start: Double { appearances.first?.start ?? 0 }
  public var end: Double { appearances.last?.end ?? 0 }
  public var pointCount: Int { appearances.reduce(0) { $0 + $1.points.count } }

  /// Takes what was found together.
  ///
  /// - Precondition: there is at least one appearance and one representative.
  public init(appearances: [TrackAppearance], representatives: [TrackRepresentative], score: Float)
  {
    precondition(!appearances.isEmpty && !representatives.isEmpty)
    self.appearances = appearances
    self.representatives = representatives
    self.score = score
  }

  /// The face that stands for the track among the photographs' faces.
  ///
  /// It is the best representative with the mean embedding of all of them, in which what differs
  /// from frame to frame cancels out.
  public func face(_ policy: TrackFoundingPolicy) -> Face {
    let best = representatives[0].described.face
    let embedding = Embedding.mean(representatives.map(\.described.face.embedding))
    var obstacles = best.quality.obstacles
    let clear = representatives.count { $0.described.face.quality.mayFound }
    let isLong = end - start >= policy.minimumDuration
    if !policy.isAllowed || clear < policy.minimumClearFaces || !isLong {
      obstacles.insert(.glimpse)
    }
    return Face(
      boundingBox: best.boundingBox, landmarks: best.landmarks, score: best.score,
      quality: FaceQuality(value: best.quality.value, obstacles: obstacles),
      embedding: embedding ?? best.embedding,
      attributes: .together(representatives.compactMap(\.described.face.attributes)))
  }
}

extension FaceAttributes {
  /// What several views of one face, the best first, say of it; `nil` without any.
  ///
  /// Age and gender do not change within a video, so all views are asked. The rest is that of the
  /// best view, which is shown.
  static func together(_ views: [FaceAttributes]) -> FaceAttributes? {
    guard var result = views.first else { return nil }
    let ages = views.compactMap(\.age)
    if !ages.isEmpty {
      let count = Float(ages.count)
      result.age = AgeEstimate(
        years: ages.reduce(0) { $0 + $1.years } / count,
        deviation: ages.reduce(0) { $0 + $1.deviation } / count)
    }
    let genders = views.compactMap(\.gender)
    if !genders.isEmpty {
      let vote = genders.reduce(Float(0)) {
        $0 + ($1.value == .female ? $1.confidence : 1 - $1.confidence)
      }
      let share = vote / Float(genders.count)
      result.gender = Judgement(share >= 0.5 ? .female : .male, confidence: max(share, 1 - share))
    }
    return result
  }
}

extension Embedding {
  /// The direction of the sum of embeddings of one model; `nil` if they cancel out.
  ///
  /// Each counts as far as its length says that it can be trusted; their mean length is kept.
  static func mean(_ embeddings: [Embedding]) -> Embedding? {
    guard let first = embeddings.first else { return nil }
    var sum = [Float](repeating: 0, count: first.values.count)
    for embedding in embeddings {
      for index in sum.indices { sum[index] += embedding.norm * embedding.values[index] }
    }
    let norm = embeddings.reduce(0) { $0 + $1.norm } / Float(embeddings.count)
    guard let direction = Embedding(raw: sum, fingerprint: first.fingerprint) else { return nil }
    return Embedding(unitLength: direction.values, norm: norm, fingerprint: first.fingerprint)
  }
}
