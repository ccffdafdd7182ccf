/// A pair of faces with its similarity and whether both show the same person.
public struct VerificationPair: Sendable, Hashable {
  public let similarity: Float
  public let isSame: Bool

  public init(similarity: Float, isSame: Bool) {
    self.similarity = similarity
    self.isSame = isSame
  }
}

/// What a threshold does at a given false-accept rate.
public struct OperatingPoint: Sendable, Hashable, Codable {
  /// Pairs at least this similar are accepted; infinite if not even the highest may be.
  public let threshold: Float
  /// The share of same-person pairs accepted.
  public let trueAcceptRate: Double
  /// The share of different-person pairs accepted; at most the rate asked for.
  public let falseAcceptRate: Double
}

/// The lowest threshold whose false-accept rate is at most `rate`, and what it accepts.
///
/// - Parameters:
///   - pairs: any order; a kind of which there is none has rate 0.
///   - rate: the share of different-person pairs that may be accepted, in 0…1.
/// - Returns: the threshold and both rates.
public func trueAcceptRate(
  of pairs: [VerificationPair], atFalseAcceptRate rate: Double
) -> OperatingPoint {
  let sorted = pairs.sorted { $0.similarity > $1.similarity }
  let sameCount = pairs.count { $0.isSame }
  let differentCount = pairs.count - sameCount
  func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
  var best = OperatingPoint(threshold: .infinity, trueAcceptRate: 0, falseAcceptRate: 0)
  var (same, different, position) = (0, 0, 0)
  while position < sorted.count {
    // Equal similarities are accepted together or not at all.
    let threshold = sorted[position].similarity
    while position < sorted.count, sorted[position].similarity == threshold {
      if sorted[position].isSame { same += 1 } else { different += 1 }
      position += 1
    }
    guard share(different, of: differentCount) <= rate else { break }
    best = OperatingPoint(
      threshold: threshold, trueAcceptRate: share(same, of: sameCount),
      falseAcceptRate: share(different, of: differentCount))
  }
  return best
}

/// The result of a cross-validated verification.
public struct VerificationAccuracy: Sendable, Hashable, Codable {
  /// The mean over the folds, in 0…1.
  public let mean: Double
  /// The standard deviation of the folds' accuracies (divisor: folds − 1).
  public let standardDeviation: Double
  /// Of each fold, the threshold that was best on all others.
  public let thresholds: [Float]
}

/// Accuracy as the LFW protocol has it: each fold is judged by the threshold best on the others.
///
/// Pairs are dealt to folds in consecutive runs within each kind, as in LFW's own list, so that
/// every fold has its share of same-person and different-person pairs.
///
/// - Parameters:
///   - pairs: in the order of the list.
///   - foldCount: 10 in the protocol.
/// - Returns: the accuracy and threshold of each fold.
/// - Precondition: there are at least two folds and as many pairs of each kind as folds.
public func verificationAccuracy(
  of pairs: [VerificationPair], foldCount: Int = 10
) -> VerificationAccuracy {
  let kinds = [pairs.filter(\.isSame), pairs.filter { !$0.isSame }]
  precondition(
    foldCount >= 2 && kinds.allSatisfy { $0.count >= foldCount }, "too few pairs for the folds")
  var accuracies: [Double] = []
  var thresholds: [Float] = []
  for fold in 0..<foldCount {
    var judged: [VerificationPair] = []
    var others: [VerificationPair] = []
    for kind in kinds {
      let range = fold * kind.count / foldCount..<(fold + 1) * kind.count / foldCount
      judged += kind[range]
      others += kind[..<range.lowerBound] + kind[range.upperBound...]
    }
    let threshold = mostAccurateThreshold(others)
    let right = judged.count { ($0.similarity >= threshold) == $0.isSame }
    accuracies.append(Double(right) / Double(judged.count))
    thresholds.append(threshold)
  }
  let mean = accuracies.reduce(0, +) / Double(foldCount)
  let variance = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(foldCount - 1)
  return VerificationAccuracy(
    mean: mean, standardDeviation: variance.squareRoot(), thresholds: thresholds)
}

/// The lowest threshold of the highest accuracy, halfway to the next lower similarity.
private func mostAccurateThreshold(_ pairs: [VerificationPair]) -> Float {
  let sorted = pairs.sorted { $0.similarity > $1.similarity }
  var right = pairs.count { !$0.isSame }
  var (bestRight, best) = (right, Float.infinity)
  for (position, pair) in sorted.enumerated() {
    right += pair.isSame ? 1 : -1
    let next = position + 1 < sorted.count ? sorted[position + 1].similarity : pair.similarity
    if position + 1 < sorted.count, next == pair.similarity { continue }
    if right >= bestRight { (bestRight, best) = (right, (pair.similarity + next) / 2) }
  }
  return best
}
