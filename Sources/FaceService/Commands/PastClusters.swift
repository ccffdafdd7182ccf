internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// A past cluster with what lists are sorted by.
private struct PastPerson {
  let cluster: PastCluster
  let imageCount: Int
  let videoCount: Int
  let best: FigureRecord?
  let attributes: ClusterAttributes
}

extension Service {
  /// The people of a library as they were at a moment (QueryFigureClusters with AsOf).
  ///
  /// - Parameters:
  ///   - parameters: of the request.
  ///   - moment: in the past.
  /// - Returns: a page of them.
  /// - Throws: ``ErrorCode/invalidParameter`` for a moment that the log does not reach back to.
  func pastClusters(
    _ parameters: Parameters, asOf moment: Timestamp
  ) throws -> QueryFigureClustersResult {
    for name in ["UpdateTimeRange"] where parameters.has(name) {
      throw parameters.invalid(name, "left out where AsOf is given")
    }
    let page = try offset(
      parameters, of: "QueryFigureClusters", sizes: 0...100, defaultSize: 100)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    return try store.read { snapshot in
      let library = try snapshot.library(of: parameters)
      try snapshot.check(moment, in: library, parameters)
      let query = try parameters.clusterQuery(in: library.id)
      let found = try snapshot.clusters(in: library.id, asOf: moment)
        .filter(query.isMet).map { try snapshot.person($0) }.filter(query.isMet)
        .sorted { query.isAscending($0, $1) }
      let (part, token) = page.part(of: found)
      return QueryFigureClustersResult(
        figureClusters: try part.map { try snapshot.message($0, in: library, asOf: moment) },
        nextToken: token, totalCount: withTotal ? found.count : nil)
    }
  }

  /// One person as at a moment (GetFigureCluster with AsOf).
  func pastCluster(
    _ identifier: PublicIdentifier, _ parameters: Parameters, asOf moment: Timestamp
  ) throws -> FigureClusterResult {
    try store.read { snapshot in
      for library in try snapshot.libraries() {
        let found = try snapshot.clusters(in: library.id, asOf: moment)
          .first { $0.identity.publicID == identifier }
        guard let found else { continue }
        try snapshot.check(moment, in: library, parameters)
        return FigureClusterResult(
          figureCluster: try snapshot.message(
            snapshot.person(found), in: library, asOf: moment))
      }
      throw WireError(
        .resourceNotFound, "There was no cluster \(identifier.asCluster) at that time.",
        field: "ObjectId", hint: "ListIdentityEvents with the ObjectId tells what became of it.")
    }
  }
}

extension ClusterQuery {
  /// Whether a cluster as it was fulfils the conditions that do not depend on its media.
  fileprivate func isMet(_ cluster: PastCluster) -> Bool {
    let identity = cluster.identity
    return (name == nil || identity.name == name)
      && customLabels.allSatisfy { identity.customLabels[$0.key] == $0.value }
      && (created.earliest.map { identity.created >= $0 } ?? true)
      && (created.latest.map { identity.created <= $0 } ?? true)
      && cluster.figures.count >= minimumFaceCount
      && (includesHidden || !identity.isHidden) && (includesIgnored || !identity.isIgnored)
  }

  /// Whether what the faces say of a person fulfils the conditions on that.
  fileprivate func isMet(_ person: PastPerson) -> Bool {
    let attributes = person.attributes
    return (gender.map { $0 == attributes.gender } ?? true)
      && (averageAge.map { range in
        attributes.averageAge.map { range.contains(Double($0)) } ?? false
      }
        ?? true)
  }

  /// The order of lists; equal ones by id.
  fileprivate func isAscending(_ left: PastPerson, _ right: PastPerson) -> Bool {
    let (a, b) = order == .ascending ? (left, right) : (right, left)
    switch sort {
    case .faceCount where a.cluster.figures.count != b.cluster.figures.count:
      return a.cluster.figures.count < b.cluster.figures.count
    case .imageCount where a.imageCount != b.imageCount: return a.imageCount < b.imageCount
    case .videoCount where a.videoCount != b.videoCount: return a.videoCount < b.videoCount
    case .created where a.cluster.identity.created != b.cluster.identity.created:
      return a.cluster.identity.created < b.cluster.identity.created
    case .name where a.cluster.identity.name != b.cluster.identity.name:
      return (a.cluster.identity.name ?? "") < (b.cluster.identity.name ?? "")
    case .gender where a.attributes.gender != b.attributes.gender:
      return (a.attributes.gender?.rawValue ?? "") < (b.attributes.gender?.rawValue ?? "")
    case .averageAge where a.attributes.averageAge != b.attributes.averageAge:
      return (a.attributes.averageAge ?? -1) < (b.attributes.averageAge ?? -1)
    default: return a.cluster.id < b.cluster.id
    }
  }
}

extension Snapshot {
  /// Refuses a moment that the log cannot tell of.
  fileprivate func check(
    _ moment: Timestamp, in library: LibraryRecord, _ parameters: Parameters
  ) throws {
    guard let start = try identityLogStart(in: library.id), moment < start else { return }
    throw WireError(
      .invalidParameter,
      "The log of the library \(library.name) was erased up to \(start.iso8601).", field: "AsOf",
      hint: "It can tell of that time and what came after.")
  }

  fileprivate func person(_ cluster: PastCluster) throws -> PastPerson {
    let figures = try figures(cluster.figures.map(\.id))
    let types = try Set(figures.map(\.media)).compactMap { try media($0)?.mediaType }
    let videoCount = types.count { $0 == .video }
    let chosen = cluster.identity.cover.flatMap { cover in figures.first { $0.id == cover } }
    return PastPerson(
      cluster: cluster, imageCount: types.count - videoCount, videoCount: videoCount,
      best: chosen ?? figures.max { ($0.quality.value, $1.id) < ($1.quality.value, $0.id) },
      attributes: ClusterAttributes(of: figures))
  }

  fileprivate func message(
    _ person: PastPerson, in library: LibraryRecord, asOf moment: Timestamp
  ) throws -> FigureClusterMessage {
    let identity = person.cluster.identity
    var message = FigureClusterMessage(
      projectName: projectName, datasetName: library.name,
      objectID: identity.publicID.asCluster, createTime: identity.created.iso8601,
      updateTime: moment.iso8601, name: identity.name, faceCount: person.cluster.figures.count,
      imageCount: person.imageCount, videoCount: person.videoCount, metaLockVersion: 0)
    message.describe(identity)
    message.entityID = try publicID(of: identity.entity)
    message.describe(person.attributes)
    if let cover = person.best, let medium = try media(cover.media) {
      var figure = FigureMessage(cover, cluster: identity.publicID)
      figure.figureClusterConfidence =
        person.cluster.figures.first { $0.id == cover.id }?.confidence.map { Double(share: $0) }
      message.cover = medium.file(in: library, figures: [figure])
    }
    return message
  }
}
