internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Parameters {
  /// Who asks, and whether the change is only to be tried.
  func curation(_ context: RequestContext) throws(WireError) -> CurationRequest {
    CurationRequest(
      requestedBy: context.caller.userID, isRehearsal: try boolean("DryRun", default: false))
  }

  /// A list of figures, each once, at least one.
  func figureIDs(_ name: String) throws(WireError) -> [PublicIdentifier] {
    let expected = "a list of 1 to \(Self.figureLimit) FigureIds"
    guard let elements = try array(name, limit: Self.figureLimit) else {
      throw missing(name, expected)
    }
    var identifiers: [PublicIdentifier] = []
    for element in elements {
      guard case .string(let text) = element, let identifier = PublicIdentifier(text) else {
        throw invalid(name, expected)
      }
      if !identifiers.contains(identifier) { identifiers.append(identifier) }
    }
    guard !identifiers.isEmpty else { throw invalid(name, expected) }
    return identifiers
  }

  /// A list of clusters, each once, at least one.
  func clusterIDs(_ name: String) throws(WireError) -> [PublicIdentifier]? {
    guard let elements = try array(name, limit: Self.clusterLimit) else { return nil }
    let expected = "a list of 1 to \(Self.clusterLimit) ObjectIds: Cluster-UUID"
    var identifiers: [PublicIdentifier] = []
    for element in elements {
      guard case .string(let text) = element, text.hasPrefix("Cluster-"),
        let identifier = PublicIdentifier(text.dropFirst("Cluster-".count))
      else { throw invalid(name, expected) }
      if !identifiers.contains(identifier) { identifiers.append(identifier) }
    }
    guard !identifiers.isEmpty else { throw invalid(name, expected) }
    return identifiers
  }

  /// The reference's limit for one merger.
  private static let clusterLimit = 100
  private static let figureLimit = 1000

  /// What is to be merged, from `From` or `Froms`, and `To`.
  fileprivate func merger() throws(WireError) -> Merger {
    let target = try requiredCluster("To")
    let one = try clusterID("From")
    let several = try clusterIDs("Froms")
    guard (one == nil) != (several == nil) else {
      throw missing("From", "a cluster's ObjectId, or Froms, a list of them, in its place")
    }
    let sources = (one.map { [$0] } ?? several ?? []).filter { $0 != target }
    guard !sources.isEmpty else { throw invalid("From", "another cluster than To") }
    return Merger(sources: sources, target: target)
  }

  fileprivate func requiredCluster(_ name: String) throws(WireError) -> PublicIdentifier {
    guard let identifier = try clusterID(name) else {
      throw missing(name, "a cluster's ObjectId: Cluster-UUID")
    }
    return identifier
  }

  /// The lock version that the client read.
  func lockVersion() throws(WireError) -> Int64? {
    try integer("MetaLockVersion", in: 0...JSONParser.integerLimit)
  }
}

extension Snapshot {
  /// A cluster that a change is about.
  ///
  /// - Parameters:
  ///   - identifier: as the client named it.
  ///   - field: that named it.
  ///   - version: the lock version that the client read; `nil` takes any.
  /// - Returns: the cluster, which was not merged into another.
  /// - Throws: ``ErrorCode/resourceNotFound``, or ``StoreError/lockVersionConflict(_:expected:actual:)``.
  func standingCluster(
    _ identifier: PublicIdentifier, field: String, version: Int64? = nil
  ) throws -> ClusterRecord {
    let cluster = try existingCluster(identifier, field: field)
    if let version, version != cluster.metaLockVersion {
      throw StoreError.lockVersionConflict(
        cluster.id, expected: version, actual: cluster.metaLockVersion)
    }
    guard cluster.mergedInto == nil else {
      throw WireError(
        .invalidParameter, "\(field) names a cluster that was merged into another.", field: field,
        hint: "GetFigureCluster tells into which; UndoIdentityEvent takes the merger back.")
    }
    return cluster
  }

