package import FaceTypes

// What the outputs of the networks mean.

extension AgeEstimate {
  /// Ages 0 to 80.
  static let classCount = 81

  /// The mean and deviation of a distribution over ``classCount`` ages.
  ///
  /// The class of newborns counts as a quarter of a year, as the network's authors have it.
  ///
  /// - Parameter distribution: Probabilities; they add up to 1 within rounding.
  package init(distribution: [Float]) {
    func years(_ index: Int) -> Float { index == 0 ? 0.25 : Float(index) }
    let sum = distribution.reduce(0, +)
    var (mean, square) = (Float(0), Float(0))
    for (index, probability) in distribution.enumerated() {
      mean += probability * years(index) / sum
      square += probability * years(index) * years(index) / sum
    }
    self.init(years: mean, deviation: max(0, square - mean * mean).squareRoot())
  }
}

extension Gender {
  /// In the order of the network's outputs.
  package static let classes: [Gender] = [.female, .male]
}

extension Emotion {
  /// In the order of the network's outputs, which calls calmness "neutral".
  package static let classes: [Emotion] = [
    .anger, .disgust, .fear, .happiness, .sadness, .surprise, .calmness,
  ]
}

extension Judgement {
  /// The most probable of some classes; `nil` without any.
  package init?(probabilities: [Float], of classes: [Value]) {
    guard let best = zip(probabilities, classes).max(by: { $0.0 < $1.0 }) else { return nil }
    self.init(best.1, confidence: min(1, max(0, best.0)))
  }
}
