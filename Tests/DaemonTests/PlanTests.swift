import FaceClient
import Foundation
import Testing
import WireProtocol

/// Re-clusterings that are planned, looked at, applied and taken back.
@Suite(.serialized) struct PlanTests {
  /// A daemon with the demo library in which two people were thrown together and one was torn
  /// apart, as no request can do it.
  private struct Disorder {
    let daemon: DaemonProcess
    /// The people thrown together, and the one torn apart.
    let joined: String
    let torn: String

    init() throws {
      daemon = try DaemonProcess()
      let client = try daemon.client()
      try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
      daemon.kill(SIGTERM)
      let database = try StateDatabase(in: daemon.stateDirectory)
      let clusters = try database.texts(
        "SELECT id FROM clusters ORDER BY face_count DESC, id LIMIT 3")
      let (a, b, c) = (clusters[0], clusters[1], clusters[2])
      try database.texts("UPDATE figures SET cluster = \(a) WHERE cluster = \(b)")
      try database.texts("DELETE FROM clusters WHERE id = \(b)")
      try database.texts(
        """
        INSERT INTO clusters(id, public_id, library, created, updated)
        SELECT last_cluster + 1, randomblob(16), id, 0, 0 FROM libraries
        """)
      try database.texts(
        """
        UPDATE figures SET cluster = (SELECT last_cluster FROM libraries)
        WHERE cluster = \(c) AND id % 2 = 0
        """)
      func name(_ cluster: String) throws -> String {
        let digits = try database.texts("SELECT hex(public_id) FROM clusters WHERE id = \(cluster)")
        return digits[0].lowercased()
      }
      (joined, torn) = (try name(a), try name(c))
      try daemon.start()
    }

    func client() throws -> FaceClient { try daemon.client() }

    func plan() throws -> PlanResult {
      let client = try client()
      let made = try client.call(.planReclustering(wait: true))
      return try client.call(.plan(made.planID, withFigures: true, pageSize: 100))
    }
  }

  /// Every figure's cluster.
  private func grouping(_ client: FaceClient) throws -> [String: String] {
    var places: [String: String] = [:]
    let figures = try client.call(.figures(of: .library("default"), pageSize: 500)).figures
    for figure in figures {
      if let id = figure.figureID { places[id] = figure.figureClusterID ?? "" }
    }
    return places
  }

  private func undo(_ event: String, _ client: FaceClient) throws -> CurationResult {
    try client.call(FaceRequest("UndoIdentityEvent", ["EventId": .string(event)]))
  }

