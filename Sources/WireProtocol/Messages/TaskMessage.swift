/// Work that outlives the request that asked for it, in the shape of the reference's Task.
public struct TaskMessage: Codable, Equatable, Sendable {
  public var taskID: String
  /// `MediaImport`, `FigureClustering` or `FigureClusteringPlan`.
  public var taskType: String
  public var status: Status
  public var datasetName: String
  public var startTime: String?
  public var endTime: String?
  public var progress: TaskProgress
  /// Why it failed, or what came of it, in a sentence.
  public var message: String?
  public var userData: String?
  /// The first files that were refused, with the reason.
  public var refusals: [Refusal]?
  /// Numbers that describe the outcome, such as `Joined` and `Founded` of a re-clustering.
  public var outcome: [String: Int]?

  public enum Status: String, Codable, Sendable {
    case queued = "Queued"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case cancelled = "Cancelled"

    /// Whether nothing more will happen.
    public var isFinal: Bool { self != .queued && self != .running }
  }

  /// A file that could not be taken, and why.
  public struct Refusal: Codable, Equatable, Sendable {
    public var inputURL: String
    public var code: String
    public var message: String

    public init(inputURL: String, code: String, message: String) {
      self.inputURL = inputURL
      self.code = code
      self.message = message
    }

    enum CodingKeys: String, CodingKey {
      case inputURL = "InputURL"
      case code = "Code"
      case message = "Message"
    }
  }

  public init(
    taskID: String, taskType: String, status: Status, datasetName: String, progress: TaskProgress
  ) {
    self.taskID = taskID
    self.taskType = taskType
    self.status = status
    self.datasetName = datasetName
    self.progress = progress
  }

  enum CodingKeys: String, CodingKey {
    case taskID = "TaskId"
    case taskType = "TaskType"
    case status = "Status"
    case datasetName = "DatasetName"
    case startTime = "StartTime"
    case endTime = "EndTime"
    case progress = "Progress"
    case message = "Message"
    case userData = "UserData"
    case refusals = "Refusals"
    case outcome = "Outcome"
  }
}

/// How far a task has come; also the heart of the notification `$/progress`.
public struct TaskProgress: Codable, Equatable, Sendable {
  /// Items in all, as far as known; more may be found while folders are still being listed.
  public var total: Int
  /// Items dealt with: stored, unchanged, skipped and refused.
  public var done: Int
  /// Of those, items whose content was stored already.
  public var unchanged: Int
  /// Of those, files in folders that are images neither by content nor by name.
  public var skipped: Int
  /// Of those, items that could not be taken.
  public var refused: Int
  /// Faces found.
  public var faces: Int
  /// Seconds of videos that were analysed, and of all videos so far begun; absent without one.
  public var videoSeconds: Double?
  public var videoSecondsTotal: Double?
  /// Items a second over the last seconds.
  public var rate: Double?
  /// Seconds left at that rate.
  public var secondsLeft: Double?

  public init(
    total: Int = 0, done: Int = 0, unchanged: Int = 0, skipped: Int = 0, refused: Int = 0,
    faces: Int = 0, rate: Double? = nil, secondsLeft: Double? = nil
  ) {
    self.total = total
    self.done = done
    self.unchanged = unchanged
    self.skipped = skipped
    self.refused = refused
    self.faces = faces
    self.rate = rate
    self.secondsLeft = secondsLeft
  }

  enum CodingKeys: String, CodingKey {
    case total = "Total"
    case done = "Done"
    case unchanged = "Unchanged"
    case skipped = "Skipped"
    case refused = "Refused"
    case faces = "Faces"
    case videoSeconds = "VideoSeconds"
    case videoSecondsTotal = "VideoSecondsTotal"
    case rate = "Rate"
    case secondsLeft = "SecondsLeft"
  }
}

/// The notification `$/progress`: how far the task that a request waits for has come.
public struct ProgressNotification: Codable, Equatable, Sendable {
  public static let method = "$/progress"

  /// The request that waits.
  public let id: RequestIdentifier
  public let taskID: String
  public let progress: TaskProgress

  public init(id: RequestIdentifier, taskID: String, progress: TaskProgress) {
    self.id = id
    self.taskID = taskID
    self.progress = progress
  }

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case taskID = "TaskId"
    case progress = "Progress"
  }
}

extension TaskMessage {
  /// How far the task has come.
  public typealias Progress = TaskProgress
}
