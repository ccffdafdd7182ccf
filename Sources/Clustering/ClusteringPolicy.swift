/// Every number by which the clusterer decides, with the measurement that set it.
///
/// Similarities are cosines of embeddings *after* ``center`` and what lies along
/// ``blurDirections`` were taken out and the rest made unit length again. The measurements were made
/// with SFace embeddings of Labeled Faces in the Wild (development part: 6,322 faces of 5,249
/// photographs, split into two halves of the people), small libraries drawn from it, the same
/// photographs blurred, shrunk and covered, generated people, and the project's example library.
public struct ClusteringPolicy: Sendable {
  /// What all faces have in common under the model: the mean embedding, of as many numbers as an
  /// embedding has; empty subtracts nothing.
  ///
  /// It belongs to the model, not to a library. Taken from one half of the people it serves the
  /// other as well as its own: best BCubed F 0.992 against 0.991 with nothing subtracted.
  public var center: [Float] = Self.sfaceCenter

  /// In which directions blur moves embeddings, of unit length and at right angles to each other:
  /// two at most, of as many numbers as an embedding has.
  ///
  /// They belong to the model. Blurred faces of different people have them in common, and so are
  /// alike. Of LFW's faces with 30 % of the photographs blurred, BCubed F is 0.870 with nothing taken
  /// out, 0.889 with one direction, 0.894 with two and with three; of those unclear faces that
  /// joined somebody, 73 %, 92 %, 94 % and 94 % were right. Sharp faces lose nothing: 0.9945 before,
  /// 0.9947 after.
  public var blurDirections: [[Float]] = Self.sfaceBlurDirections

  /// The similarity at which two single faces of a library of ``referencePeopleCount`` people are
  /// taken for one person.
  ///
  /// Groups of several faces need less, by their tightness (``tightness(ofMeanLength:)``). The mean
  /// BCubed F of fifteen sets drawn from LFW (halves, long tails, strangers, families of
  /// look-alikes) is 0.9951 with 0.43 and with 0.44, and 0.9946 with 0.45.
  public var minimumSimilarity: Float = 0.435

  /// Clusters whose mean embedding is shorter than this count as if it were as long, so that
  /// nobody's loose cluster draws in everybody.
  ///
  /// LFW's clusters of four faces or more have 0.69…0.95.
  public var shortestMeanLength: Float = 0.5

  /// By how much ``minimumSimilarity`` rises with ten times as many people.
  ///
  /// The more people, the more strangers reach any similarity. Libraries of 300 and 1,000 of LFW's
  /// people are at their best (BCubed F) between 0.36 and 0.44, of 100 between 0.34 and 0.40; one of
  /// 120 generated people between 0.34 and 0.44.
  public var risePerTenfold: Float = 0.05

  /// The same for up to ``fewPeople`` people.
  ///
  /// Where few people have many pictures each, hardly a stranger comes by, and hard pictures are to be
  /// found a place. Of LFW 30 people are at their best between 0.30 and 0.40, 12 between 0.26 and
  /// 0.38; of 120 generated people any 12 between 0.28 and 0.34; the example library, of twelve, is
  /// without a fault between 0.21 and 0.28.
  public var risePerTenfoldOfFew: Float = 0.1

  /// Up to how many people a library has few.
  public var fewPeople: Float = 60

  /// How much less an unclear face needs to join a cluster, as it changes nothing there.
  ///
  /// With 30 % of LFW's photographs blurred, 371 of 393 that join are right with 0, 420 of 455 with
  /// 0.02, 472 of 537 with 0.04.
  public var unclearAllowance: Float = 0.02

  /// The number of people for which the similarities are stated: as many as the estimate says that
  /// LFW shows.
  public var referencePeopleCount: Float = 4300

  /// A library of fewer people is treated as one of so many.
  public var fewestPeople: Float = 8

  /// How alike a library's people may be before more is demanded: the median over pairs of people
  /// of their average similarity.
  ///
  /// Among LFW's people it is 0.00, among twelve of them 0.02 in one case of twenty; among the
  /// example library's 0.045, among 120 generated with the variety of those 0.034, among 120
  /// generated near the average face 0.10.
  public var ordinaryAlikeness: Float = 0.045

  /// By how much the demand rises with the people's alikeness beyond the ordinary.
  ///
  /// For the 120 near the average face BCubed F is 0.835; the best single threshold, known only
  /// afterwards, has 0.838.
  public var alikenessWeight: Float = 2

  /// The most that alikeness adds to the demand: what 80 people generated so near the average face
  /// need that the median of their similarities is 0.20.
  public var alikenessLimit: Float = 0.2

  /// The number of people and their alikeness are measured on this many faces at most; that takes
  /// some milliseconds.
  public var levelSampleCount = 384

  /// A change of the demand by less than this is not worth looking at every cluster again.
  public var levelTolerance: Float = 0.0015

  /// As many people as this count half: the alikeness of few may be chance.
  public var alikenessHalfCount: Float = 12

  /// How many years one era lasts.
  ///
  /// People grow up and grow old: two groups are one person as well if their faces of one era are
  /// alike, or those at most one, two or three eras apart, be the others as different as the years
  /// made them. Where LFW's people with 8 to 60 photographs were made to turn into another direction
  /// over twenty years, by 3°, 6° or 12° a year, BCubed F is 0.9928, 0.9489 and 0.9119 without this,
  /// and 0.9929, 0.9761 and 0.9213 with it, precision 0.9969 throughout; with eras of one year the
  /// second is 0.970, of three 0.977, of which the latter costs generated people who are alike. With
  /// years given at random LFW loses nothing.
  public var yearsPerEra: Float = 2

