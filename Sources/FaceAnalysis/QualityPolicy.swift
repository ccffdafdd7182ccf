public import FaceTypes

/// How measurements of a face become its quality, and when it may found a cluster.
public struct QualityPolicy: Sendable, Equatable {
  /// Full-size pixels for each crop pixel; less, and the face is too small to found a cluster.
  public var minimumResolution: Float = 0.35
  public var minimumSharpness: Float = 0.12
  /// In radians, to either side.
  public var maximumYaw: Float = 0.9
  /// In radians, up or down.
  public var maximumPitch: Float = 0.8
  /// In 0…1.
  public var minimumScore: Float = 0.75
  /// Of the face's box, in 0…1.
  public var minimumVisiblePart: Float = 0.85
  /// Of the raw embedding.
  public var minimumNorm: Float = 6

  public init() {}

  /// Judges a face.
  public func quality(of face: FaceMeasurements) -> FaceQuality {
    FaceQuality(value: value(face), obstacles: obstacles(face))
  }

  private func value(_ face: FaceMeasurements) -> Float {
    let norm = ramp(face.norm, from: 4, to: 14)
    return norm
  }

  private func obstacles(_ face: FaceMeasurements) -> FoundingObstacles {
    var obstacles: FoundingObstacles = []
    if face.resolution < minimumResolution { obstacles.insert(.tooSmall) }
    if face.sharpness < minimumSharpness { obstacles.insert(.blurred) }
    if abs(face.yaw) > maximumYaw || abs(face.pitch) > maximumPitch { obstacles.insert(.profile) }
    if face.score < minimumScore { obstacles.insert(.lowScore) }
    if face.visiblePart < minimumVisiblePart { obstacles.insert(.truncated) }
    if face.norm < minimumNorm { obstacles.insert(.weakEmbedding) }
    return obstacles
  }

  private func ramp(_ value: Float, from zero: Float, to one: Float) -> Float {
    max(0, min(1, (value - zero) / (one - zero)))
  }
}
