public import FaceTypes

/// What a user said about who is who; the machine never decides against it.
public enum Constraint: Sendable, Hashable {
  /// This figure shows this cluster's person.
  case pin(FigureID, to: ClusterID)
  /// This figure does not show this cluster's person.
  case exclude(FigureID, from: ClusterID)
  /// Both figures show one person.
  case mustLink(FigureID, FigureID)
  /// The figures show two people.
  case cannotLink(FigureID, FigureID)
}

/// Two statements that cannot both be true, with all that follows from either.
public struct ConstraintConflict: Sendable, Hashable {
  /// The statement that was refused.
  public let refused: Constraint
  public let reason: Reason

  public init(refused: Constraint, reason: Reason) {
    self.refused = refused
    self.reason = reason
  }

  public enum Reason: Sendable, Hashable {
    /// Through figures linked with them, the two are pinned to different clusters.
    case pinnedApart(ClusterID, ClusterID)
    /// The figure, or one linked with it, is both pinned to the cluster and excluded from it.
    case pinnedAndExcluded(ClusterID)
    /// The two figures are both linked and kept apart, perhaps through others.
    case linkedAndKeptApart
  }
}
