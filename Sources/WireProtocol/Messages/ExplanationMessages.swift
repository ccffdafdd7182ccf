/// ExplainFigure: why a face is in its cluster, or not in another one.
public struct ExplainFigureResult: Codable, Equatable, Sendable {
  /// The whole in one line for people.
  public var sentence: String
  public var figureID: String
  /// The cluster that the face is in; absent while it waits.
  public var figureClusterID: String?
  public var waitingReason: String?
  /// In 0…1; larger is better.
  public var faceQuality: Double
  /// Why the face may not found a cluster, such as `TooSmall`; empty if it may.
  public var foundingObstacles: [String]
  /// How it stands to its own cluster.
  public var own: ClusterStandingMessage?
  /// How it stands to the cluster that was asked about, or to the next best one.
  public var other: ClusterStandingMessage?
  /// By how much more it exceeds what is needed in its own cluster than in the other one.
  public var margin: Double?
  /// The face after face that connect it with the core of its cluster, each most like the one
  /// before: the chain whose weakest link is strongest.
  public var chain: [SimilarFigure]
  /// What users said that decides here.
  public var statements: [StatementMessage]

  public init(
    sentence: String, figureID: String, figureClusterID: String?, waitingReason: String?,
    faceQuality: Double, foundingObstacles: [String], own: ClusterStandingMessage?,
    other: ClusterStandingMessage?, margin: Double?, chain: [SimilarFigure],
    statements: [StatementMessage]
  ) {
    self.sentence = sentence
    self.figureID = figureID
    self.figureClusterID = figureClusterID
    self.waitingReason = waitingReason
    self.faceQuality = faceQuality
    self.foundingObstacles = foundingObstacles
    self.own = own
    self.other = other
    self.margin = margin
    self.chain = chain
    self.statements = statements
  }

  enum CodingKeys: String, CodingKey {
    case sentence = "Sentence"
    case figureID = "FigureId"
    case figureClusterID = "FigureClusterId"
    case waitingReason = "WaitingReason"
    case faceQuality = "FaceQuality"
    case foundingObstacles = "FoundingObstacles"
    case own = "Own"
    case other = "Other"
    case margin = "Margin"
    case chain = "Chain"
    case statements = "Statements"
  }
}

/// How a face stands to a cluster.
public struct ClusterStandingMessage: Codable, Equatable, Sendable {
  public var objectID: String
  public var name: String?
  /// The faces that it was compared with: the clear ones, itself not counted.
  public var comparedFaces: Int
  /// To these, as the clusterer compares: with what all faces share taken out.
  public var averageSimilarity: Double
  /// From which it belongs to them.
  public var neededSimilarity: Double
  /// That it shows the cluster's person, in 0…1.
  public var probability: Double
  /// The most similar of these faces, best first.
  public var exemplars: [SimilarFigure]
  /// Other faces of the same photograph that are in the cluster: two faces of one photograph are
  /// two people, unless a user says otherwise.
  public var samePhotograph: [String]
  /// How it stands to those of them that were photographed at about the same time, where these may
  /// decide.
  public var nearInTime: NearInTime?

  /// The faces of a cluster that were photographed at about the same time as a face.
  public struct NearInTime: Codable, Equatable, Sendable {
    public var comparedFaces: Int
    public var averageSimilarity: Double
    /// From which the face belongs to them.
    public var neededSimilarity: Double

    public init(comparedFaces: Int, averageSimilarity: Double, neededSimilarity: Double) {
      self.comparedFaces = comparedFaces
      self.averageSimilarity = averageSimilarity
      self.neededSimilarity = neededSimilarity
    }

    enum CodingKeys: String, CodingKey {
      case comparedFaces = "ComparedFaces"
      case averageSimilarity = "AverageSimilarity"
      case neededSimilarity = "NeededSimilarity"
    }
  }

  public init(
    objectID: String, name: String?, comparedFaces: Int, averageSimilarity: Double,
    neededSimilarity: Double, probability: Double, exemplars: [SimilarFigure],
    samePhotograph: [String], nearInTime: NearInTime? = nil
  ) {
    self.objectID = objectID
    self.name = name
    self.comparedFaces = comparedFaces
    self.averageSimilarity = averageSimilarity
    self.neededSimilarity = neededSimilarity
    self.probability = probability
    self.exemplars = exemplars
    self.samePhotograph = samePhotograph
    self.nearInTime = nearInTime
  }

  enum CodingKeys: String, CodingKey {
    case objectID = "ObjectId"
    case name = "Name"
    case comparedFaces = "ComparedFaces"
    case averageSimilarity = "AverageSimilarity"
    case neededSimilarity = "NeededSimilarity"
    case probability = "Probability"
    case exemplars = "Exemplars"
    case samePhotograph = "SamePhotograph"
    case nearInTime = "NearInTime"
  }
}

/// A stored face and how like another one it is.
public struct SimilarFigure: Codable, Equatable, Sendable {
  public var figureID: String
  /// The cosine of the embeddings.
  public var similarity: Double
  /// That both show one person, in 0…1.
  public var probability: Double

  public init(figureID: String, similarity: Double, probability: Double) {
    self.figureID = figureID
    self.similarity = similarity
    self.probability = probability
  }

  enum CodingKeys: String, CodingKey {
    case figureID = "FigureId"
    case similarity = "Similarity"
    case probability = "Probability"
  }
}

/// What a user said of who is who.
public struct StatementMessage: Codable, Equatable, Sendable {
  /// `Pin`, `Exclude`, `MustLink`, `CannotLink` or `NotAFace`.
  public var kind: String
  public var figureID: String
  public var otherFigureID: String?
  public var figureClusterID: String?
  /// The event that made the statement, for UndoIdentityEvent; absent once the log is erased.
  public var eventID: String?

  public init(
    kind: String, figureID: String, otherFigureID: String?, figureClusterID: String?,
    eventID: String?
  ) {
    self.kind = kind
    self.figureID = figureID
    self.otherFigureID = otherFigureID
    self.figureClusterID = figureClusterID
    self.eventID = eventID
  }

  enum CodingKeys: String, CodingKey {
    case kind = "Kind"
    case figureID = "FigureId"
    case otherFigureID = "OtherFigureId"
    case figureClusterID = "FigureClusterId"
    case eventID = "EventId"
  }
}
