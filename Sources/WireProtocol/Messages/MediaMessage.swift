/// A medium in the shape of the reference's MediaInfo (Intelligent Media Services).
public struct MediaMessage: Codable, Equatable, Sendable {
  public var mediaID: String
  public var mediaBasicInfo: BasicInfo?
  public var fileInfoList: [FileInfo]?
  public var indexStatusList: [IndexStatus]?
  /// What is known of the content, in answers of SearchMedia.
  public var aiData: AiDataMessage?
  /// A JSON object as a string, as in the reference: `{"intField1":12,"strField1":"abc"}`.
  public var customFields: String?
  /// The faces, where they were asked for or searched by.
  public var figures: [FigureMessage]?
  /// How well the best face of the medium fits a face search, in 0…1.
  public var score: Double?
  /// The highest cosine of that face with an example of a face search.
  public var cosine: Double?

  public init(mediaID: String) { self.mediaID = mediaID }

  enum CodingKeys: String, CodingKey {
    case mediaID = "MediaId"
    case mediaBasicInfo = "MediaBasicInfo"
    case fileInfoList = "FileInfoList"
    case indexStatusList = "IndexStatusList"
    case aiData = "AiData"
    case customFields = "CustomFields"
    case figures = "Figures"
    case score = "Score"
    case cosine = "Cosine"
  }

  /// What is known of the medium itself.
  public struct BasicInfo: Codable, Equatable, Sendable {
    public var mediaID: String
    public var inputURL: String
    public var mediaType: String
    public var title: String?
    public var description: String?
    /// Separated by commas.
    public var mediaTags: String?
    public var userData: String?
    /// `Normal`, `Preparing` or `Failed`.
    public var status: String
    /// ISO 8601.
    public var createTime: String
    public var modifiedTime: String
    public var referenceID: String?
    public var namespace: String?
    /// What the medium shows, in sentences that others wrote.
    public var visionDescription: String?
    /// The scheme of the InputURL, such as `file`.
    public var source: String?

    public init(
      mediaID: String, inputURL: String, mediaType: String, status: String, createTime: String,
      modifiedTime: String
    ) {
      self.mediaID = mediaID
      self.inputURL = inputURL
      self.mediaType = mediaType
      self.status = status
      self.createTime = createTime
      self.modifiedTime = modifiedTime
    }

    enum CodingKeys: String, CodingKey {
      case mediaID = "MediaId"
      case inputURL = "InputURL"
      case mediaType = "MediaType"
      case title = "Title"
      case description = "Description"
      case mediaTags = "MediaTags"
      case userData = "UserData"
      case status = "Status"
      case createTime = "CreateTime"
      case modifiedTime = "ModifiedTime"
      case referenceID = "ReferenceId"
      case namespace = "Namespace"
      case visionDescription = "VisionDescription"
      case source = "Source"
    }
  }

  /// One file of the medium; a photograph has one.
  public struct FileInfo: Codable, Equatable, Sendable {
    public var fileBasicInfo: FileBasicInfo
    public init(fileBasicInfo: FileBasicInfo) { self.fileBasicInfo = fileBasicInfo }
    enum CodingKeys: String, CodingKey { case fileBasicInfo = "FileBasicInfo" }
  }

  /// What is known of a file, with numbers as strings like the reference has them.
  public struct FileBasicInfo: Codable, Equatable, Sendable {
    public var fileName: String?
    public var fileStatus: String
    public var fileType = "source_file"
    public var fileSize: String?
    public var fileURL: String
    public var formatName: String?
    public var width: String?
    public var height: String?
    /// Seconds, of a video.
    public var duration: String?
    /// Frames a second, of a video.
    public var frameRate: String?
    /// Such as `h264`, of a video.
    public var codec: String?
    public var createTime: String
    public var modifiedTime: String?

    public init(fileURL: String, fileStatus: String, createTime: String) {
      self.fileURL = fileURL
      self.fileStatus = fileStatus
      self.createTime = createTime
    }

    enum CodingKeys: String, CodingKey {
      case fileName = "FileName"
      case fileStatus = "FileStatus"
      case fileType = "FileType"
      case fileSize = "FileSize"
      case fileURL = "FileUrl"
      case formatName = "FormatName"
      case width = "Width"
      case height = "Height"
      case duration = "Duration"
      case frameRate = "Fps"
      case codec = "CodecName"
      case createTime = "CreateTime"
      case modifiedTime = "ModifiedTime"
    }
  }

  /// How far one analyser has come with the medium.
  public struct IndexStatus: Codable, Equatable, Sendable {
    /// `face`.
    public var indexType: String
    /// `Running`, `Success` or `Fail`.
    public var indexStatus: String
    /// Why it failed, or what was found of the file that a user should know.
    public var reason: String?

    public init(indexType: String, indexStatus: String, reason: String?) {
      self.indexType = indexType
      self.indexStatus = indexStatus
      self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
      case indexType = "IndexType"
      case indexStatus = "IndexStatus"
      case reason = "Reason"
    }
  }
}