  /// A cluster as it is now, for an answer.
  fileprivate func message(_ id: ClusterID) throws -> FigureClusterMessage? {
    guard let cluster = try cluster(id), let library = try library(cluster.library) else {
      return nil
    }
    return try message(cluster, in: library)
  }
}

/// Clusters to be merged, as a client named them.
private struct Merger {
  let sources: [PublicIdentifier]
  let target: PublicIdentifier

  var all: [PublicIdentifier] { sources + [target] }
}

extension Curation {
  /// Merges clusters as long as the target still has the lock version that the client read.
  ///
  /// - Returns: the cluster that the others went into.
  fileprivate func run(_ merger: Merger, version: Int64? = nil) throws -> ClusterID {
    let heir = try transaction.standingCluster(merger.target, field: "To", version: version)
    try merge(
      try merger.sources.map { try transaction.standingCluster($0, field: "From") }, into: heir)
    return heir.id
  }
}

let curationCommands = [
  Command(
    "MergeFigureClusters", .curator,
    libraryParameters + ["From", "Froms", "To", "MetaLockVersion", "DryRun"]
  ) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let merger = try parameters.merger()
    let version = try parameters.lockVersion()
    let library = try service.people.library(ofClusters: merger.all, field: "From")
    let (message, change) = try service.people.curate(library, .merge, request) { curation in
      try curation.transaction.message(try curation.run(merger, version: version))
    }
    return Reply(CurationResult(figureCluster: message, change: change))
  },
  Command(
    "CreateFigureClustersMergingTask", .curator,
    libraryParameters + ["From", "Froms", "To", "UserData"]
  ) { service, parameters, context in
    // The reference merges later and elsewhere; here the task has ended when it is answered.
    let request = CurationRequest(requestedBy: context.caller.userID, isRehearsal: false)
    let merger = try parameters.merger()
    let userData = try parameters.string("UserData", limit: 2048)
    let library = try service.people.library(ofClusters: merger.all, field: "From")
    let (task, change) = try service.people.curate(library, .merge, request) { curation in
      _ = try curation.run(merger)
      let transaction = curation.transaction
      let task = try transaction.insertTask(
        NewTask(
          library: library, kind: TaskKind.clustersMerging.rawValue, userData: userData,
          requestedBy: request.requestedBy))
      _ = try transaction.startTask(task)
      try transaction.endTask(
        task, .succeeded,
        message: "Merged into \(merger.target.asCluster).",
        outcome: nil)
      guard let record = try transaction.task(task) else {
        throw StoreError.notFound(.task, key: "\(task)")
      }
      return try transaction.message(record, progress: nil)
    }
    return Reply(MergingTaskResult(eventID: change.undoID, task: task))
  },
  Command(
    "SplitFigureCluster", .curator,
    libraryParameters + ["ObjectId", "Figures", "Name", "MetaLockVersion", "DryRun"]
  ) { service, parameters, context in
    let request = try parameters.curation(context)
    let identifier = try parameters.requiredCluster("ObjectId")
    let figures = try parameters.figureIDs("Figures")
    let name = try parameters.string("Name", limit: 512).map { String($0.trimmed) }
    let version = try parameters.lockVersion()
    let library = try service.people.library(ofClusters: [identifier], field: "ObjectId")
    let (message, change) = try service.people.curate(library, .split, request) { curation in
      let source = try curation.transaction.standingCluster(
        identifier, field: "ObjectId", version: version)
      let new = try curation.split(
        source, try curation.figures(figures, field: "Figures"),
        name: name?.isEmpty == false ? name : nil)
      return try curation.transaction.message(new)
    }
    return Reply(CurationResult(figureCluster: message, change: change))
  },
  Command("MoveFigures", .curator, libraryParameters + ["Figures", "To", "Name", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let figures = try parameters.figureIDs("Figures")
    let target = try parameters.clusterID("To")
    let name = try parameters.string("Name", limit: 512).map { String($0.trimmed) }
    guard target == nil || name == nil else {
      throw parameters.invalid("Name", "left out where To is given")
    }
    let library = try service.people.library(ofFigures: figures, field: "Figures")
    let (message, change) = try service.people.curate(library, .move, request) { curation in
      let moved = try curation.figures(figures, field: "Figures")
      let cluster: ClusterID
      if let target {
        let record = try curation.transaction.standingCluster(target, field: "To")
        guard record.library == library else {
          throw parameters.invalid("To", "a cluster of the figures' library")
        }
        cluster = record.id
      } else {
        cluster = try curation.makeCluster(named: name?.isEmpty == false ? name : nil)
      }
      try curation.move(moved, to: cluster)
      return try curation.transaction.message(cluster)
    }
    return Reply(CurationResult(figureCluster: message, change: change))
  },
  Command("RejectFigures", .curator, libraryParameters + ["Figures", "ObjectId", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let figures = try parameters.figureIDs("Figures")
    let identifier = try parameters.requiredCluster("ObjectId")
    let library = try service.people.library(ofClusters: [identifier], field: "ObjectId")
    let (message, change) = try service.people.curate(library, .rejection, request) { curation in
      let cluster = try curation.transaction.standingCluster(identifier, field: "ObjectId")
      try curation.reject(try curation.figures(figures, field: "Figures"), from: cluster.id)
      return try curation.transaction.message(cluster.id)
    }
    return Reply(CurationResult(figureCluster: message, change: change))
  },
  Command("MarkNotFaces", .curator, libraryParameters + ["Figures", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let figures = try parameters.figureIDs("Figures")
    let library = try service.people.library(ofFigures: figures, field: "Figures")
    let (_, change) = try service.people.curate(library, .notAFace, request) { curation in
      try curation.markNotFaces(try curation.figures(figures, field: "Figures"))
    }
    return Reply(CurationResult(figureCluster: nil, change: change))
  },
  Command("LinkFigures", .curator, libraryParameters + ["Figures", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let figures = try parameters.figureIDs("Figures")
    let library = try service.people.library(ofFigures: figures, field: "Figures")
    let (_, change) = try service.people.curate(library, .link, request) { curation in
      let linked = try curation.figures(figures, field: "Figures")
      try curation.state(zip(linked, linked.dropFirst()).map { .mustLink($0.id, $1.id) })
    }
    return Reply(CurationResult(figureCluster: nil, change: change))
  },
  Command("SeparateFigures", .curator, libraryParameters + ["Figures", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let figures = try parameters.figureIDs("Figures")
    guard figures.count == 2 else {
      throw parameters.invalid("Figures", "a list of two FigureIds")
    }
    let library = try service.people.library(ofFigures: figures, field: "Figures")
    let (_, change) = try service.people.curate(library, .separation, request) { curation in
      let pair = try curation.figures(figures, field: "Figures")
      try curation.state([.cannotLink(pair[0].id, pair[1].id)])
    }
    return Reply(CurationResult(figureCluster: nil, change: change))
  },
  Command("IgnoreFigureClusters", .curator, libraryParameters + ["ObjectIds", "Ignored", "DryRun"])
  {
    service, parameters, context in
    let request = try parameters.curation(context)
    guard let identifiers = try parameters.clusterIDs("ObjectIds") else {
      throw parameters.missing("ObjectIds", "a list of ObjectIds: Cluster-UUID")
    }
    let isIgnored = try parameters.boolean("Ignored", default: true)
    let library = try service.people.library(ofClusters: identifiers, field: "ObjectIds")
    let (_, change) = try service.people.curate(library, .update, request) { curation in
      let clusters = try identifiers.map {
        try curation.transaction.standingCluster($0, field: "ObjectIds")
      }
      for cluster in clusters where cluster.isIgnored != isIgnored {
        try curation.transaction.updateCluster(
          cluster.id, ClusterUpdate(isIgnored: .set(isIgnored)), expectedLockVersion: nil)
      }
      try curation.followProtection(of: clusters.map(\.id))
    }
    return Reply(CurationResult(figureCluster: nil, change: change))
  },
]
