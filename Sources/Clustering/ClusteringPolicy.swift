/// Every number by which the clusterer decides, with the measurement that set it.
///
/// Similarities are cosines of embeddings *after* ``center`` was subtracted and the rest made unit
/// length again. The measurements were made with SFace embeddings of Labeled Faces in the Wild
/// (development part: 6,322 faces of 5,249 photographs, split into two halves of the people),
/// small libraries drawn from it, the same photographs blurred, shrunk and covered, and the
/// project's example library.
public struct ClusteringPolicy: Sendable {
  /// What all faces have in common under the model: the mean embedding, of as many numbers as an
  /// embedding has; empty subtracts nothing.
  ///
  /// It belongs to the model, not to a library. Taken from one half of the people it serves the
  /// other as well as its own: best BCubed F 0.992 against 0.991 with nothing subtracted.
  public var center: [Float] = Self.sfaceCenter

  /// The average similarity at which two single faces of a library of ``referenceCount`` faces
  /// are taken for one person.
  ///
  /// BCubed F on LFW has its top of 0.992 between 0.40 and 0.44.
  public var minimumSimilarityOfSingles: Float = 0.42

  /// The average similarity at which two large clusters are taken for one person.
  ///
  /// Averages over many pairs of faces scatter less, so that less is needed. With people of eight
  /// or more photographs all of 0.20…0.35 is good.
  public var minimumSimilarityOfLarge: Float = 0.28

  /// By how much ``minimumSimilarityOfSingles`` rises with each tenfold size of the library.
  ///
  /// The more faces, the more strangers reach any similarity: each tenth of the false-accept
  /// rate costs 0.06…0.07 on LFW. BCubed F of 100,000 made-up faces is 0.914 with 0.08, 0.905 with
  /// 0.10; the example library needs at least 0.08 to be without a fault.
  public var singlesRisePerTenfold: Float = 0.08

  /// By how much ``minimumSimilarityOfLarge`` rises with each tenfold size of the library.
  ///
  /// LFW is as good with all of 0.20…0.36. In the example library, of 89 faces, the two hardest
  /// pictures of one person are 0.25 on average from the other seven.
  public var largeRisePerTenfold: Float = 0.045

  /// The library size, in faces, for which the two similarities are stated.
  public var referenceCount: Float = 5000

  /// A smaller library is treated as one of this many faces.
  public var smallestCount: Float = 100

  /// How alike a library's people may be before more is demanded: the median over pairs of people
  /// of their average similarity.
  ///
  /// Among LFW's people it is 0.00, among twelve of them 0.02 in one case of twenty; among the
  /// example library's 0.045, among 120 generated with the variety of those 0.034, among 120
  /// generated near the average face 0.10.
  public var ordinaryAlikeness: Float = 0.045

  /// By how much the demand rises with the people's alikeness beyond the ordinary.
  ///
  /// For the 120 near the average face BCubed F is 0.67 with 0, 0.81 with 1.5 and 0.82 with 2; the
  /// best single threshold, known only afterwards, has 0.84.
  public var alikenessWeight: Float = 2

  /// The most that alikeness adds to the demand: what those 120 people need.
  public var alikenessLimit: Float = 0.12

  /// Alikeness is measured on this many faces at most; that takes some milliseconds.
  public var alikenessSampleCount = 384

  /// A change of what alikeness adds by less than this is not worth looking at every cluster again.
  public var alikenessTolerance: Float = 0.004

  /// As many people as this count half: the alikeness of few may be chance.
  public var alikenessHalfCount: Float = 12

  /// How near to being joined, in similarity, clusters are looked at again together when a face
  /// comes to one of them.
  public var reconsiderationMargin: Float = 0.08

  /// The most faces that one new face may cause to be grouped anew; more stay as they are.
  public var reconsideredFigureLimit = 400

  /// A cluster of more faces than this is grouped anew only when it has grown by a quarter.
  public var settledCount = 48

  /// How many touched neighbourhoods one new face may cause to be looked at; the rest wait for
  /// the next face.
  public var reconsiderationLimit = 6

  /// How many similar faces of each face the full clustering looks at.
  public var neighborLimit = 64

  /// Clusters whose average similarity to a face is lower are no match for it.
  public var minimumSimilarityToConsider: Float = 0.1

  /// Logits for each unit of similarity between a face and the nearest face of a cluster.
  ///
  /// Fitted like ``PairCalibration``: true groups of half of the people against the best group of
  /// somebody else. On the other half 99.8 % of what gets 0.9 or more is right, on degraded
  /// pictures 99.4 %. The average similarity adds nothing once the nearest is known.
  public var matchSlope: Float = 22.77
  /// The logit at similarity 0.
  public var matchOffset: Float = -9.84

  /// Logits for each unit by which the average similarity of two groups exceeds what joins them;
  /// at that similarity itself the odds are even.
  ///
  /// Fitted on the pairs of clusters that an import of LFW leaves within 0.2 of being joined:
  /// 58.5 and 57.2 on two halves of the people, with constants of −0.02 and −0.08. Neither the
  /// sizes nor the nearest two faces tell more.
  public var groupSlope: Float = 58

  /// The probability that two faces are of one person.
  public var calibration = PairCalibration()

  public init() {}

  /// The probability that a face shows a cluster's person.
  ///
  /// - Parameters:
  ///   - average: the average similarity to the cluster's founding figures.
  ///   - nearest: the highest of these similarities; `nil` if there is no other figure, which
  ///     leaves no doubt.
  /// - Returns: a number in 0…1.
  public func probability(average: Float, nearest: Float?) -> Float {
    guard let nearest else { return 1 }
    return logistic(matchOffset + matchSlope * max(nearest, average))
  }

  /// The probability that two groups of faces show one person.
  ///
  /// - Parameter gain: by how much their average similarity exceeds what is needed to join them.
  /// - Returns: a number in 0…1.
  func probabilityOfOnePerson(gain: Float) -> Float {
    logistic(groupSlope * gain)
  }

  /// The average similarity from which two clusters are joined.
  ///
  /// - Parameters:
  ///   - harmonicMean: of the two clusters' sizes in faces; 1 for two single faces.
  ///   - level: of the library.
  /// - Returns: a cosine.
  func minimumSimilarity(harmonicMean: Float, at level: LibraryLevel) -> Float {
    let large = minimumSimilarityOfLarge(at: level)
    let singles =
      minimumSimilarityOfSingles + singlesRisePerTenfold * level.tenfolds + level.alikeness
    return large + (singles - large) / harmonicMean.squareRoot()
  }

  /// The lowest value of ``minimumSimilarity(harmonicMean:at:)`` at any size of clusters.
  func lowestSimilarity(at level: LibraryLevel) -> Float {
    min(minimumSimilarity(harmonicMean: 1, at: level), minimumSimilarityOfLarge(at: level))
  }

  private func minimumSimilarityOfLarge(at level: LibraryLevel) -> Float {
    minimumSimilarityOfLarge + largeRisePerTenfold * level.tenfolds + level.alikeness
  }
}
