/// An answer's `result`: the method's own members beside those that every answer has.
public struct Answer<Body: Codable & Sendable>: Codable, Sendable {
  public let requestID: String
  /// `"true"` and `"200"` where the reference page has them, absent elsewhere.
  public let success: String?
  public let code: String?
  public let body: Body

  public init(requestID: String, body: Body, withSuccess: Bool) {
    self.requestID = requestID
    self.success = withSuccess ? "true" : nil
    self.code = withSuccess ? "200" : nil
    self.body = body
  }

  enum CodingKeys: String, CodingKey {
    case requestID = "RequestId"
    case success = "Success"
    case code = "Code"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    requestID = try container.decode(String.self, forKey: .requestID)
    success = try container.decodeIfPresent(String.self, forKey: .success)
    code = try container.decodeIfPresent(String.self, forKey: .code)
    body = try Body(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try body.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(requestID, forKey: .requestID)
    try container.encodeIfPresent(success, forKey: .success)
    try container.encodeIfPresent(code, forKey: .code)
  }
}

/// The answer of a method that has nothing more to say.
public struct EmptyResult: Codable, Equatable, Sendable {
  public init() {}
}

/// DetectImageFaces.
public struct DetectImageFacesResult: Codable, Equatable, Sendable {
  public var faces: [FigureMessage]
  /// Pixels of the upright image.
  public var imageWidth: Int
  public var imageHeight: Int

  public init(faces: [FigureMessage], imageWidth: Int, imageHeight: Int) {
    self.faces = faces
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
  }

  enum CodingKeys: String, CodingKey {
    case faces = "Faces"
    case imageWidth = "ImageWidth"
    case imageHeight = "ImageHeight"
  }
}

/// CompareImageFaces.
public struct CompareImageFacesResult: Codable, Equatable, Sendable {
  /// The probability that both show one person, in 0…1.
  public var similarity: Double
  /// The cosine similarity of the two embeddings, in −1…1.
  public var cosine: Double
  /// The faces that were compared: of each image, the one with the largest box.
  public var faces: [FigureMessage]

  public init(similarity: Double, cosine: Double, faces: [FigureMessage]) {
    self.similarity = similarity
    self.cosine = cosine
    self.faces = faces
  }

  enum CodingKeys: String, CodingKey {
    case similarity = "Similarity"
    case cosine = "Cosine"
    case faces = "Faces"
  }
}

/// SearchImageFigureCluster.
public struct SearchImageFigureClusterResult: Codable, Equatable, Sendable {
  public var clusters: [Match]

  /// One face of the image with the person it most resembles.
  public struct Match: Codable, Equatable, Sendable {
    public var boundary: Boundary
    /// Absent where the face resembles nobody enough.
    public var clusterID: String?
    /// The probability that the face is that person's, in 0…1.
    public var similarity: Double
    /// The cosine similarity to the cluster, in −1…1.
    public var cosine: Double?
    public var name: String?
    public var faceCount: Int?

    public init(
      boundary: Boundary, clusterID: String?, similarity: Double, cosine: Double?, name: String?,
      faceCount: Int?
    ) {
      self.boundary = boundary
      self.clusterID = clusterID
      self.similarity = similarity
      self.cosine = cosine
      self.name = name
      self.faceCount = faceCount
    }

    enum CodingKeys: String, CodingKey {
      case boundary = "Boundary"
      case clusterID = "ClusterId"
      case similarity = "Similarity"
      case cosine = "Cosine"
      case name = "Name"
      case faceCount = "FaceCount"
    }
  }

  public init(clusters: [Match]) { self.clusters = clusters }
  enum CodingKeys: String, CodingKey { case clusters = "Clusters" }
}

/// QueryFigureClusters.
public struct QueryFigureClustersResult: Codable, Equatable, Sendable {
  public var figureClusters: [FigureClusterMessage]
  /// Absent on the last page.
  public var nextToken: String?
  /// Only if it was asked for.
  public var totalCount: Int?

  public init(figureClusters: [FigureClusterMessage], nextToken: String?, totalCount: Int?) {
    self.figureClusters = figureClusters
    self.nextToken = nextToken
    self.totalCount = totalCount
  }

  enum CodingKeys: String, CodingKey {
    case figureClusters = "FigureClusters"
    case nextToken = "NextToken"
    case totalCount = "TotalCount"
  }
}

/// GetFigureCluster and UpdateFigureCluster.
public struct FigureClusterResult: Codable, Equatable, Sendable {
  public var figureCluster: FigureClusterMessage
  public init(figureCluster: FigureClusterMessage) { self.figureCluster = figureCluster }
  enum CodingKeys: String, CodingKey { case figureCluster = "FigureCluster" }
}

/// BatchGetFigureCluster.
public struct BatchFigureClustersResult: Codable, Equatable, Sendable {
  /// In the order of the request, without those that do not exist.
  public var figureClusters: [FigureClusterMessage]

  public init(figureClusters: [FigureClusterMessage]) { self.figureClusters = figureClusters }

  enum CodingKeys: String, CodingKey { case figureClusters = "FigureClusters" }
}

/// SearchMediaByFace.
public struct SearchMediaByFaceResult: Codable, Equatable, Sendable {
  public var mediaInfoList: [MediaMessage]
  public var total: Int
  public var faceSearchToken: String
  /// The face of the image that was searched for, with the number of faces there were.
  public var queryFigure: FigureMessage?
  /// Which face of the image that is, from 0.
  public var queryFigureIndex: Int?
  public var queryFigureCount: Int

