public import FaceTypes
public import VectorIndex

/// Why a figure is in a cluster.
public struct JoiningEvidence: Sendable, Hashable {
  /// The mean of the similarities to the cluster's other founding figures.
  public let averageSimilarity: Float
  /// The most similar of these figures.
  public let nearest: Neighbor?
  /// The average similarity that was needed; `nil` if a user's word decided.
  public let minimumSimilarity: Float?
  /// How probable it is that the figure shows the cluster's person, in 0…1; 1 by a user's word.
  public let probability: Float
  /// The next best cluster.
  public let runnerUp: RunnerUp?

  /// A cluster that a figure did not join.
  public struct RunnerUp: Sendable, Hashable {
    public let cluster: ClusterID
    public let averageSimilarity: Float
  }
}

/// Why a figure has no cluster yet.
public enum WaitingReason: String, Sendable, Hashable {
  /// Not clear enough to found a cluster, and similar enough to none.
  case tooUnclearToFound = "TooUnclearToFound"
  /// Similar enough to a cluster, but not clear enough to found one, and another figure of the
  /// same medium is in it or a user said no.
  case excluded = "Excluded"
}

/// One decision, to be saved by whoever asked for it.
///
/// A list of changes is the difference between the state before and after a call. Applied in
/// order, it leads from one to the other: clusters are founded before figures move into them and
/// end after the last figure has left.
public enum ClusterChange: Sendable, Hashable {
  /// A new cluster of figures that had none before; others follow as joined or moved.
  case founded(ClusterID, figures: [FigureID])
  /// A figure without a cluster joined one.
  case joined(FigureID, ClusterID, JoiningEvidence)
  case moved(FigureID, from: ClusterID, to: ClusterID, JoiningEvidence)
  /// A figure has no cluster: it is new, or had to leave the cluster `from`.
  case waiting(FigureID, from: ClusterID?, WaitingReason)
  /// All figures that the first cluster still has go to the second, and the first ends.
  case merged(ClusterID, into: ClusterID)
  /// The cluster has no figures left and ends.
  case dissolved(ClusterID)
}
