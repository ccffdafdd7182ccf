/// Similarities of pairs of faces, apart for one person and for two.
struct VerificationScores {
  /// Of pairs that show one person.
  var genuine: [Float]
  /// Of pairs that show two people.
  var impostor: [Float]

  /// The mean accuracy over ten parts of the pairs, each at the threshold that is best for the rest.
  ///
  /// The nth pair of either kind belongs to part n mod 10, so that each part has both kinds.
  func tenfoldAccuracy() -> Double {
    let folds = 10
    var sum = 0.0
    for fold in 0..<folds {
      func part(_ values: [Float], _ isIn: (Int) -> Bool) -> [Float] {
        values.indices.filter { isIn($0 % folds) }.map { values[$0] }
      }
      let training = VerificationScores(
        genuine: part(genuine) { $0 != fold }, impostor: part(impostor) { $0 != fold })
      let test = VerificationScores(
        genuine: part(genuine) { $0 == fold }, impostor: part(impostor) { $0 == fold })
      sum += test.accuracy(at: training.bestThreshold())
    }
    return sum / Double(folds)
  }

  /// The part of the pairs on the right side of a threshold.
  func accuracy(at threshold: Float) -> Double {
    let right = genuine.count { $0 >= threshold } + impostor.count { $0 < threshold }
    return Double(right) / Double(max(1, genuine.count + impostor.count))
  }

  /// The similarity that parts the two kinds with the fewest errors.
  func bestThreshold() -> Float {
    let all = (genuine.map { ($0, true) } + impostor.map { ($0, false) }).sorted { $0.0 < $1.0 }
    // With the threshold below all, every genuine pair is right and every impostor wrong.
    var right = genuine.count
    var best = (right: right, threshold: all.first?.0 ?? 0)
    for (position, (_, isGenuine)) in all.enumerated() {
      right += isGenuine ? -1 : 1
      let next = position + 1 < all.count ? all[position + 1].0 : 1
      if right > best.right { best = (right, next) }
    }
    return best.threshold
  }

  /// The least threshold at which at most this part of the impostor pairs passes.
  func threshold(atFalseAcceptRate rate: Double) -> Float {
    let sorted = impostor.sorted(by: >)
    let allowed = Int(rate * Double(sorted.count))
    return allowed < sorted.count ? sorted[allowed].nextUp : -1
  }

  /// The part of the genuine pairs that passes a threshold.
  func trueAcceptRate(at threshold: Float) -> Double {
    Double(genuine.count { $0 >= threshold }) / Double(max(1, genuine.count))
  }
}
