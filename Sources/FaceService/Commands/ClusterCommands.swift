internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// How a list of clusters may be sorted, in the reference's words.
///
/// Its prose says GroupName where its list says Name; both are taken.
private enum ClusterSortName: String, CaseIterable {
  case imageCount = "ImageCount"
  case videoCount = "VideoCount"
  case projectName = "ProjectName"
  case datasetName = "DatasetName"
  case createTime = "CreateTime"
  case updateTime = "UpdateTime"
  case gender = "Gender"
  case faceCount = "FaceCount"
  case groupName = "GroupName"
  case name = "Name"
  case averageAge = "AverageAge"

  var sort: ClusterSort {
    switch self {
    case .imageCount: .imageCount
    case .videoCount: .videoCount
    // All clusters of a list are of one project and dataset, so their ids decide.
    case .projectName, .datasetName: .id
    case .gender: .gender
    case .averageAge: .averageAge
    case .createTime: .created
    case .updateTime: .updated
    case .faceCount: .faceCount
    case .groupName, .name: .name
    }
  }
}

private enum OrderName: String, CaseIterable {
  case ascending = "asc"
  case descending = "desc"

  var order: SortOrder { self == .ascending ? .ascending : .descending }
}

extension Parameters {
  /// `{"Start": time, "End": time}`, either of which may be missing.
  func timeRange(_ name: String) throws(WireError) -> TimestampRange {
    guard let range = try object(name) else { return TimestampRange() }
    try range.allowOnly(["Start", "End"])
    return TimestampRange(earliest: try range.time("Start"), latest: try range.time("End"))
  }

  /// `{"Min": years, "Max": years}`, either of which may be missing.
  private func ageRange(_ name: String) throws(WireError) -> ClosedRange<Double>? {
    guard let range = try object(name) else { return nil }
    try range.allowOnly(["Min", "Max"])
    let bounds: ClosedRange<Int64> = 0...200
    let (low, high) = (try range.integer("Min", in: bounds), try range.integer("Max", in: bounds))
    guard (low ?? 0) <= (high ?? 200) else { throw range.invalid("Max", "no less than Min") }
    return Double(low ?? 0)...Double(high ?? 200)
  }

  /// `key=value`, or an object of strings.
  fileprivate func labelCondition() throws(WireError) -> [String: String] {
    guard case .string(let text)? = value("CustomLabels") else {
      return try labels("CustomLabels", limit: 16) ?? [:]
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw invalid("CustomLabels", "key=value, or an object of strings")
    }
    return [String(parts[0]): String(parts[1])]
  }

  func clusterQuery(in library: LibraryID) throws(WireError) -> ClusterQuery {
    ClusterQuery(
      library: library, name: try string("Name", limit: 512),
      customLabels: try labelCondition(), created: try timeRange("CreateTimeRange"),
      updated: try timeRange("UpdateTimeRange"),
      minimumFaceCount: try integer("MinFaceCount", in: 0...1_000_000, default: 0),
      gender: try choice("Gender", Gender.self), averageAge: try ageRange("AverageAgeRange"),
      includesHidden: try boolean("IncludeHidden", default: true),
      includesIgnored: try boolean("IncludeIgnored", default: false),
      sort: try choice("Sort", ClusterSortName.self)?.sort ?? .id,
      order: try choice("Order", OrderName.self)?.order ?? .ascending)
  }
}

extension Snapshot {
  /// The cluster with a public identifier.
  func existingCluster(
    _ identifier: PublicIdentifier, field: String
  ) throws -> ClusterRecord {
    guard let cluster = try cluster(withPublicID: identifier) else {
      throw WireError(
        .resourceNotFound, "There is no cluster \(identifier.asCluster).", field: field,
        hint: "QueryFigureClusters lists those that exist.")
    }
    return cluster
  }

