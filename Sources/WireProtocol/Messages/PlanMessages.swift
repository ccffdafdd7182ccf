/// What clustering a library anew would change.
public struct FigureClusteringPlanMessage: Codable, Equatable, Sendable {
  /// A UUID.
  public var planID: String
  /// The task that makes it, as long as it is remembered.
  public var taskID: String?
  public var status: Status
  public var datasetName: String
  public var createTime: String
  /// The user id of who asked.
  public var requestedBy: UInt32
  /// How many changes there are of each kind: `Join`, `Split`, `Move`, `Found`, `Wait`.
  public var changes: [String: Int]
  public var figuresMoved: Int
  /// Named clusters that more than half of their faces would leave, as things are now.
  public var namesAtRisk: Int

  public enum Status: String, Codable, Sendable {
    /// The task has not come to its end yet.
    case planning = "Planning"
    case ready = "Ready"
    /// The task failed or was cancelled; there is nothing to apply.
    case abandoned = "Abandoned"
  }

  public init(
    planID: String, taskID: String?, status: Status, datasetName: String, createTime: String,
    requestedBy: UInt32, changes: [String: Int], figuresMoved: Int, namesAtRisk: Int
  ) {
    self.planID = planID
    self.taskID = taskID
    self.status = status
    self.datasetName = datasetName
    self.createTime = createTime
    self.requestedBy = requestedBy
    self.changes = changes
    self.figuresMoved = figuresMoved
    self.namesAtRisk = namesAtRisk
  }

  enum CodingKeys: String, CodingKey {
    case planID = "PlanId"
    case taskID = "TaskId"
    case status = "Status"
    case datasetName = "DatasetName"
    case createTime = "CreateTime"
    case requestedBy = "RequestedBy"
    case changes = "Changes"
    case figuresMoved = "FiguresMoved"
    case namesAtRisk = "NamesAtRisk"
  }
}

/// A part of a plan that can be applied without the rest.
public struct PlannedChangeMessage: Codable, Equatable, Sendable {
  /// Within the plan, from 1, the largest first.
  public var changeID: Int
  /// `Join`, `Split`, `Move`, `Found` or `Wait`.
  public var kind: String
  public var figuresMoved: Int
  public var clusters: [Cluster]
  /// Names of clusters that more than half of their faces would leave, as things are now.
  public var namesAtRisk: [String]
  /// A few of the faces that would go elsewhere, the clearest of each way first.
  public var examples: [IdentityEventMessage.FigureMove]
  /// All of them; only where asked for.
  public var figures: [IdentityEventMessage.FigureMove]?
  /// The event that applied it, unless it was undone.
  public var appliedBy: String?

  /// What would become of one cluster.
  public struct Cluster: Codable, Equatable, Sendable {
    /// `New-1` and so on for one that is yet to be founded; absent if it has ended since.
    public var objectID: String?
    public var name: String?
    /// `Kept`, `Founded` or `Ends`.
    public var outcome: String
    /// Faces that it has now.
    public var faceCount: Int
    public var figuresGained: Int
    public var figuresLost: Int

    public init(
      objectID: String?, name: String?, outcome: String, faceCount: Int, figuresGained: Int,
      figuresLost: Int
    ) {
      self.objectID = objectID
      self.name = name
      self.outcome = outcome
      self.faceCount = faceCount
      self.figuresGained = figuresGained
      self.figuresLost = figuresLost
    }

    enum CodingKeys: String, CodingKey {
      case objectID = "ObjectId"
      case name = "Name"
      case outcome = "Outcome"
      case faceCount = "FaceCount"
      case figuresGained = "FiguresGained"
      case figuresLost = "FiguresLost"
    }
  }

  public init(
    changeID: Int, kind: String, figuresMoved: Int, clusters: [Cluster], namesAtRisk: [String],
    examples: [IdentityEventMessage.FigureMove], figures: [IdentityEventMessage.FigureMove]?,
    appliedBy: String?
  ) {
    self.changeID = changeID
    self.kind = kind
    self.figuresMoved = figuresMoved
    self.clusters = clusters
    self.namesAtRisk = namesAtRisk
    self.examples = examples
    self.figures = figures
    self.appliedBy = appliedBy
  }

