/// A library, in the terms of the reference's search libraries.
public struct LibraryMessage: Codable, Equatable, Sendable {
  public var searchLibName: String
  public var description: String?
  /// `normal`.
  public var status = "normal"
  public var createTime: String
  public var updateTime: String
  public var mediaTotal: Int
  public var figureTotal: Int
  public var figureClusterTotal: Int
  /// JSON as in the reference: `{"faceGroupIds":"…"}`, the recognition libraries that are chosen.
  public var searchLibConfig: String?

  public init(
    searchLibName: String, description: String?, createTime: String, updateTime: String,
    mediaTotal: Int, figureTotal: Int, figureClusterTotal: Int
  ) {
    self.searchLibName = searchLibName
    self.description = description
    self.createTime = createTime
    self.updateTime = updateTime
    self.mediaTotal = mediaTotal
    self.figureTotal = figureTotal
    self.figureClusterTotal = figureClusterTotal
  }

  enum CodingKeys: String, CodingKey {
    case searchLibName = "SearchLibName"
    case description = "Description"
    case status = "Status"
    case createTime = "CreateTime"
    case updateTime = "UpdateTime"
    case mediaTotal = "MediaTotal"
    case figureTotal = "FigureTotal"
    case figureClusterTotal = "FigureClusterTotal"
    case searchLibConfig = "SearchLibConfig"
  }
}
