public import FaceTypes

/// The life of a task; the raw values are those of the wire.
public enum TaskStatus: String, Hashable, Sendable, CaseIterable {
  case queued = "Queued"
  case running = "Running"
  case succeeded = "Succeeded"
  case failed = "Failed"
  case cancelled = "Cancelled"

  public var hasEnded: Bool { self == .succeeded || self == .failed || self == .cancelled }
}

/// A task as it is stored.
public struct TaskRecord: Hashable, Sendable {
  public let id: TaskID
  public let publicID: PublicIdentifier
  public let library: LibraryID?
  public let kind: String
  public let status: TaskStatus
  /// A JSON text; the store does not look into it.
  public let parameters: String
  public let userData: String?
  /// The user id of the process that asked for it.
  public let requestedBy: UInt32
  public let progress: TaskProgress
  public let message: String?
  /// Numbers that describe what came of it, as a JSON object; the store does not look into it.
  public let outcome: String?
  public let created: Timestamp
  public let started: Timestamp?
  public let ended: Timestamp?
}

/// How far a task has come, in items.
public struct TaskProgress: Hashable, Sendable {
  public var total: Int
  /// Items that went well.
  public var done: Int
  /// Items that were refused.
  public var refused: Int

  public init(total: Int, done: Int, refused: Int) {
    self.total = total
    self.done = done
    self.refused = refused
  }
}

/// A task to be inserted.
public struct NewTask: Hashable, Sendable {
  public var publicID: PublicIdentifier
  public var library: LibraryID?
  public var kind: String
  /// A JSON text.
  public var parameters: String
  public var userData: String?
  public var requestedBy: UInt32

  public init(
    publicID: PublicIdentifier = .random(), library: LibraryID?, kind: String,
    parameters: String = "{}", userData: String? = nil, requestedBy: UInt32
  ) {
    self.publicID = publicID
    self.library = library
    self.kind = kind
    self.parameters = parameters
    self.userData = userData
    self.requestedBy = requestedBy
  }
}

/// One file of a task.
public struct TaskItem: Hashable, Sendable {
  /// How far an item has come.
  public enum State: Hashable, Sendable {
    case queued
    /// Someone works on it; after a restart it is queued again.
    case claimed
    case done(MediaID?)
    case refused(code: String, message: String)

    /// The state without what came of the item.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case queued, claimed, done, refused
    }
  }

  public let task: TaskID
  /// The number of the item in its task, counted from 0.
  public let ordinal: Int
  public let path: String
  public let state: State
}

/// What came of an item of a task.
public struct TaskItemOutcome: Hashable, Sendable {
  /// How an item ended.
  public enum Result: Hashable, Sendable {
    case done(MediaID?)
    case refused(code: String, message: String)
  }

  public var ordinal: Int
  public var result: Result

  public init(ordinal: Int, result: Result) {
    self.ordinal = ordinal
    self.result = result
  }
}

/// Which tasks are wanted, in the order of their ids; every condition must hold.
public struct TaskQuery: Hashable, Sendable {
  public var library: LibraryID?
  public var kind: String?
  public var statuses: Set<TaskStatus>?
  public var requestedBy: UInt32?
  public var order: SortOrder

  public init(
    library: LibraryID? = nil, kind: String? = nil, statuses: Set<TaskStatus>? = nil,
    requestedBy: UInt32? = nil, order: SortOrder = .descending
  ) {
    self.library = library
    self.kind = kind
    self.statuses = statuses
    self.requestedBy = requestedBy
    self.order = order
  }
}
