import FaceStore
import FaceTypes
import Testing

/// Plans of re-clusterings as they are kept.
@Suite struct PlanTests {
  private struct Fixture {
    let test: TestStore
    let library: LibraryID
    let media: MediaID
    let figures: [FigureID]
    let cluster: ClusterID
    let plan: ReclusteringPlanRecord

    init() throws {
      let test = try TestStore()
      let library = try test.library()
      media = try test.media(library, "/photograph.jpg")
      let figures = try test.figures(media, (0..<4).map { .made($0) })
      cluster = try test.store.write { transaction in
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
        try transaction.assign(
          figures.prefix(3).map { ClusterAssignment(figure: $0, cluster: cluster) })
        return cluster
      }
      plan = try Self.insertPlan(test, library)
      (self.test, self.library, self.figures) = (test, library, figures)
    }

    static func insertPlan(
      _ test: TestStore, _ library: LibraryID
    ) throws -> ReclusteringPlanRecord {
      try test.store.write { transaction in
        let task = try transaction.insertTask(
          NewTask(library: library, kind: "FigureClusteringPlan", parameters: "{}", requestedBy: 7))
        try transaction.insertReclusteringPlan(in: library, task: task, requestedBy: 7)
        return try #require(try transaction.reclusteringPlan(of: task))
      }
    }

    func fill() throws {
      try test.store.write { transaction in
        try transaction.fillReclusteringPlan(
          plan.id,
          [
            PlannedChange(
              kind: "Split",
              moves: [
                PlannedMove(figure: figures[0], from: cluster, to: .new(1)),
                PlannedMove(figure: figures[1], from: cluster, to: .new(1)),
              ]),
            PlannedChange(
              kind: "Move",
              moves: [PlannedMove(figure: figures[3], from: nil, to: .cluster(cluster))]
            ),
          ])
      }
    }

    func read<Result>(_ body: (Snapshot) throws -> Result) throws -> Result {
      try test.store.read(body)
    }
  }

  @Test func aPlanIsEmptyUntilItIsFilledAndFillingItAgainReplacesIt() throws {
    let fixture = try Fixture()
    #expect(fixture.plan.made == nil)
    for _ in 0..<2 {
      try fixture.fill()
      try fixture.read { (snapshot) throws in
        #expect(try snapshot.reclusteringPlan(fixture.plan.id)?.made != nil)
        let changes = try snapshot.plannedChanges(
          of: fixture.plan.id, page: .first(10), includesTotal: true)
        #expect(changes.total == 2)
        #expect(changes.records.map(\.kind) == ["Split", "Move"])
        #expect(
          try snapshot.plannedMoves(of: fixture.plan.id, change: 1).map(\.to) == [.new(1), .new(1)])
        #expect(
          try snapshot.plannedMoves(of: fixture.plan.id, change: 2)
            == [PlannedMove(figure: fixture.figures[3], from: nil, to: .cluster(fixture.cluster))])
      }
    }
  }

  @Test func namesAreAtRiskWhoseClustersLoseMoreThanHalf() throws {
    let fixture = try Fixture()
    try fixture.fill()
    #expect(try fixture.read { try $0.extent(of: fixture.plan.id) }.namesAtRisk == 0)
    try fixture.test.store.write {
      try $0.updateCluster(
        fixture.cluster, ClusterUpdate(name: .set("Ada")), expectedLockVersion: nil)
    }
    let extent = try fixture.read { try $0.extent(of: fixture.plan.id) }
    #expect(extent.namesAtRisk == 1)
    #expect(extent.movedFigures == 3)
    #expect(extent.changes == ["Split": 1, "Move": 1])
  }

  @Test func erasedFiguresTakeTheirMovesAndEmptyChangesWithThem() throws {
    let fixture = try Fixture()
    try fixture.fill()
    try fixture.test.store.write { _ = try $0.deleteMedia([fixture.media]) }
    try fixture.read { (snapshot) throws in
      #expect(try snapshot.plannedChangeNumbers(of: fixture.plan.id).isEmpty)
      #expect(try snapshot.extent(of: fixture.plan.id) == PlanExtent())
    }
    // A plan that comes too late leaves them out.
    try fixture.fill()
    #expect(try fixture.read { try $0.plannedChangeNumbers(of: fixture.plan.id) }.isEmpty)
    #expect(try fixture.test.isIntact())
  }

  @Test func aPlanGoesWithItsLibraryAndStaysWhenItsTaskIsForgotten() throws {
    let fixture = try Fixture()
    try fixture.fill()
    try fixture.test.store.write { transaction in
      let task = try #require(fixture.plan.task)
      try transaction.endTask(task, .succeeded, message: nil, outcome: nil)
      fixture.test.clock.advance(by: 10)
      _ = try transaction.deleteTasks(endedBefore: fixture.test.clock.now)
    }
    let plan = try fixture.read { try $0.reclusteringPlan(fixture.plan.id) }
    #expect(plan != nil && plan?.task == nil)
    try fixture.test.store.dropLibrary(fixture.library)
    #expect(try fixture.read { try $0.reclusteringPlan(fixture.plan.id) } == nil)
    #expect(try fixture.test.isIntact())
  }

  @Test func theOldestPlansMakeRoomAndADeletedOneCannotBeFilled() throws {
    let fixture = try Fixture()
    for _ in 0..<Transaction.planLimit { _ = try Fixture.insertPlan(fixture.test, fixture.library) }
    let plans = try fixture.read {
      try $0.reclusteringPlans(in: fixture.library, page: .first(100)).records
    }
    #expect(plans.count == Transaction.planLimit)
    #expect(!plans.map(\.id).contains(fixture.plan.id))
    #expect(throws: StoreError.notFound(.plan, key: "\(fixture.plan.id)")) { try fixture.fill() }
  }

  @Test func theLogForgetsWhatAppliedAChange() throws {
    let fixture = try Fixture()
    try fixture.fill()
    let event = try fixture.test.store.write { transaction in
      transaction.beginIdentityEvent(.reclustering, in: fixture.library, requestedBy: 7)
      try transaction.assign([
        ClusterAssignment(figure: fixture.figures[3], cluster: fixture.cluster)
      ])
      let event = try #require(try transaction.recordedIdentityEvent())
      try transaction.setApplied([2], of: fixture.plan.id, by: event.id)
      return event
    }
    func appliers() throws -> [IdentityEventID?] {
      try fixture.read { try $0.plannedChanges(of: fixture.plan.id, page: .first(9)) }.records
        .map(\.appliedBy)
    }
    #expect(try appliers() == [nil, event.id])
    try fixture.test.store.write {
      _ = try $0.eraseIdentityEvents(in: fixture.library, before: nil)
    }
    #expect(try appliers() == [nil, nil])
  }
}
