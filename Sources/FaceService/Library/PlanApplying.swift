internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Why a figure stays where it is although a plan moves it.
enum PlanObstacle: String, Sendable {
  /// It is no longer where the plan found it.
  case movedSince = "MovedSince"
  /// The cluster that it would go to has ended or was merged.
  case clusterEnded = "ClusterEnded"
  /// A user put its cluster together meanwhile, so the machine only adds to it.
  case clusterCurated = "ClusterCurated"
  /// A user's word keeps it from there.
  case stated = "Stated"
}

/// What came of applying a plan.
struct AppliedPlan: Sendable {
  /// The changes that something was applied of.
  var changes: [Int] = []
  var moved = 0
  var skipped: [PlanObstacle: Int] = [:]
  /// Named clusters that lose more than half of their figures.
  var namesAtRisk: [String] = []
}

extension Curation {
  /// Applies changes of a plan, as far as nothing has changed the same since.
  ///
  /// - Parameters:
  ///   - plan: that was made.
  ///   - wanted: the changes' numbers; all if `nil`.
  ///   - mayEmptyNamed: takes figures out of clusters that are users', too.
  ///   - isRehearsal: answers names at risk instead of refusing.
  /// - Returns: what was applied and what was not.
  /// - Throws: ``ErrorCode/resourceNotFound`` for a change that the plan does not have,
  ///   ``ErrorCode/identityConflict`` if names are at risk.
  func apply(
    _ plan: ReclusteringPlanRecord, changes wanted: [Int]?, mayEmptyNamed: Bool,
    isRehearsal: Bool
  ) throws -> AppliedPlan {
    let all = try transaction.plannedChangeNumbers(of: plan.id)
    if let unknown = wanted?.first(where: { !all.contains($0) }) {
      throw WireError(
        .resourceNotFound, "The plan has no change \(unknown).", field: "Changes",
        hint: "GetFigureClusteringPlan lists those that it has.")
    }
    var outcome = AppliedPlan()
    var proposal = PlanProposal(newClustersFrom: faces.read { $0.nextCluster })
    for number in wanted.map({ Set($0).sorted() }) ?? all {
      for move in try transaction.plannedMoves(of: plan.id, change: number) {
        if let obstacle = try obstacle(to: move) {
          outcome.skipped[obstacle, default: 0] += 1
        } else {
          proposal.add(move, of: number)
        }
      }
    }
    outcome.namesAtRisk = try namesAtRisk(proposal)
    if !outcome.namesAtRisk.isEmpty, !mayEmptyNamed, !isRehearsal {
      let names = outcome.namesAtRisk.prefix(3).map { JSONValue.string($0).shown }
      throw WireError(
        .identityConflict,
        "\(names.joined(separator: ", ")) would lose more than half of the faces.",
        hint: "Make a new plan, which keeps what was named since; or leave the change out.")
    }
    if !mayEmptyNamed {
      outcome.skipped[.clusterCurated] = try proposal.remove {
        try $0.from.map(transaction.isCurated) ?? false
      }
    }
    outcome.skipped[.stated] = faces.read { proposal.removeContradictions(to: $0) }
    outcome.skipped = outcome.skipped.filter { $0.value > 0 }
    let placements = proposal.placements
    outcome.moved = placements.count
    outcome.changes = proposal.changes
    guard !placements.isEmpty else { return outcome }
    _ = try transaction.apply(placements, in: library)
    try impose(Imposition(placements: placements))
    if let event = try transaction.recordedIdentityEvent() {
      try transaction.setApplied(outcome.changes, of: plan.id, by: event.id)
    }
    return outcome
  }

  private func obstacle(to move: PlannedMove) throws -> PlanObstacle? {
    guard let figure = try transaction.figure(move.figure), figure.cluster == move.from,
      faces.read({ $0.contains(move.figure) })
    else { return .movedSince }
    if case .cluster(let target) = move.to {
      guard let cluster = try transaction.cluster(target), cluster.mergedInto == nil else {
        return .clusterEnded
      }
    }
    return nil
  }

  private func namesAtRisk(_ proposal: PlanProposal) throws -> [String] {
    try proposal.losses.sorted { $0.key < $1.key }.compactMap { cluster, lost in
      guard let record = try transaction.cluster(cluster), let name = record.name,
        2 * lost > record.faceCount
      else { return nil }
      return name
    }
  }
}

/// The moves of a plan that are still possible.
private struct PlanProposal {
  private struct Move {
    let change: Int
    let planned: PlannedMove
    let target: ClusterID?
  }

  private let firstNew: ClusterID
  private var moves: [FigureID: Move] = [:]

  /// - Parameter firstNew: the number that the plan's first new cluster gets.
  init(newClustersFrom firstNew: ClusterID) { self.firstNew = firstNew }

  mutating func add(_ move: PlannedMove, of change: Int) {
    let target: ClusterID? =
      switch move.to {
      case .waiting: nil
      case .cluster(let cluster): cluster
      case .new(let number): ClusterID(rawValue: firstNew.rawValue + Int64(number) - 1)
      }
    moves[move.figure] = Move(change: change, planned: move, target: target)
  }

  /// Where figures go.
  var placements: [FigureID: ClusterID?] { moves.mapValues(\.target) }

  /// The changes that something is left of, in ascending order.
  var changes: [Int] { Set(moves.values.map(\.change)).sorted() }

  /// How many figures leave each cluster.
  var losses: [ClusterID: Int] {
    moves.values.reduce(into: [:]) { losses, move in
      if let from = move.planned.from { losses[from, default: 0] += 1 }
    }
  }

  /// Takes out the moves that a condition holds for.
  ///
  /// - Returns: how many there were.
  mutating func remove(where condition: (PlannedMove) throws -> Bool) rethrows -> Int {
    let count = moves.count
    moves = try moves.filter { try !condition($0.value.planned) }
    return count - moves.count
  }

  /// Takes out the moves that users' statements speak against.
  ///
  /// - Returns: how many there were.
  mutating func removeContradictions(to clusterer: IncrementalClusterer) -> Int {
    let count = moves.count
    moves = moves.filter { clusterer.mayBe($0.key, in: $0.value.target) }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for statement in clusterer.acceptedConstraints {
        let (a, b, areTogether) =
          switch statement {
          case .mustLink(let a, let b): (a, b, true)
          case .cannotLink(let a, let b): (a, b, false)
          case .pin(let figure, _), .exclude(let figure, _): (figure, figure, true)
          }
        guard moves[a] != nil || moves[b] != nil else { continue }
        let (first, second) = (place(of: a, clusterer), place(of: b, clusterer))
        guard areTogether ? first != second : first != nil && first == second else { continue }
        moves[a] = nil
        moves[b] = nil
        hasChanged = true
      }
    }
    return count - moves.count
  }

  private func place(of figure: FigureID, _ clusterer: IncrementalClusterer) -> ClusterID? {
    if let move = moves[figure] { return move.target }
    return clusterer.cluster(of: figure)
  }
}