  /// A cluster as the reference shows it, with the medium of its cover.
  func message(
    _ cluster: ClusterRecord, in library: LibraryRecord
  ) throws -> FigureClusterMessage {
    var message = FigureClusterMessage(
      projectName: projectName, datasetName: library.name, objectID: cluster.publicID.asCluster,
      createTime: cluster.created.iso8601, updateTime: cluster.updated.iso8601,
      name: cluster.name, faceCount: cluster.faceCount, imageCount: cluster.imageCount,
      videoCount: cluster.videoCount, metaLockVersion: cluster.metaLockVersion)
    message.describe(ClusterIdentity(cluster))
    message.describe(try attributes(of: cluster.id))
    message.entityID = try publicID(of: cluster.entity)
    message.mergedInto = try cluster.mergedInto.flatMap {
      try self.cluster($0)?.publicID.asCluster
    }
    let sources = try clusters(mergedInto: cluster.id).map(\.asCluster)
    message.mergedFrom = sources.isEmpty ? nil : sources
    if let cover = try cluster.cover.flatMap({ try figure($0) }),
      let medium = try media(cover.media)
    {
      message.cover = medium.file(
        in: library, figures: [FigureMessage(cover, cluster: cluster.publicID)])
    }
    return message
  }
}

extension Snapshot {
  /// How clients know an enrolled person.
  func publicID(of entity: EntityID?) throws -> String? {
    try entity.flatMap { try self.entity($0)?.publicID.hexadecimal }
  }
}

extension FigureClusterMessage {
  /// Says what users said of a person besides the name and whom they tied it to.
  mutating func describe(_ identity: ClusterIdentity) {
    customID = identity.customID
    customLabels = identity.customLabels.isEmpty ? nil : identity.customLabels
    isHidden = identity.isHidden ? true : nil
    isFavourite = identity.isFavourite ? true : nil
    isIgnored = identity.isIgnored ? true : nil
    isConfirmed = identity.isConfirmed ? true : nil
    birthDate = identity.birthDate
  }

  /// Says what is known of a person from the faces.
  mutating func describe(_ attributes: ClusterAttributes) {
    gender = attributes.gender?.rawValue
    averageAge = attributes.averageAge.map { Int($0.rounded()) }
    minAge = attributes.minimumAge.map { Int($0.rounded()) }
    maxAge = attributes.maximumAge.map { Int($0.rounded()) }
  }
}

private let clusterFields = [
  "ObjectId", "Name", "Cover", "CustomId", "CustomLabels", "MetaLockVersion", "Hidden",
  "Favourite", "Ignored", "Confirmed", "BirthDate",
]

