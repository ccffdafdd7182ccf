public import FaceTypes

/// A plan of a re-clustering, by its row.
public struct ReclusteringPlanID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// What a re-clustering would change, as it is stored.
public struct ReclusteringPlanRecord: Hashable, Sendable {
  public let id: ReclusteringPlanID
  public let publicID: PublicIdentifier
  public let library: LibraryID
  /// The task that makes it, as long as tasks are remembered.
  public let task: TaskID?
  /// The user id of who asked.
  public let requestedBy: UInt32
  /// When all of it was there; `nil` before.
  public let made: Timestamp?
  public let created: Timestamp
}

/// Where a plan puts a figure.
public enum PlannedPlace: Hashable, Sendable {
  case waiting
  case cluster(ClusterID)
  /// A cluster that is yet to be founded, numbered within the plan from 1.
  case new(Int)
}

/// A figure that a plan puts elsewhere.
public struct PlannedMove: Hashable, Sendable {
  public let figure: FigureID
  /// `nil` if it waited.
  public let from: ClusterID?
  public let to: PlannedPlace

  public init(figure: FigureID, from: ClusterID?, to: PlannedPlace) {
    self.figure = figure
    self.from = from
    self.to = to
  }
}

/// A part of a plan that can be applied without the rest, to be stored.
public struct PlannedChange: Hashable, Sendable {
  /// Such as `Join`; the store does not look into it.
  public let kind: String
  public let moves: [PlannedMove]

  public init(kind: String, moves: [PlannedMove]) {
    self.kind = kind
    self.moves = moves
  }
}

/// A part of a plan, as it is stored.
public struct PlannedChangeRecord: Hashable, Sendable {
  public let plan: ReclusteringPlanID
  /// Within the plan, from 1.
  public let number: Int
  public let kind: String
  /// The event that last applied it, as long as the log remembers.
  public let appliedBy: IdentityEventID?
}

/// How much a plan changes.
public struct PlanExtent: Hashable, Sendable {
  /// Changes by their kind.
  public var changes: [String: Int] = [:]
  public var movedFigures = 0
  /// Clusters with a name that more than half of their figures would leave.
  public var namesAtRisk = 0

  public init() {}
}