  public init(
    mediaInfoList: [MediaMessage], total: Int, faceSearchToken: String,
    queryFigure: FigureMessage?, queryFigureIndex: Int?, queryFigureCount: Int
  ) {
    self.mediaInfoList = mediaInfoList
    self.total = total
    self.faceSearchToken = faceSearchToken
    self.queryFigure = queryFigure
    self.queryFigureIndex = queryFigureIndex
    self.queryFigureCount = queryFigureCount
  }

  enum CodingKeys: String, CodingKey {
    case mediaInfoList = "MediaInfoList"
    case total = "Total"
    case faceSearchToken = "FaceSearchToken"
    case queryFigure = "QueryFigure"
    case queryFigureIndex = "QueryFigureIndex"
    case queryFigureCount = "QueryFigureCount"
  }
}

/// InsertMediaToSearchLib.
public struct InsertMediaResult: Codable, Equatable, Sendable {
  public var mediaID: String
  /// `Added`, `Changed` or `Unchanged`.
  public var outcome: String
  public var mediaInfo: MediaMessage

  public init(mediaID: String, outcome: String, mediaInfo: MediaMessage) {
    self.mediaID = mediaID
    self.outcome = outcome
    self.mediaInfo = mediaInfo
  }

  enum CodingKeys: String, CodingKey {
    case mediaID = "MediaId"
    case outcome = "Outcome"
    case mediaInfo = "MediaInfo"
  }
}

/// GetMediaInfo and UpdateMediaToSearchLib.
public struct MediaResult: Codable, Equatable, Sendable {
  public var mediaInfo: MediaMessage
  public init(mediaInfo: MediaMessage) { self.mediaInfo = mediaInfo }
  enum CodingKeys: String, CodingKey { case mediaInfo = "MediaInfo" }
}

/// ListMediaBasicInfos.
public struct ListMediaResult: Codable, Equatable, Sendable {
  public var mediaInfos: [MediaMessage]
  public var nextToken: String?
  public var totalCount: Int?

  public init(mediaInfos: [MediaMessage], nextToken: String?, totalCount: Int?) {
    self.mediaInfos = mediaInfos
    self.nextToken = nextToken
    self.totalCount = totalCount
  }

  enum CodingKeys: String, CodingKey {
    case mediaInfos = "MediaInfos"
    case nextToken = "NextToken"
    case totalCount = "TotalCount"
  }
}

/// ListFigures: figures of a library, a medium or a cluster.
public struct ListFiguresResult: Codable, Equatable, Sendable {
  public var figures: [FigureMessage]
  public var nextToken: String?
  public var totalCount: Int?

  public init(figures: [FigureMessage], nextToken: String?, totalCount: Int?) {
    self.figures = figures
    self.nextToken = nextToken
    self.totalCount = totalCount
  }

  enum CodingKeys: String, CodingKey {
    case figures = "Figures"
    case nextToken = "NextToken"
    case totalCount = "TotalCount"
  }
}

/// GetFigureImage.
public struct FigureImageResult: Codable, Equatable, Sendable {
  public var figureID: String
  /// `image/jpeg`.
  public var contentType: String
  /// Base64.
  public var image: String

  public init(figureID: String, contentType: String, image: String) {
    self.figureID = figureID
    self.contentType = contentType
    self.image = image
  }

  enum CodingKeys: String, CodingKey {
    case figureID = "FigureId"
    case contentType = "ContentType"
    case image = "Image"
  }
}

/// ImportMedia, CreateFigureClusteringTask, GetTask, WaitTask and CancelTask.
public struct TaskResult: Codable, Equatable, Sendable {
  public var taskID: String
  public var task: TaskMessage

  public init(task: TaskMessage) {
    self.taskID = task.taskID
    self.task = task
  }

  enum CodingKeys: String, CodingKey {
    case taskID = "TaskId"
    case task = "Task"
  }
}

/// ListTasks.
public struct ListTasksResult: Codable, Equatable, Sendable {
  public var tasks: [TaskMessage]
  public init(tasks: [TaskMessage]) { self.tasks = tasks }
  enum CodingKeys: String, CodingKey { case tasks = "Tasks" }
}

/// CreateSearchLib and QuerySearchLib.
public struct LibraryResult: Codable, Equatable, Sendable {
  public var searchLib: LibraryMessage
  public init(searchLib: LibraryMessage) { self.searchLib = searchLib }
  enum CodingKeys: String, CodingKey { case searchLib = "SearchLibInfo" }
}

/// ListSearchLibs.
public struct ListLibrariesResult: Codable, Equatable, Sendable {
  public var searchLibs: [LibraryMessage]
  public init(searchLibs: [LibraryMessage]) { self.searchLibs = searchLibs }
  enum CodingKeys: String, CodingKey { case searchLibs = "SearchLibInfoList" }
}

/// DeleteMediaFromSearchLib.
public struct DeleteMediaResult: Codable, Equatable, Sendable {
  /// Media that were there and are not any more; asking again is no error.
  public var deleted: Int
  public var figuresDeleted: Int

  public init(deleted: Int, figuresDeleted: Int) {
    self.deleted = deleted
    self.figuresDeleted = figuresDeleted
  }

  enum CodingKeys: String, CodingKey {
    case deleted = "Deleted"
    case figuresDeleted = "FiguresDeleted"
  }
}