  enum CodingKeys: String, CodingKey {
    case changeID = "ChangeId"
    case kind = "Kind"
    case figuresMoved = "FiguresMoved"
    case clusters = "FigureClusters"
    case namesAtRisk = "NamesAtRisk"
    case examples = "Examples"
    case figures = "Figures"
    case appliedBy = "AppliedBy"
  }
}

/// CreateFigureClusteringPlan.
public struct CreatePlanResult: Codable, Equatable, Sendable {
  public var planID: String
  public var taskID: String
  public var task: TaskMessage

  public init(planID: String, task: TaskMessage) {
    self.planID = planID
    taskID = task.taskID
    self.task = task
  }

  enum CodingKeys: String, CodingKey {
    case planID = "PlanId"
    case taskID = "TaskId"
    case task = "Task"
  }
}

/// GetFigureClusteringPlan.
public struct PlanResult: Codable, Equatable, Sendable {
  public var plan: FigureClusteringPlanMessage
  public var changes: [PlannedChangeMessage]
  public var nextToken: String?
  public var totalCount: Int?

  public init(
    plan: FigureClusteringPlanMessage, changes: [PlannedChangeMessage], nextToken: String?,
    totalCount: Int?
  ) {
    self.plan = plan
    self.changes = changes
    self.nextToken = nextToken
    self.totalCount = totalCount
  }

  enum CodingKeys: String, CodingKey {
    case plan = "Plan"
    case changes = "Changes"
    case nextToken = "NextToken"
    case totalCount = "TotalCount"
  }
}

/// ListFigureClusteringPlans.
public struct ListPlansResult: Codable, Equatable, Sendable {
  /// Latest first.
  public var plans: [FigureClusteringPlanMessage]

  public init(plans: [FigureClusteringPlanMessage]) { self.plans = plans }

  enum CodingKeys: String, CodingKey { case plans = "Plans" }
}

/// ApplyFigureClusteringPlan.
public struct ApplyPlanResult: Codable, Equatable, Sendable {
  /// The changes that something was applied of.
  public var changes: [Int]
  public var figuresMoved: Int
  /// How many faces stayed where they are, by the reason: `MovedSince`, `ClusterEnded`,
  /// `ClusterCurated`, `Stated`.
  public var skipped: [String: Int]
  /// Names of clusters that more than half of their faces leave.
  public var namesAtRisk: [String]
  public var change: IdentityChangeMessage

  public init(
    changes: [Int], figuresMoved: Int, skipped: [String: Int], namesAtRisk: [String],
    change: IdentityChangeMessage
  ) {
    self.changes = changes
    self.figuresMoved = figuresMoved
    self.skipped = skipped
    self.namesAtRisk = namesAtRisk
    self.change = change
  }

  enum CodingKeys: String, CodingKey {
    case changes = "Changes"
    case figuresMoved = "FiguresMoved"
    case skipped = "Skipped"
    case namesAtRisk = "NamesAtRisk"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    changes = try container.decode([Int].self, forKey: .changes)
    figuresMoved = try container.decode(Int.self, forKey: .figuresMoved)
    skipped = try container.decode([String: Int].self, forKey: .skipped)
    namesAtRisk = try container.decode([String].self, forKey: .namesAtRisk)
    change = try IdentityChangeMessage(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try change.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(changes, forKey: .changes)
    try container.encode(figuresMoved, forKey: .figuresMoved)
    try container.encode(skipped, forKey: .skipped)
    try container.encode(namesAtRisk, forKey: .namesAtRisk)
  }
}

/// DeleteFigureClusteringPlan.
public struct DeletePlanResult: Codable, Equatable, Sendable {
  public var planID: String

  public init(planID: String) { self.planID = planID }

  enum CodingKeys: String, CodingKey { case planID = "PlanId" }
}
