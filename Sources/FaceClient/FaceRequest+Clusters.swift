public import WireProtocol

/// What people are listed by.
public enum ClusterOrder: String, Sendable, CaseIterable {
  case createTime = "CreateTime"
  case updateTime = "UpdateTime"
  case name = "Name"
  case faceCount = "FaceCount"
  case imageCount = "ImageCount"
  case gender = "Gender"
  case averageAge = "AverageAge"
}

extension FaceRequest where Body == QueryFigureClustersResult {
  /// One page of the people of a library (QueryFigureClusters).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: whose people.
  ///   - order: what to sort by.
  ///   - descending: largest first.
  ///   - name: only people of exactly this name.
  ///   - includesIgnored: with people who are ignored.
  ///   - moment: as they were then, in ISO 8601; `nil` for now.
  ///   - withTotalCount: also count all people that the list is of.
  ///   - pageSize: 1…100.
  ///   - nextToken: from the page before.
  /// - Returns: the request.
  public static func figureClusters(
    library: String = LibraryName.standard, order: ClusterOrder = .faceCount,
    descending: Bool = true, name: String? = nil, includesIgnored: Bool = false,
    asOf moment: String? = nil, withTotalCount: Bool = false, pageSize: Int = 100,
    nextToken: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "DatasetName": .string(library), "Sort": .string(order.rawValue),
      "Order": descending ? "desc" : "asc", "WithTotalCount": .boolean(withTotalCount),
      "IncludeIgnored": .boolean(includesIgnored),
      "MaxResults": .integer(Int64(pageSize)),
    ]
    if let name { parameters["Name"] = .string(name) }
    if let moment { parameters["AsOf"] = .string(moment) }
    if let nextToken { parameters["NextToken"] = .string(nextToken) }
    return Self("QueryFigureClusters", parameters)
  }
}

extension FaceRequest where Body == FigureClusterResult {
  /// One person with the cover (GetFigureCluster).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - clusterID: the person.
  ///   - moment: as the person was then, in ISO 8601; `nil` for now.
  /// - Returns: the request.
  public static func figureCluster(_ clusterID: String, asOf moment: String? = nil) -> Self {
    var parameters: [String: JSONValue] = ["ObjectId": .string(clusterID)]
    if let moment { parameters["AsOf"] = .string(moment) }
    return Self("GetFigureCluster", parameters)
  }

  /// Names a person (UpdateFigureCluster).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - clusterID: the person.
  ///   - name: empty takes the name away.
  ///   - lockVersion: refuses unless this is the stored `metaLockVersion`, so that two people who
  ///     name at a time do not overwrite each other.
  /// - Returns: the request.
  public static func nameCluster(
    _ clusterID: String, name: String, lockVersion: Int64? = nil
  ) -> Self {
    var members: [String: JSONValue] = ["ObjectId": .string(clusterID), "Name": .string(name)]
    if let lockVersion { members["MetaLockVersion"] = .integer(lockVersion) }
    return Self("UpdateFigureCluster", ["FigureCluster": .object(members)])
  }
}

extension FaceRequest where Body == BatchFigureClustersResult {
  /// Up to 100 people; those that do not exist are left out (BatchGetFigureCluster).
  ///
  /// Maturity: stable.
  public static func figureClusters(_ clusterIDs: [String]) -> Self {
    Self("BatchGetFigureCluster", ["ObjectIds": .array(clusterIDs.map { .string($0) })])
  }
}

extension FaceRequest where Body == TaskResult {
  /// Clusters a library anew (CreateFigureClusteringTask).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: which library; people who have names keep them.
  ///   - wait: answers at the end of the task, with progress until then, instead of at once.
  /// - Returns: the request.
  public static func recluster(library: String = LibraryName.standard, wait: Bool = false) -> Self {
    Self(
      "CreateFigureClusteringTask",
      ["SearchLibName": .string(library), "Wait": .boolean(wait)],
      timeout: wait ? nil : standardTimeout)
  }
}