let clusterCommands = [
  Command(
    "QueryFigureClusters", .reader,
    libraryParameters + [
      "Sort", "Order", "CustomLabels", "MaxResults", "NextToken", "CreateTimeRange",
      "UpdateTimeRange", "WithTotalCount", "Name", "MinFaceCount", "Gender", "AverageAgeRange",
      "IncludeHidden", "IncludeIgnored", "AsOf",
    ]
  ) { service, parameters, _ in
    if let moment = try parameters.time("AsOf") {
      return Reply(try service.pastClusters(parameters, asOf: moment))
    }
    let page = try service.page(
      parameters, of: "QueryFigureClusters", sizes: 0...100, defaultSize: 100)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        let found = try snapshot.clusters(
          try parameters.clusterQuery(in: library.id), page: page.request,
          includesTotal: withTotal)
        return QueryFigureClustersResult(
          figureClusters: try found.records.map { try snapshot.message($0, in: library) },
          nextToken: page.token(found.next), totalCount: found.total)
      })
  },
  Command("GetFigureCluster", .reader, libraryParameters + ["ObjectId", "AsOf"]) {
    service, parameters, _ in
    guard let identifier = try parameters.clusterID("ObjectId") else {
      throw parameters.missing("ObjectId", "a cluster's ObjectId: Cluster-UUID")
    }
    if let moment = try parameters.time("AsOf") {
      return Reply(try service.pastCluster(identifier, parameters, asOf: moment))
    }
    return Reply(
      try service.store.read { snapshot in
        let cluster = try snapshot.existingCluster(identifier, field: "ObjectId")
        guard let library = try snapshot.library(cluster.library) else {
          throw StoreError.notFound(.library, key: "\(cluster.library)")
        }
        return FigureClusterResult(figureCluster: try snapshot.message(cluster, in: library))
      })
  },
  Command("BatchGetFigureCluster", .reader, libraryParameters + ["ObjectIds"]) {
    service, parameters, _ in
    guard let identifiers = try parameters.clusterIDs("ObjectIds") else {
      throw parameters.missing("ObjectIds", "a list of up to 100 ObjectIds: Cluster-UUID")
    }
    return Reply(
      try service.store.read { snapshot in
        BatchFigureClustersResult(
          figureClusters: try snapshot.clusters(withPublicIDs: identifiers).compactMap { cluster in
            try snapshot.library(cluster.library).map { try snapshot.message(cluster, in: $0) }
          })
      })
  },
  Command("UpdateFigureCluster", .curator, libraryParameters + ["FigureCluster", "DryRun"]) {
    service, parameters, context in
    guard let fields = try parameters.object("FigureCluster") else {
      throw parameters.missing("FigureCluster", "an object with ObjectId and what to change")
    }
    try fields.allowOnly(clusterFields)
    guard let identifier = try fields.clusterID("ObjectId") else {
      throw fields.missing("ObjectId", "a cluster's ObjectId: Cluster-UUID")
    }
    var update = ClusterUpdate()
    if let name = try fields.string("Name", limit: 512) {
      let name = String(name.trimmed)
      update.name = .set(name.isEmpty ? nil : name)
    }
    if let customID = try fields.string("CustomId", limit: 1024) {
      update.customID = .set(customID.isEmpty ? nil : customID)
    }
    if let labels = try fields.labels("CustomLabels", limit: 100) {
      update.customLabels = .set(labels)
    }
    update.isHidden = try fields.flag("Hidden")
    update.isFavourite = try fields.flag("Favourite")
    update.isIgnored = try fields.flag("Ignored")
    update.isConfirmed = try fields.flag("Confirmed")
    if let date = try fields.string("BirthDate", limit: 10) {
      guard date.isEmpty || Timestamp(iso8601: date + "T00:00:00Z") != nil else {
        throw fields.invalid("BirthDate", "a date such as 2014-03-27, or empty to remove it")
      }
      update.birthDate = .set(date.isEmpty ? nil : date)
    }
    let cover = try fields.object("Cover")?.coverFigure()
    let version = try fields.lockVersion()
    let request = CurationRequest(
      requestedBy: context.caller.userID,
      isRehearsal: try parameters.boolean("DryRun", default: false))
    let (message, change) = try service.people.updateCluster(
      identifier, field: "FigureCluster.ObjectId", update, cover: cover,
      expectedLockVersion: version, request)
    return Reply(CurationResult(figureCluster: message, change: change))
  },
]

extension Parameters {
  /// A flag to be set; kept where it is not given.
  fileprivate func flag(_ name: String) throws(WireError) -> Update<Bool> {
    has(name) ? .set(try boolean(name, default: false)) : .keep
  }
}

extension Parameters {
  /// `{"Figures": [{"FigureId": id}]}`, as the reference names a cover.
  fileprivate func coverFigure() throws(WireError) -> PublicIdentifier {
    let expected = "a list of one object with a FigureId"
    try allowOnly(["Figures"])
    guard let figures = try array("Figures", limit: 1), case .object(let members)? = figures.first
    else { throw missing("Figures", expected) }
    let figure = Parameters(members, path: "FigureCluster.Cover.Figures.")
    guard let identifier = try figure.figureID("FigureId") else {
      throw figure.missing("FigureId", "a FigureId: a UUID")
    }
    return identifier
  }
}
