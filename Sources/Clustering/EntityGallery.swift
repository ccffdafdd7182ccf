public import FaceTypes

/// People enrolled by example, to compare faces with.
public struct EntityGallery: Sendable {
  /// One picture of an enrolled person.
  public struct Sample: Sendable {
    public let entity: EntityID
    public let embedding: Embedding

    public init(entity: EntityID, embedding: Embedding) {
      self.entity = entity
      self.embedding = embedding
    }
  }

  /// The enrolled person that a face resembles most.
  public struct Match: Sendable, Hashable {
    public let entity: EntityID
    /// The highest cosine with one of the person's samples.
    public let similarity: Float
    /// The probability that it is the person, if as many faces are as are not.
    public let probability: Float
    /// How often a stranger would resemble that person as much.
    public let falseAcceptRate: Double
  }

  public let samples: [Sample]
  private let sampleCounts: [EntityID: Int]
  private let pairs = PairCalibration()
  private let strangers = FalseAcceptCalibration()

  public init(_ samples: [Sample]) {
    self.samples = samples
    sampleCounts = samples.reduce(into: [:]) { $0[$1.entity, default: 0] += 1 }
  }

  /// How many people are enrolled with at least one picture.
  public var entityCount: Int { sampleCounts.count }

  /// The enrolled person whom a face shows, if strangers may be taken for one at a rate.
  ///
  /// Somebody enrolled with several pictures is compared with each, and each comparison gets its
  /// share of the rate.
  ///
  /// - Parameters:
  ///   - face: of the same model as the samples; others are never alike.
  ///   - rate: for one stranger and one enrolled person.
  ///   - isCandidate: says which people are meant.
  /// - Returns: the one at whom a stranger would be least likely; `nil` for an unknown face.
  public func match(
    _ face: Embedding, falseAcceptRate rate: Double, among isCandidate: (EntityID) -> Bool
  ) -> Match? {
    var best: Match?
    for sample in samples where isCandidate(sample.entity) {
      guard let similarity = face.cosineSimilarity(sample.embedding) else { continue }
      let count = Double(sampleCounts[sample.entity] ?? 1)
      let reached = min(1, count * strangers.falseAcceptRate(similarity: similarity))
      guard reached <= rate, reached < best?.falseAcceptRate ?? .infinity else { continue }
      best = Match(
        entity: sample.entity, similarity: similarity,
        probability: pairs.probability(
          similarity: similarity, norms: face.norm, sample.embedding.norm),
        falseAcceptRate: reached)
    }
    return best
  }
}
