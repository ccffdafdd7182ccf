internal import Glibc

/// What a cosine similarity of two embeddings says about two faces being one person's.
///
/// The numbers belong to the embedder. Measured with SFace on the development part of Labeled
/// Faces in the Wild: the probability by a logistic fit to its 6,000 pairs, half of them of one
/// person (accuracy 0.9942 at probability one half), the false-accept rates over all 13.8 million
/// pairs of its 5,249 faces.
public struct PairCalibration: Sendable {
  /// Slope and offset of `1 / (1 + exp(−(slope · s + offset)))`.
  public var slope: Float = 37.8
  public var offset: Float = -12.46

  /// The similarity that one pair of strangers in 10,000 reaches; 0.9978 of the pairs of one
  /// person do.
  public var minimumSimilarityToReport: Float = 0.42

  public init() {}

  /// The probability, in 0…1, that two faces show one person, if that is as likely as not
  /// beforehand.
  public func probability(similarity: Float) -> Float {
    1 / (1 + exp(-(slope * similarity + offset)))
  }
}
