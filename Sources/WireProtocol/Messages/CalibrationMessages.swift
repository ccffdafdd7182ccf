/// How often pairs are mistaken if they are taken for one person from a similarity on.
public struct ErrorRates: Codable, Equatable, Sendable {
  /// The cosine of the embeddings.
  public var similarity: Double
  /// Of the pairs of two people, the share that match.
  public var falseMatchRate: Double
  /// Of the pairs of one person, the share that do not.
  public var falseNonMatchRate: Double
  /// What the curve in use makes of such a pair of clear faces, in 0…1.
  public var probability: Double

  public init(
    similarity: Double, falseMatchRate: Double, falseNonMatchRate: Double, probability: Double
  ) {
    self.similarity = similarity
    self.falseMatchRate = falseMatchRate
    self.falseNonMatchRate = falseNonMatchRate
    self.probability = probability
  }

  enum CodingKeys: String, CodingKey {
    case similarity = "Similarity"
    case falseMatchRate = "FalseMatchRate"
    case falseNonMatchRate = "FalseNonMatchRate"
    case probability = "Probability"
  }
}

/// CalibrateFigures.
public struct CalibrateFiguresResult: Codable, Equatable, Sendable {
  public enum Action: String, Codable, Sendable, CaseIterable {
    case show = "Show"
    case fit = "Fit"
    case reset = "Reset"
  }

  /// People and their faces that users confirmed.
  public var people: Int
  public var faces: Int
  /// Pairs of these that show one person, and two.
  public var samePairs: Int
  public var differentPairs: Int
  /// How many of each kind a fit needs.
  public var pairsNeeded: Int
  /// By rising similarity; empty without pairs of both kinds.
  public var curve: [ErrorRates]
  public var equalErrorRate: Double?
  /// Where one in a thousand, a hundred and ten pairs of two people match, as far as there are
  /// enough pairs to tell.
  public var recommended: [ErrorRates]
  /// Whether the curve in use was fitted to this library.
  public var isFitted: Bool
  /// The mean logarithmic loss on the pairs of the curve that ships with the model.
  public var shippedLoss: Double?
  /// That of a curve fitted to one half of the people, on the other half.
  public var fittedLoss: Double?

  public init(
    people: Int, faces: Int, samePairs: Int, differentPairs: Int, pairsNeeded: Int,
    curve: [ErrorRates], equalErrorRate: Double?, recommended: [ErrorRates], isFitted: Bool,
    shippedLoss: Double?, fittedLoss: Double?
  ) {
    self.people = people
    self.faces = faces
    self.samePairs = samePairs
    self.differentPairs = differentPairs
    self.pairsNeeded = pairsNeeded
    self.curve = curve
    self.equalErrorRate = equalErrorRate
    self.recommended = recommended
    self.isFitted = isFitted
    self.shippedLoss = shippedLoss
    self.fittedLoss = fittedLoss
  }

  enum CodingKeys: String, CodingKey {
    case people = "People"
    case faces = "Faces"
    case samePairs = "SamePairs"
    case differentPairs = "DifferentPairs"
    case pairsNeeded = "PairsNeeded"
    case curve = "Curve"
    case equalErrorRate = "EqualErrorRate"
    case recommended = "Recommended"
    case isFitted = "Fitted"
    case shippedLoss = "ShippedLoss"
    case fittedLoss = "FittedLoss"
  }
}
