public import FaceTypes

/// How measurements of a face become its quality, and when it may found a cluster.
///
/// The numbers come from 150 faces of as many people in LFW, each in 21 states: as they are, out of
/// focus by 1 to 6 pixels, smeared by 5 to 15, shrunk to heights of 18 to 73 pixels, covered by a
/// mask, by dark glasses or by half, cut by the edge, dark, noisy. Each was compared with other
/// photographs of the same person. With these limits 99 % of the unharmed faces may found a cluster
/// and of those out of focus by 1 pixel, 45 % by 3, 17 % by 4, 1 % by 6, 85 % with a mask, 43 % with
/// dark glasses, 35 % of the half covered, and none below 25 pixels.
public struct QualityPolicy: Sendable, Equatable {
  /// Full-size pixels for each pixel of the crop; a face about 31 pixels high has 0.3.
  ///
  /// Shrunk faces of this height still have a similarity of 0.59 to others of the person, those of
  /// 24 pixels 0.52.
  public var minimumResolution: Float = 0.3
  /// As measured by ``FaceMeasurements/sharpness(of:)``.
  ///
  /// Unharmed faces have 0.18, 95 % of them 0.10 or more; those out of focus by 3 pixels, or
  /// smeared by 15, 0.05.
  public var minimumSharpness: Float = 0.05
  /// In radians, to either side; 1 % of LFW's faces are turned by more than 0.7.
  ///
  /// Of ``clear`` faces the embedding tells by itself how far it can be trusted: LFW's that are
  /// turned further have a similarity of 0.62 to others of the person where 0.60 is expected.
  public var maximumYaw: Float = 0.8
  /// In radians, up or down; LFW has hardly any above 0.3.
  public var maximumPitch: Float = 0.6
  /// In 0…1; half covered faces have 0.83, unharmed ones 0.93.
  public var minimumScore: Float = 0.82
  /// Of the face's box and of the crop's middle, in 0…1.
  ///
  /// Of faces of which the left two fifths were cut away, 3 to 5 % may found by this, 40 to 82 % by
  /// the box alone (60 photographs of LFW, 40 of generated people, 20 of the example library).
  public var minimumVisiblePart: Float = 0.85
  /// As estimated by ``expectedSimilarity(_:)``; unharmed faces have 0.67.
  ///
  /// The norms of other sets of photographs lie lower than LFW's at the same similarity, those of
  /// the example library by a quarter; so this is lower than LFW alone would have it.
  public var minimumExpectedSimilarity: Float = 0.46
  /// The same for faces that are ``clear`` and turned by ``turnedYaw`` or more.
  ///
  /// Embeddings of turned faces are shorter, and here hardly anything but the turning can be the
  /// reason. Of the 120 photographs of ``minimumVisiblePart`` in 24 harmed states each, three
  /// found that did not without this: one dark, one half covered, one with its eyes covered.
  public var minimumExpectedSimilarityOfTurned: Float = 0.40
  /// In radians, to either side; 23 % of LFW's faces are turned by more.
  public var turnedYaw: Float = 0.3
  /// What a photograph has at least in which size, focus and edges take nothing away from a face.
  public var clear = ClearFace()

  /// Limits of size, focus, certainty and edges.
  public struct ClearFace: Sendable, Equatable {
    /// The crop is not magnified.
    public var minimumResolution: Float = 1
    /// 97 % of LFW's faces have more.
    public var minimumSharpness: Float = 0.1
    /// 99 % of LFW's faces have more.
    public var minimumScore: Float = 0.9
    /// Three quarters of the close-ups in the example library have more.
    public var minimumVisiblePart: Float = 0.95

    public init() {}
  }

  public init() {}

  /// Judges a face.
  public func quality(of face: FaceMeasurements) -> FaceQuality {
    // From useless, 0.1, to the best there is, 0.8.
    let value = (expectedSimilarity(face) - 0.1) / 0.7
    return FaceQuality(value: max(0, min(value, 1)), obstacles: obstacles(face))
  }

  /// The cosine similarity to be expected to an unharmed face of the same person.
  ///
  /// A least-squares fit to the faces described above; its correlation with the true mean
  /// similarity is 0.75, that of the norm alone 0.73, of the score alone 0.52. Beyond sharpnesses of
  /// 0.15, what is sharp is noise.
  public func expectedSimilarity(_ face: FaceMeasurements) -> Float {
    let sharpness = max(0.03, min(face.sharpness, 0.15))
    return -0.504 + 0.0561 * face.norm + 0.0639 * naturalLogarithm(sharpness) + 0.639 * face.score
  }

  /// How sharp a face is, in 0…1: its ``FaceMeasurements/sharpness`` over that of the sharpest.
  public func sharpness(of face: FaceMeasurements) -> Float {
    min(1, face.sharpness / Self.highestSharpness)
  }

  /// Of LFW's faces 99 % have less than 0.88 of it, half of them less than 0.45.
  private static let highestSharpness: Float = 0.4

  private func obstacles(_ face: FaceMeasurements) -> FoundingObstacles {
    var obstacles: FoundingObstacles = []
    let isClear = isClear(face)
    if face.resolution < minimumResolution { obstacles.insert(.tooSmall) }
    if face.sharpness < minimumSharpness { obstacles.insert(.blurred) }
    if !isClear, abs(face.yaw) > maximumYaw || abs(face.pitch) > maximumPitch {
      obstacles.insert(.profile)
    }
    if face.score < minimumScore { obstacles.insert(.lowScore) }
    if face.wholePart < minimumVisiblePart { obstacles.insert(.truncated) }
    let isTurned = isClear && abs(face.yaw) >= turnedYaw
    let needed = isTurned ? minimumExpectedSimilarityOfTurned : minimumExpectedSimilarity
    if expectedSimilarity(face) < needed { obstacles.insert(.weakEmbedding) }
    return obstacles
  }

  private func isClear(_ face: FaceMeasurements) -> Bool {
    face.resolution >= clear.minimumResolution && face.sharpness >= clear.minimumSharpness
      && face.score >= clear.minimumScore && face.wholePart >= clear.minimumVisiblePart
  }
}

extension FaceMeasurements {
  /// Of the box or of the crop, whichever is cut more.
  fileprivate var wholePart: Float { min(visiblePart, croppedPart) }
}
