public import FaceTypes
internal import Glibc

/// A question to the user whose answer would settle where faces belong.
public struct ClusterSuggestion: Sendable, Hashable {
  public enum Subject: Sendable, Hashable {
    /// Do two clusters show one person?
    case join(ClusterID, ClusterID)
    /// Does a cluster show one person, or is this part of it, the smaller one, somebody else?
    case split(ClusterID, part: [FigureID])
    /// Does a figure that waits show a cluster's person?
    case place(FigureID, ClusterID)
  }

  public enum Reason: String, Sendable, Hashable {
    /// The two sides are nearly similar enough to be joined.
    case nearlySimilar = "NearlySimilar"
    /// The cluster falls into two parts that would hardly be joined.
    case twoModes = "TwoModes"
    /// The cluster has two figures of one photograph.
    case onePhotograph = "OnePhotograph"
  }

  public let subject: Subject
  public let reason: Reason
  /// Between the two sides, as the clusterer compares.
  public let averageSimilarity: Float
  /// From which the two sides are joined.
  public let minimumSimilarity: Float
  /// That the two sides show one person, in 0…1.
  public let probability: Float
  /// How many faces another answer than the machine's would move.
  public let faceCount: Int

  /// What it is worth to ask: the faces, times the mean of the chance that the answer changes
  /// something and of what is unknown about it, in bits.
  public var score: Float {
    let change =
      switch subject {
      case .join, .place: probability
      case .split: 1 - probability
      }
    return Float(faceCount) * (change + Self.entropy(probability)) / 2
  }

  /// The information, in bits, in the answer to a question of this probability.
  private static func entropy(_ probability: Float) -> Float {
    guard probability > 0, probability < 1 else { return 0 }
    return -(probability * log2(probability) + (1 - probability) * log2(1 - probability))
  }

  /// Which kinds of question are wanted.
  public struct Kinds: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let join = Kinds(rawValue: 1)
    public static let split = Kinds(rawValue: 2)
    public static let place = Kinds(rawValue: 4)
    public static let all: Kinds = [.join, .split, .place]
  }
}
