internal import Glibc

/// Two faces of which it is known whether they show one person.
public struct LabelledPair: Hashable, Sendable {
  /// The cosine of the embeddings as the model gives them.
  public let similarity: Float
  /// The smaller length of the two raw embeddings.
  public let smallerNorm: Float
  public let isSame: Bool
  /// Which half of the people both faces belong to; `nil` if one of each.
  public let half: Int?

  public init(similarity: Float, smallerNorm: Float, isSame: Bool, half: Int?) {
    self.similarity = similarity
    self.smallerNorm = smallerNorm
    self.isSame = isSame
    self.half = half
  }
}

extension PairCalibration {
  /// This curve, moved and stretched so that it fits pairs that users confirmed.
  ///
  /// Only two numbers are fitted, shift and stretch of the logits, and they are held near 0 and 1
  /// (normal distributions of widths 2 and 0.5): few pairs change little. Same and different pairs
  /// count alike, as in ``probability(similarity:norms:_:)``.
  ///
  /// - Parameters:
  ///   - pairs: of both kinds.
  ///   - faceCount: how many faces they are of; pairs that share faces tell the same again, so all
  ///     together weigh as much as there are faces.
  /// - Returns: the fitted curve; this one if a kind of pair is missing.
  public func refitted(to pairs: [LabelledPair], faceCount: Int) -> PairCalibration {
    let sameCount = pairs.count { $0.isSame }
    guard sameCount > 0, sameCount < pairs.count else { return self }
    let half = Double(faceCount) / 2
    let weights = (same: half / Double(sameCount), other: half / Double(pairs.count - sameCount))
    let logits = pairs.map { Double(logit(similarity: $0.similarity, norm: $0.smallerNorm)) }
    var (shift, stretch) = (0.0, 1.0)
    for _ in 0..<Self.newtonSteps {
      // Gradient and Hessian of the negative logarithm of the posterior.
      var gradient = (shift / Self.shiftVariance, (stretch - 1) / Self.stretchVariance)
      var hessian = (1 / Self.shiftVariance, 0.0, 1 / Self.stretchVariance)
      for (pair, logit) in zip(pairs, logits) {
        let weight = pair.isSame ? weights.same : weights.other
        let probability = 1 / (1 + exp(-(shift + stretch * logit)))
        let error = weight * (probability - (pair.isSame ? 1 : 0))
        gradient.0 += error
        gradient.1 += error * logit
        let curvature = weight * probability * (1 - probability)
        hessian.0 += curvature
        hessian.1 += curvature * logit
        hessian.2 += curvature * logit * logit
      }
      let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
      shift -= (hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant
      stretch -= (hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
      // A curve that falls would say that strangers are more alike.
      stretch = max(stretch, Self.smallestStretch)
    }
    var fitted = self
    fitted.offset = Float(shift + stretch * Double(offset))
    fitted.slope = Float(stretch * Double(slope))
    fitted.normOffset = Float(stretch * Double(normOffset))
    fitted.normSlope = Float(stretch * Double(normSlope))
    return fitted
  }

  /// The mean logarithmic loss of the curve on pairs, same and different ones counting alike.
  ///
  /// - Returns: 0 for certainty that is always right, 0.693 for a coin; `nil` if a kind is missing.
  public func loss(on pairs: [LabelledPair]) -> Float? {
    func mean(isSame: Bool) -> Float? {
      let pairs = pairs.filter { $0.isSame == isSame }
      guard !pairs.isEmpty else { return nil }
      let sum = pairs.reduce(Float(0)) { sum, pair in
        let probability = logistic(logit(similarity: pair.similarity, norm: pair.smallerNorm))
        return sum - log(max(isSame ? probability : 1 - probability, Self.smallestProbability))
      }
      return sum / Float(pairs.count)
    }
    guard let same = mean(isSame: true), let other = mean(isSame: false) else { return nil }
    return (same + other) / 2
  }

  /// The mean loss on each half of the people of the curve that is fitted to the other half.
  public func validatedLoss(on pairs: [LabelledPair], faceCount: Int) -> Float? {
    let losses = [0, 1].compactMap { half in
      refitted(to: pairs.filter { $0.half == 1 - half }, faceCount: faceCount / 2)
        .loss(on: pairs.filter { $0.half == half })
    }
    return losses.count == 2 ? (losses[0] + losses[1]) / 2 : nil
  }

  private static let newtonSteps = 25
  private static let shiftVariance = 4.0
  private static let stretchVariance = 0.25
  private static let smallestStretch = 0.05
  /// One surprise costs no more than this probability does.
  private static let smallestProbability: Float = 1e-6
}

/// How often pairs are mistaken at each similarity from which they are taken for one person.
public struct ErrorCurve: Sendable {
  private let same: [Float]
  private let different: [Float]

  /// - Parameter pairs: of both kinds.
  public init(_ pairs: [LabelledPair]) {
    same = pairs.filter(\.isSame).map(\.similarity).sorted()
    different = pairs.filter { !$0.isSame }.map(\.similarity).sorted()
  }

  /// Of the different pairs, the share that is at least as similar.
  public func falseMatchRate(at similarity: Float) -> Float {
    let below = different.partitioningIndex { $0 >= similarity }
    return Float(different.count - below) / Float(max(1, different.count))
  }

  /// Of the same pairs, the share that is less similar.
  public func falseNonMatchRate(at similarity: Float) -> Float {
    Float(same.partitioningIndex { $0 >= similarity }) / Float(max(1, same.count))
  }

  /// The lowest similarity at which no more than a share of the different pairs match; `nil` if
  /// there are too few pairs to tell so small a share.
  public func similarity(falseMatchRate: Float) -> Float? {
    let allowed = Int((falseMatchRate * Float(different.count)).rounded(.down))
    guard falseMatchRate * Float(different.count) >= 1, allowed < different.count else {
      return nil
    }
    return different[different.count - allowed - 1].nextUp
  }

  /// Where both rates are nearest to each other, their mean.
  public var equalErrorRate: Float? {
    guard !same.isEmpty, !different.isEmpty else { return nil }
    let best = (same + different).min {
      abs(falseMatchRate(at: $0) - falseNonMatchRate(at: $0))
        < abs(falseMatchRate(at: $1) - falseNonMatchRate(at: $1))
    }
    return best.map { (falseMatchRate(at: $0) + falseNonMatchRate(at: $0)) / 2 }
  }
}