  @Test func aPlanSaysWhatWouldChangeAndChangesNothing() throws {
    let disorder = try Disorder()
    let client = try disorder.client()
    let before = try grouping(client)
    let result = try disorder.plan()
    #expect(try grouping(client) == before)
    #expect(result.plan.status == .ready)
    #expect(result.plan.namesAtRisk == 0)
    #expect(result.plan.changes["Join", default: 0] >= 1)
    #expect(result.plan.changes["Split", default: 0] >= 1)
    #expect(result.plan.figuresMoved == result.changes.reduce(0) { $0 + $1.figuresMoved })
    var seen: Set<String> = []
    for change in result.changes {
      #expect(change.figures?.count == change.figuresMoved)
      #expect(!change.examples.isEmpty)
      let clusters = Set(change.clusters.compactMap(\.objectID))
      // No cluster is in two changes.
      #expect(seen.isDisjoint(with: clusters.filter { !$0.hasPrefix("New-") }))
      seen.formUnion(clusters)
      for move in change.figures ?? [] {
        #expect(before[move.figureID] == move.from ?? "")
        #expect(clusters.isSuperset(of: [move.from, move.to].compactMap(\.self)))
      }
      #expect(
        change.clusters.contains { $0.outcome == "Ends" } || change.kind != "Join")
      #expect(
        change.clusters.contains { $0.outcome == "Founded" }
          == ["Split", "Found"].contains(change.kind)
          || change.kind == "Move")
    }
    #expect(try client.call(.plans()).plans.map(\.planID) == [result.plan.planID])
    try client.call(.deletePlan(result.plan.planID))
    #expect(try client.call(.plans()).plans.isEmpty)
    #expect { try client.call(.plan(result.plan.planID)) } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }
  }

  @Test func applyingIsOneEventThatLeadsToTheBatchResultAndCanBeUndone() throws {
    let disorder = try Disorder()
    let client = try disorder.client()
    let before = try grouping(client)
    let result = try disorder.plan()
    let tried = try client.call(.applyPlan(result.plan.planID, isRehearsal: true))
    #expect(tried.change.dryRun == true)
    #expect(tried.figuresMoved == result.plan.figuresMoved)
    #expect(try grouping(client) == before)

    let applied = try client.call(.applyPlan(result.plan.planID))
    #expect(applied.figuresMoved == result.plan.figuresMoved)
    #expect(applied.skipped.isEmpty)
    #expect(applied.change.event?.kind == "Reclustering")
    #expect(applied.change.event?.figuresMoved == applied.figuresMoved)
    let after = try grouping(client)
    #expect(after != before)
    // There is nothing left to do.
    #expect(try disorder.plan().changes.isEmpty)
    // Applied once more, every figure has moved since.
    let again = try client.call(.applyPlan(result.plan.planID))
    #expect(again.figuresMoved == 0)
    #expect(again.skipped == ["MovedSince": applied.figuresMoved])
    #expect(again.change.event == nil)

    let event = try #require(applied.change.undoID)
    #expect(
      try client.call(.plan(result.plan.planID, pageSize: 100)).changes
        .allSatisfy { $0.appliedBy == event })
    #expect(try undo(event, client).keptCount == 0)
    #expect(try grouping(client) == before)
    #expect(
      try client.call(.plan(result.plan.planID, pageSize: 100)).changes
        .allSatisfy { $0.appliedBy == nil })
    // What was undone can be applied again, also after a restart.
    disorder.daemon.kill(SIGKILL)
    try disorder.daemon.start()
    let other = try disorder.client()
    #expect(try grouping(other) == before)
    #expect(try other.call(.applyPlan(result.plan.planID)).figuresMoved == applied.figuresMoved)
    let partition = Set(Dictionary(grouping: after.keys) { after[$0] }.values.map { Set($0) })
    let now = try grouping(other)
    #expect(Set(Dictionary(grouping: now.keys) { now[$0] }.values.map { Set($0) }) == partition)
  }

  @Test func oneChangeIsAppliedWithoutTheRest() throws {
    let disorder = try Disorder()
    let client = try disorder.client()
    let before = try grouping(client)
    let result = try disorder.plan()
    let join = try #require(result.changes.first { $0.kind == "Join" })
    let applied = try client.call(.applyPlan(result.plan.planID, changes: [join.changeID]))
    #expect(applied.changes == [join.changeID])
    let moved = Set((join.figures ?? []).map(\.figureID))
    let after = try grouping(client)
    #expect(Set(before.keys.filter { before[$0] != after[$0] }) == moved)
    #expect { try client.call(.applyPlan(result.plan.planID, changes: [4711])) } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }
  }

  @Test func whatUsersSaidSinceIsNotTouched() throws {
    let disorder = try Disorder()
    let client = try disorder.client()
    let result = try disorder.plan()
    let split = try #require(result.changes.first { $0.kind == "Split" })
    let moves = split.figures ?? []
    let source = try #require(moves.first?.from)
    try client.call(.nameCluster(source, name: "Ada"))
    let lost = try #require(split.clusters.first { $0.objectID == source })
    let atRisk = 2 * lost.figuresLost > lost.faceCount
    let planID = result.plan.planID
    #expect(try client.call(.plan(planID)).plan.namesAtRisk == (atRisk ? 1 : 0))
    let tried = try client.call(.applyPlan(planID, isRehearsal: true))
    #expect(tried.namesAtRisk == (atRisk ? ["Ada"] : []))
    #expect(tried.skipped["ClusterCurated", default: 0] == moves.filter { $0.from == source }.count)
    let forced = try client.call(.applyPlan(planID, isRehearsal: true, force: true))
    #expect(forced.figuresMoved == result.plan.figuresMoved)
    if atRisk {
      #expect { try client.call(.applyPlan(planID)) } throws: {
        ($0 as? ClientError)?.code == .identityConflict
      }
    } else {
      try client.call(.applyPlan(planID))
      let places = try grouping(client)
      #expect(moves.filter { $0.from == source }.allSatisfy { places[$0.figureID] == source })
    }
    // A new plan keeps what was named.
    let second = try disorder.plan()
    #expect(second.plan.namesAtRisk == 0)
    #expect(!second.changes.contains { ($0.figures ?? []).contains { $0.from == source } })
  }

  @Test func aCancelledPlanIsAbandoned() throws {
    let disorder = try Disorder()
    let client = try disorder.client()
    // Waits behind an import, so that it is cancelled before it is made.
    try client.call(.createLibrary("other"))
    let running = try client.call(
      .importMedia(paths: [DemoLibrary.folder.path], library: "other"))
    let made = try client.call(.planReclustering())
    #expect(try client.call(.plan(made.planID)).plan.status == .planning)
    #expect { try client.call(.applyPlan(made.planID)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
    try client.call(.cancelTask(made.taskID))
    #expect(try client.call(.waitForTask(made.taskID)).task.status == .cancelled)
    #expect(try client.call(.plan(made.planID)).plan.status == .abandoned)
    try client.call(.cancelTask(running.taskID))
  }

  /// Kills the daemon at random moments of planning, clustering, applying and undoing: 6 times, or as often as
  /// FIGURED_KILLS says.
  @Test func aKillLeavesTheOldStateOrTheNewOne() throws {
    let kills = ProcessInfo.processInfo.environment["FIGURED_KILLS"].flatMap(Int.init) ?? 6
    let disorder = try Disorder()
    var generator = SeededGenerator(seed: UInt64(kills))
    let before = try grouping(disorder.client())
    let planID = try disorder.plan().plan.planID
    let applied = try disorder.client().call(.applyPlan(planID))
    let after = try grouping(disorder.client())
    _ = try undo(try #require(applied.change.undoID), disorder.client())
    func partition(_ places: [String: String]) -> Set<Set<String>> {
      Set(Dictionary(grouping: places.keys) { places[$0] }.values.map { Set($0) })
    }
    for kill in 0..<kills {
      let client = try disorder.client()
      if kill.isMultiple(of: 3) {
        _ = try client.call(.recluster())
      } else {
        _ = try client.call(.planReclustering())
      }
      // Several requests are under way when the kill comes.
      let apply = try client.start(.applyPlan(planID))
      let latest = try client.call(
        FaceRequest<ListIdentityEventsResult>("ListIdentityEvents", ["MaxResults": 1])
      ).events.first?.eventID
      let undo = try latest.map {
        try client.start(
          FaceRequest<CurationResult>("UndoIdentityEvent", ["EventId": .string($0)]))
      }
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.05, using: &generator))
      disorder.daemon.kill(SIGKILL)
      _ = (try? apply.wait(), try? undo?.wait())
      try disorder.daemon.start()
      let other = try disorder.client()
      for task in try other.call(.tasks()).tasks {
        #expect(try other.call(.waitForTask(task.taskID)).task.status == .succeeded)
      }
      let now = partition(try grouping(other))
      #expect(now == partition(before) || now == partition(after))
      for plan in try other.call(.plans()).plans {
        #expect(plan.status == .ready)
        if plan.planID != planID { try other.call(.deletePlan(plan.planID)) }
      }
    }
  }
}
