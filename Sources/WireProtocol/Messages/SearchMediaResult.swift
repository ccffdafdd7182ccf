/// SearchMedia.
public struct SearchMediaResult: Codable, Equatable, Sendable {
  public var mediaInfoList: [MediaMessage]
  /// Continues the list; absent where the page begins beyond what can be scrolled through.
  public var scrollToken: String?
  public var total: Int
  /// `true` where there may be more than `total`.
  public var totalIsLowerBound: Bool?

  public init(
    mediaInfoList: [MediaMessage], scrollToken: String?, total: Int, totalIsLowerBound: Bool?
  ) {
    self.mediaInfoList = mediaInfoList
    self.scrollToken = scrollToken
    self.total = total
    self.totalIsLowerBound = totalIsLowerBound
  }

  enum CodingKeys: String, CodingKey {
    case mediaInfoList = "MediaInfoList"
    case scrollToken = "ScrollToken"
    case total = "Total"
    case totalIsLowerBound = "TotalIsLowerBound"
  }
}
