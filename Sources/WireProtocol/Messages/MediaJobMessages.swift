/// QueryMediaIndexJob.
public struct MediaIndexJobResult: Codable, Equatable, Sendable {
  public var indexJobInfoList: [Job]
  public init(indexJobInfoList: [Job]) { self.indexJobInfoList = indexJobInfoList }
  enum CodingKeys: String, CodingKey { case indexJobInfoList = "IndexJobInfoList" }

  /// One analysis of a medium.
  public struct Job: Codable, Equatable, Sendable {
    public var mediaID: String
    /// `face`.
    public var indexType: String
    /// `Running`, `Success` or `Fail`.
    public var status: String
    /// Why it failed.
    public var reason: String?
    /// ISO 8601.
    public var gmtSubmit: String
    /// When the medium was last changed; absent while it runs.
    public var gmtFinish: String?

    public init(
      mediaID: String, indexType: String, status: String, reason: String?, gmtSubmit: String,
      gmtFinish: String?
    ) {
      self.mediaID = mediaID
      self.indexType = indexType
      self.status = status
      self.reason = reason
      self.gmtSubmit = gmtSubmit
      self.gmtFinish = gmtFinish
    }

    enum CodingKeys: String, CodingKey {
      case mediaID = "MediaId"
      case indexType = "IndexType"
      case status = "Status"
      case reason = "Reason"
      case gmtSubmit = "GmtSubmit"
      case gmtFinish = "GmtFinish"
    }
  }
}

/// BatchGetMediaInfos.
public struct BatchMediaResult: Codable, Equatable, Sendable {
  public var mediaInfos: [MediaMessage]
  /// Those that do not exist.
  public var ignoredList: [String]

  public init(mediaInfos: [MediaMessage], ignoredList: [String]) {
    self.mediaInfos = mediaInfos
    self.ignoredList = ignoredList
  }

  enum CodingKeys: String, CodingKey {
    case mediaInfos = "MediaInfos"
    case ignoredList = "IgnoredList"
  }
}

/// SearchIndexJobRerun.
public struct RerunResult: Codable, Equatable, Sendable {
  /// The media that were, or in the tasks are, analysed again.
  public var mediaIDs: [String]
  public var failures: [Failure]
  /// The imports that analyse the videos among them.
  public var taskIDs: [String]?

  public init(mediaIDs: [String], failures: [Failure]) {
    self.mediaIDs = mediaIDs
    self.failures = failures
  }

  enum CodingKeys: String, CodingKey {
    case mediaIDs = "MediaIds"
    case failures = "Failures"
    case taskIDs = "TaskIds"
  }

  /// A medium that could not be, and why.
  public struct Failure: Codable, Equatable, Sendable {
    public var mediaID: String
    public var code: String
    public var reason: String

    public init(mediaID: String, code: String, reason: String) {
      self.mediaID = mediaID
      self.code = code
      self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
      case mediaID = "MediaId"
      case code = "Code"
      case reason = "Reason"
    }
  }
}
