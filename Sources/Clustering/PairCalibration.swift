/// The probability that two faces show one person, from their cosine and clarity.
///
/// A logistic curve fitted on pairs of one half of the people of LFW's development part, as they
/// are and blurred, shrunk and covered, same and different pairs given equal weight. On the other
/// half its logarithmic loss is 0.022 (0.052 from the cosine alone), on their degraded pictures
/// 0.121 (0.146); of the pairs given 0.9 or more, 99.4 % and more are the same person.
public struct PairCalibration: Sendable, Hashable, Codable {
  /// The smallest cosine worth reporting to somebody who searches: one in a thousand pairs of
  /// strangers on LFW is as similar.
  public var minimumSimilarityToReport: Float = 0.364
  /// Logits for each unit of cosine, at the reference norm.
  public var slope: Float = 29.43
  /// The logit at cosine 0, at the reference norm.
  public var offset: Float = -7.39
  /// Logits for each unit by which the smaller norm exceeds ``referenceNorm``.
  public var normOffset: Float = -1.377
  /// Logits for each unit of cosine and each such unit of norm.
  public var normSlope: Float = 1.414
  public var referenceNorm: Float = 10
  /// Norms beyond were not measured and count as the nearest that were.
  public var norms: ClosedRange<Float> = 4...14

  public init() {}

  /// The probability that two faces are of one person, if as many pairs are as are not.
  ///
  /// - Parameters:
  ///   - similarity: the cosine of the two embeddings as the model gives them.
  ///   - first: the length of one raw embedding.
  ///   - second: the length of the other.
  /// - Returns: a number in 0…1.
  public func probability(similarity: Float, norms first: Float, _ second: Float) -> Float {
    logistic(logit(similarity: similarity, norm: min(first, second)))
  }

  /// The logit of that probability.
  ///
  /// - Parameters:
  ///   - similarity: the cosine.
  ///   - norm: the smaller length of the two raw embeddings.
  /// - Returns: any number.
  func logit(similarity: Float, norm: Float) -> Float {
    let excess = min(max(norm, norms.lowerBound), norms.upperBound) - referenceNorm
    return offset + normOffset * excess + (slope + normSlope * excess) * similarity
  }
}