  /// How much more is needed of a single pair of faces that are not many years apart than of two
  /// single faces; of several pairs a share of it.
  ///
  /// With 0.05 families of generated people with random years fall from 0.722 to 0.715.
  public var cautionOfOnePair: Float = 0.1

  /// What share of their demand the average similarity of two groups must reach at least, however
  /// alike some of their faces are.
  ///
  /// Of the sets of ``yearsPerEra`` the second has 0.9770 with 0.5, 0.9761 with 0.6, and 0.9668 with
  /// 0.7. The smaller it is, the more clusters a new face is compared with: adding one to 100,000
  /// dated faces takes 3.2, 1.7 and 1.3 times as long as to faces without dates.
  public var minimumShareOfDemand: Float = 0.6

  /// By how much more than two single faces need an unclear face must be like a clear one to go
  /// where that is, though it resembles the others there less.
  ///
  /// An unclear face resembles pictures of the same pose and light. With 30 % of LFW's photographs
  /// blurred, of those that the average leaves waiting 83 join with 0.03, of which 82 rightly, 101
  /// and 99 with 0.015.
  public var exemplarCaution: Float = 0.03

  /// The cosine, as the model gives it, that this clear face has at least, so that it is found among
  /// all.
  ///
  /// It loses one of the 83.
  public var minimumCosineOfExemplar: Float = 0.4

  /// Of how many such faces, the most similar ones, the clusters are looked at.
  public var exemplarLimit = 64

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

  /// How much of the demand on two single faces is made of a cluster.
  ///
  /// The average similarity to a cluster is the cosine with its mean times the mean's length, and
  /// the less alike its faces are, the shorter that is. If the demand fell by the whole length, it
  /// would be one on cosines alone, and loose clusters would draw in strangers (the fifteen sets of
  /// ``minimumSimilarity``: 0.9931 with the best demand); if not at all, it would be plain average
  /// linkage (0.9940). Its square root stands between, and all powers of 0.5…0.7 are as good.
  ///
  /// - Parameter length: of the mean of the cluster's centered embeddings, 1 for a single face.
  /// - Returns: a factor of the demand, at most 1.
  func tightness(ofMeanLength length: Float) -> Float {
    min(1, max(shortestMeanLength, length).squareRoot())
  }

  /// The average similarity from which two clusters are joined.
  ///
  /// - Parameters:
  ///   - tightness: the product of both clusters' tightnesses; 1 for two single faces.
  ///   - level: of the library.
  /// - Returns: a cosine.
  func minimumSimilarity(tightness: Float, at level: LibraryLevel) -> Float {
    tightness * (minimumSimilarity + level.rise + level.alikeness)
  }

  /// By how much two groups are more alike than is needed to join them; at most 0 keeps them apart.
  ///
  /// What is needed of all pairs of faces falls with the groups' tightness. Of those that are not
  /// many years apart as much is needed as of two single faces, or more if they are few.
  ///
  /// - Parameters:
  ///   - similarity: the average over all pairs of faces.
  ///   - tightness: the product of both groups'.
  ///   - near: the pairs that are not many years apart.
  ///   - level: of the library.
  ///   - allowance: how much less is needed of two single faces.
  /// - Returns: the larger of what both have beyond their needs.
  func gain(
    similarity: Float, tightness: Float, near: NearPairs, at level: LibraryLevel,
    allowance: Float = 0
  ) -> Float {
    let demand = minimumSimilarity(tightness: 1, at: level) - allowance
    var gain = similarity - tightness * demand
    guard
      maySomeDecide(
        similarity: similarity, tightness: tightness, at: level, allowance: allowance)
    else { return gain }
    near.visitWindows { count, average in
      gain = max(gain, average - demand - cautionOfOnePair / count)
    }
    return gain
  }

  /// Whether two groups are alike enough, over all pairs of faces, for some of them to decide.
  func maySomeDecide(
    similarity: Float, tightness: Float, at level: LibraryLevel, allowance: Float
  ) -> Bool {
    let demand = minimumSimilarity(tightness: 1, at: level) - allowance
    return similarity >= minimumShareOfDemand * tightness * demand
  }

  /// The average similarity from which a single face joins a cluster.
  ///
  /// - Parameters:
  ///   - tightness: of the cluster.
  ///   - isUnclear: whether the face may not found a cluster.
  ///   - level: of the library.
  /// - Returns: a cosine.
  func minimumSimilarity(
    toJoin tightness: Float, isUnclear: Bool, at level: LibraryLevel
  ) -> Float {
    minimumSimilarity(tightness: tightness, at: level)
      - (isUnclear ? tightness * unclearAllowance : 0)
  }

  /// The lowest value of ``minimumSimilarity(tightness:at:)`` for a cluster with any other.
  ///
  /// - Parameters:
  ///   - tightness: of the cluster.
  ///   - level: of the library.
  /// - Returns: a cosine.
  func lowestSimilarity(tightness: Float, at level: LibraryLevel) -> Float {
    minimumSimilarity(tightness: tightness * self.tightness(ofMeanLength: 0), at: level)
  }
}
