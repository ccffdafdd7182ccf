/// One entry of the identity log: who did what to whom.
public struct IdentityEventMessage: Codable, Equatable, Sendable {
  /// A UUID; undo takes it.
  public var eventID: String
  /// Such as `Merge`.
  public var kind: String
  /// In ISO 8601.
  public var time: String
  /// The user id of who asked; absent for the machine's own decisions.
  public var requestedBy: UInt32?
  /// The event that this one took back.
  public var reverses: String?
  /// The event that took this one back; absent while it stands.
  public var reversedBy: String?
  /// Faces that went to another cluster.
  public var figuresMoved: Int
  /// Statements of users that were made, less those that were taken back.
  public var statementsMade: Int
  /// The clusters that it concerned.
  public var clusters: [ClusterChange]
  /// The faces that went to another cluster; only where asked for.
  public var figures: [FigureMove]?

  /// What an event did to one cluster.
  public struct ClusterChange: Codable, Equatable, Sendable {
    /// What became of it: `Created`, `Ended`, `Merged`, `Restored`, `Changed`, or `Kept` if only
    /// faces came or went.
    public var change: String
    public var objectID: String
    public var nameBefore: String?
    public var name: String?
    /// What else of it was changed, as UpdateFigureCluster calls it, such as `Favourite`.
    public var fields: [String]?
    public var figuresGained: Int
    public var figuresLost: Int
    /// The cluster that this one was merged into.
    public var mergedInto: String?

    public init(
      change: String, objectID: String, nameBefore: String?, name: String?, fields: [String]?,
      figuresGained: Int, figuresLost: Int, mergedInto: String?
    ) {
      self.change = change
      self.objectID = objectID
      self.nameBefore = nameBefore
      self.name = name
      self.fields = fields
      self.figuresGained = figuresGained
      self.figuresLost = figuresLost
      self.mergedInto = mergedInto
    }

    enum CodingKeys: String, CodingKey {
      case change = "Change"
      case objectID = "ObjectId"
      case nameBefore = "NameBefore"
      case name = "Name"
      case fields = "Fields"
      case figuresGained = "FiguresGained"
      case figuresLost = "FiguresLost"
      case mergedInto = "MergedInto"
    }
  }

  /// Where an event took one face; a cluster is absent while the face waits.
  public struct FigureMove: Codable, Equatable, Sendable {
    public var figureID: String
    public var from: String?
    public var to: String?

    public init(figureID: String, from: String?, to: String?) {
      self.figureID = figureID
      self.from = from
      self.to = to
    }

    enum CodingKeys: String, CodingKey {
      case figureID = "FigureId"
      case from = "From"
      case to = "To"
    }
  }

  public init(
    eventID: String, kind: String, time: String, requestedBy: UInt32?, reverses: String?,
    reversedBy: String?, figuresMoved: Int, statementsMade: Int, clusters: [ClusterChange],
    figures: [FigureMove]?
  ) {
    self.eventID = eventID
    self.kind = kind
    self.time = time
    self.requestedBy = requestedBy
    self.reverses = reverses
    self.reversedBy = reversedBy
    self.figuresMoved = figuresMoved
    self.statementsMade = statementsMade
    self.clusters = clusters
    self.figures = figures
  }

  enum CodingKeys: String, CodingKey {
    case eventID = "EventId"
    case kind = "Kind"
    case time = "Time"
    case requestedBy = "RequestedBy"
    case reverses = "Reverses"
    case reversedBy = "ReversedBy"
    case figuresMoved = "FiguresMoved"
    case statementsMade = "StatementsMade"
    case clusters = "FigureClusters"
    case figures = "Figures"
  }
}

/// What a change of identity did; every such method answers with it.
public struct IdentityChangeMessage: Codable, Equatable, Sendable {
  /// What UndoIdentityEvent takes to take the change back; absent if nothing has changed.
  public var undoID: String?
  /// `true` if nothing was changed, since it was only tried.
  public var dryRun: Bool?
  /// What has changed; absent if nothing has.
  public var event: IdentityEventMessage?

  public init(undoID: String?, dryRun: Bool?, event: IdentityEventMessage?) {
    self.undoID = undoID
    self.dryRun = dryRun
    self.event = event
  }

  enum CodingKeys: String, CodingKey {
    case undoID = "UndoId"
    case dryRun = "DryRun"
    case event = "Event"
  }
}

/// The answer of a method that changes who is who.
public struct CurationResult: Codable, Equatable, Sendable {
  /// The cluster that it was about, or that came of it, as it is now.
  public var figureCluster: FigureClusterMessage?
  /// How much of an event could not be taken back, since something later changed it again.
  public var keptCount: Int?
  public var change: IdentityChangeMessage

  public init(
    figureCluster: FigureClusterMessage?, keptCount: Int? = nil, change: IdentityChangeMessage
  ) {
    self.figureCluster = figureCluster
    self.keptCount = keptCount
    self.change = change
  }

  enum CodingKeys: String, CodingKey {
    case figureCluster = "FigureCluster"
    case keptCount = "KeptCount"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    figureCluster = try container.decodeIfPresent(
      FigureClusterMessage.self, forKey: .figureCluster)
    keptCount = try container.decodeIfPresent(Int.self, forKey: .keptCount)
    change = try IdentityChangeMessage(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try change.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(figureCluster, forKey: .figureCluster)
    try container.encodeIfPresent(keptCount, forKey: .keptCount)
  }
}

/// ListIdentityEvents.
public struct ListIdentityEventsResult: Codable, Equatable, Sendable {
  /// Latest first.
  public var events: [IdentityEventMessage]
  public var nextToken: String?
  public var totalCount: Int?

  public init(events: [IdentityEventMessage], nextToken: String?, totalCount: Int?) {
    self.events = events
    self.nextToken = nextToken
    self.totalCount = totalCount
  }

  enum CodingKeys: String, CodingKey {
    case events = "Events"
    case nextToken = "NextToken"
    case totalCount = "TotalCount"
  }
}

/// GetIdentityEvent.
public struct IdentityEventResult: Codable, Equatable, Sendable {
  public var event: IdentityEventMessage

  public init(event: IdentityEventMessage) { self.event = event }

  enum CodingKeys: String, CodingKey { case event = "Event" }
}

/// EraseIdentityEvents.
public struct EraseIdentityEventsResult: Codable, Equatable, Sendable {
  public var erased: Int

  public init(erased: Int) { self.erased = erased }

  enum CodingKeys: String, CodingKey { case erased = "Erased" }
}

/// CreateFigureClustersMergingTask.
public struct MergingTaskResult: Codable, Equatable, Sendable {
  public var taskID: String
  /// What UndoIdentityEvent takes to take the merger back.
  public var eventID: String?
  /// Has ended when the answer comes.
  public var task: TaskMessage

  public init(eventID: String?, task: TaskMessage) {
    taskID = task.taskID
    self.eventID = eventID
    self.task = task
  }

  enum CodingKeys: String, CodingKey {
    case taskID = "TaskId"
    case eventID = "EventId"
    case task = "Task"
  }
}
