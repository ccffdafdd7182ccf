/// One person of a library, in the shape of the reference's FigureCluster.
public struct FigureClusterMessage: Codable, Equatable, Sendable {
  public var projectName: String
  public var datasetName: String
  public var objectType = "figure-cluster"
  /// `Cluster-` and a UUID.
  public var objectID: String
  public var createTime: String
  public var updateTime: String
  public var name: String?
  public var faceCount: Int
  public var imageCount: Int
  public var videoCount: Int
  /// What most faces are taken for, `female` or `male`; absent where none was asked about.
  public var gender: String?
  /// Whole years, as the next two: the mean, lowest and highest of the clear faces.
  public var averageAge: Int?
  public var minAge: Int?
  public var maxAge: Int?
  /// The medium of the cover, with the cover's figure alone among its figures.
  public var cover: FileMessage?
  public var customID: String?
  public var customLabels: [String: String]?
  /// Counts the changes of name, cover, id and labels; a change must name the number it saw.
  public var metaLockVersion: Int64
  /// Present where `true`, as are the next three.
  public var isHidden: Bool?
  public var isFavourite: Bool?
  /// A stranger: kept and grown like others, and left out of lists.
  public var isIgnored: Bool?
  /// A user put the cluster together, so the machine only adds to it.
  public var isConfirmed: Bool?
  /// `YYYY-MM-DD`.
  public var birthDate: String?
  /// The enrolled person whom a user said it shows.
  public var entityID: String?
  /// The cluster that this one was merged into; it has no faces then.
  public var mergedInto: String?
  /// The clusters that were merged into this one and not split off again; absent without any.
  public var mergedFrom: [String]?

  public init(
    projectName: String, datasetName: String, objectID: String, createTime: String,
    updateTime: String, name: String?, faceCount: Int, imageCount: Int, videoCount: Int,
    metaLockVersion: Int64
  ) {
    self.projectName = projectName
    self.datasetName = datasetName
    self.objectID = objectID
    self.createTime = createTime
    self.updateTime = updateTime
    self.name = name
    self.faceCount = faceCount
    self.imageCount = imageCount
    self.videoCount = videoCount
    self.metaLockVersion = metaLockVersion
  }

  enum CodingKeys: String, CodingKey {
    case projectName = "ProjectName"
    case datasetName = "DatasetName"
    case objectType = "ObjectType"
    case objectID = "ObjectId"
    case createTime = "CreateTime"
    case updateTime = "UpdateTime"
    case name = "Name"
    case faceCount = "FaceCount"
    case imageCount = "ImageCount"
    case videoCount = "VideoCount"
    case gender = "Gender"
    case averageAge = "AverageAge"
    case minAge = "MinAge"
    case maxAge = "MaxAge"
    case cover = "Cover"
    case customID = "CustomId"
    case customLabels = "CustomLabels"
    case metaLockVersion = "MetaLockVersion"
    case isHidden = "Hidden"
    case isFavourite = "Favourite"
    case isIgnored = "Ignored"
    case isConfirmed = "Confirmed"
    case birthDate = "BirthDate"
    case entityID = "EntityId"
    case mergedInto = "MergedInto"
    case mergedFrom = "MergedFrom"
  }
}
