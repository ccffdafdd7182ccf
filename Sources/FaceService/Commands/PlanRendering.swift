internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension PublicIdentifier {
  /// A plan of a re-clustering: a UUID.
  var asPlan: String { uuid }
}

extension Snapshot {
  /// A plan with how much it changes.
  func message(_ plan: ReclusteringPlanRecord) throws -> FigureClusteringPlanMessage {
    let extent = try extent(of: plan.id)
    let task = try plan.task.flatMap { try self.task($0) }
    let status: FigureClusteringPlanMessage.Status =
      if plan.made != nil {
        .ready
      } else {
        task?.status.hasEnded == false ? .planning : .abandoned
      }
    return FigureClusteringPlanMessage(
      planID: plan.publicID.asPlan, taskID: task?.publicID.asTask, status: status,
      datasetName: try library(plan.library)?.name ?? "", createTime: plan.created.iso8601,
      requestedBy: plan.requestedBy, changes: extent.changes, figuresMoved: extent.movedFigures,
      namesAtRisk: extent.namesAtRisk)
  }

  /// A change of a plan, as things are now.
  ///
  /// - Parameters:
  ///   - change: of the plan.
  ///   - withFigures: lists every face that would go elsewhere.
  /// - Returns: the change as the wire has it, with examples of the faces that it moves.
  /// - Throws: ``StoreError``.
  func message(
    _ change: PlannedChangeRecord, withFigures: Bool
  ) throws -> PlannedChangeMessage {
    let moves = try plannedMoves(of: change.plan, change: change.number)
    let clusters = try clusters(of: moves)
    let event = try change.appliedBy.flatMap { try identityEvent($0) }
    return PlannedChangeMessage(
      changeID: change.number, kind: change.kind, figuresMoved: moves.count,
      clusters: clusters.map(\.message), namesAtRisk: clusters.compactMap(\.nameAtRisk),
      examples: try examples(of: moves).compactMap(message),
      figures: withFigures ? try moves.compactMap(message) : nil,
      appliedBy: event?.reversedBy == nil ? event?.publicID.asEvent : nil)
  }

  private func clusters(of moves: [PlannedMove]) throws -> [PlannedCluster] {
    var found: [PlannedPlace: PlannedCluster] = [:]
    func note(_ place: PlannedPlace, _ change: (inout PlannedCluster) -> Void) throws {
      guard place != .waiting else { return }
      var cluster = try found[place] ?? PlannedCluster(place, in: self)
      change(&cluster)
      found[place] = cluster
    }
    for move in moves {
      if let from = move.from { try note(.cluster(from)) { $0.lost += 1 } }
      try note(move.to) { $0.gained += 1 }
    }
    // Those first that stay and grow, then those that are new, then those that end.
    return found.values.sorted { ($0.rank, -$0.faceCount, $0.id) < ($1.rank, -$1.faceCount, $1.id) }
  }

  /// The clearest figure of each way, then the next of each.
  private func examples(of moves: [PlannedMove]) throws -> [PlannedMove] {
    let ways = Dictionary(grouping: moves) { PlannedMoveWay(from: $0.from, to: $0.to) }
    let ranked = try ways.values.sorted { $0[0].figure < $1[0].figure }.map { moves in
      let quality = try moves.prefix(Self.examinedMoves).map {
        ($0, try figure($0.figure)?.quality.value ?? 0)
      }
      return quality.sorted { $0.1 > $1.1 }.map(\.0)
    }
    var examples: [PlannedMove] = []
    for rank in 0..<Self.examplesOfEachWay {
      for way in ranked where rank < way.count { examples.append(way[rank]) }
    }
    return Array(examples.prefix(Self.exampleLimit))
  }

  private static let examinedMoves = 64
  private static let examplesOfEachWay = 4
  private static let exampleLimit = 12

  private func message(_ move: PlannedMove) throws -> IdentityEventMessage.FigureMove? {
    guard let figure = try figure(move.figure) else { return nil }
    return IdentityEventMessage.FigureMove(
      figureID: figure.publicID.asFigure,
      from: try move.from.flatMap { try name(of: .cluster($0)) }, to: try name(of: move.to))
  }

  /// How a place is spelled; `nil` while waiting, or for a cluster that has ended.
  fileprivate func name(of place: PlannedPlace) throws -> String? {
    switch place {
    case .waiting: nil
    case .cluster(let cluster): try self.cluster(cluster)?.publicID.asCluster
    case .new(let number): "New-\(number)"
    }
  }
}

/// From where to where figures go.
private struct PlannedMoveWay: Hashable {
  let from: ClusterID?
  let to: PlannedPlace
}

/// What would become of a cluster.
private struct PlannedCluster {
  let id: Int64
  let objectID: String?
  let name: String?
  let isNew: Bool
  let isCurated: Bool
  let faceCount: Int
  var gained = 0
  var lost = 0

  init(_ place: PlannedPlace, in snapshot: Snapshot) throws {
    objectID = try snapshot.name(of: place)
    switch place {
    case .cluster(let cluster):
      let record = try snapshot.cluster(cluster)
      (id, isNew) = (cluster.rawValue, false)
      (name, faceCount) = (record?.name, record?.faceCount ?? 0)
      isCurated = try snapshot.isCurated(cluster)
    case .new(let number):
      (id, isNew, name, isCurated, faceCount) = (Int64(number), true, nil, false, 0)
    case .waiting:
      preconditionFailure("who waits is in no cluster")
    }
  }

  private var isEnding: Bool { !isNew && !isCurated && gained == 0 && lost >= faceCount }

  var nameAtRisk: String? { 2 * lost > faceCount ? name : nil }

  var rank: Int { isNew ? 1 : isEnding ? 2 : 0 }

  var message: PlannedChangeMessage.Cluster {
    PlannedChangeMessage.Cluster(
      objectID: objectID, name: name, outcome: isNew ? "Founded" : isEnding ? "Ends" : "Kept",
      faceCount: faceCount, figuresGained: gained, figuresLost: lost)
  }
}
