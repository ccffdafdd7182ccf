/// A medium in the shape of the reference's File (Intelligent Media Management).
public struct FileMessage: Codable, Equatable, Sendable {
  public var projectName: String
  public var datasetName: String
  public var objectType = "file"
  /// The MediaId.
  public var objectID: String
  public var uri: String
  public var filename: String?
  public var mediaType: String
  public var contentType: String?
  /// Bytes.
  public var size: Int64?
  /// SHA-256 of the content, in hexadecimal.
  public var fileHash: String?
  public var createTime: String
  public var updateTime: String
  public var fileModifiedTime: String?
  /// When the picture was taken.
  public var produceTime: String?
  /// Degrees, `latitude,longitude`.
  public var latLong: String?
  public var title: String?
  /// Pixels of the upright image.
  public var imageWidth: Int?
  public var imageHeight: Int?
  /// EXIF orientation as stored in the file, 1…8.
  public var orientation: Int?
  public var figures: [FigureMessage]?
  public var figureCount: Int?

  public init(
    projectName: String, datasetName: String, objectID: String, uri: String, mediaType: String,
    createTime: String, updateTime: String
  ) {
    self.projectName = projectName
    self.datasetName = datasetName
    self.objectID = objectID
    self.uri = uri
    self.mediaType = mediaType
    self.createTime = createTime
    self.updateTime = updateTime
  }

  enum CodingKeys: String, CodingKey {
    case projectName = "ProjectName"
    case datasetName = "DatasetName"
    case objectType = "ObjectType"
    case objectID = "ObjectId"
    case uri = "URI"
    case filename = "Filename"
    case mediaType = "MediaType"
    case contentType = "ContentType"
    case size = "Size"
    case fileHash = "FileHash"
    case createTime = "CreateTime"
    case updateTime = "UpdateTime"
    case fileModifiedTime = "FileModifiedTime"
    case produceTime = "ProduceTime"
    case latLong = "LatLong"
    case title = "Title"
    case imageWidth = "ImageWidth"
    case imageHeight = "ImageHeight"
    case orientation = "Orientation"
    case figures = "Figures"
    case figureCount = "FigureCount"
  }
}
