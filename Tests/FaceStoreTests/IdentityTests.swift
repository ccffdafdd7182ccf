import FaceStore
import FaceTypes
import Testing

/// The log of identity: what it says, and taking it back.
@Suite struct IdentityTests {
  private struct Fixture {
    let test: TestStore
    let library: LibraryID
    let first: ClusterID
    let second: ClusterID
    let figures: [FigureID]

    /// Two clusters with three figures each.
    init() throws {
      test = try TestStore()
      let library = try test.library()
      let media = try test.media(library, "/photograph.jpg")
      let figures = try test.figures(media, (0..<6).map { .made($0, quality: Float($0) / 10) })
      (first, second) = try test.store.write { transaction in
        let first = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(first, in: library)
        let second = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(second, in: library)
        for (position, figure) in figures.enumerated() {
          try transaction.assign([
            ClusterAssignment(
              figure: figure, cluster: position < 3 ? first : second, confidence: 0.75)
          ])
        }
        return (first, second)
      }
      self.library = library
      self.figures = figures
    }

    func act(
      _ kind: IdentityEventKind, _ body: (Transaction) throws -> Void
    ) throws -> IdentityEventRecord {
      let event = try test.store.write { transaction in
        transaction.beginIdentityEvent(kind, in: library, requestedBy: 1000)
        try body(transaction)
        return try transaction.recordedIdentityEvent()
      }
      return try #require(event)
    }

    @discardableResult
    func undo(_ event: IdentityEventRecord) throws -> (IdentityEventRecord, IdentityReversal) {
      try test.store.write { transaction in
        let current = try #require(try transaction.identityEvent(event.id))
        let reversal = try transaction.reverse(current, requestedBy: 1000)
        return (try #require(try transaction.recordedIdentityEvent()), reversal)
      }
    }

    /// Everything that undo brings back.
    func state() throws -> [String] {
      try test.store.read { snapshot in
        let clusters = try snapshot.clusters([first, second]).map {
          "\($0.name ?? "-") \($0.customLabels) \($0.faceCount) \(String(describing: $0.mergedInto))"
            + " \(String(describing: $0.chosenCover)) \($0.isFavourite) \($0.birthDate ?? "-")"
        }
        let figures = try snapshot.figures(figures).map {
          "\(String(describing: $0.cluster)) \(String(describing: $0.clusterConfidence))"
        }
        return clusters + figures + (try snapshot.statements(in: library).map { "\($0)" })
      }
    }
  }

  @Test func everyKindOfChangeIsTakenBackAndMadeAnew() throws {
    let fixture = try Fixture()
    let before = try fixture.state()
    var events = [
      try fixture.act(.update) {
        try $0.updateCluster(
          fixture.first,
          ClusterUpdate(
            name: .set("Ada"), customLabels: .set(["a": "b"]), cover: .set(fixture.figures[0]),
            isFavourite: .set(true), birthDate: .set("1815-12-10")), expectedLockVersion: nil)
      }
    ]
    events.append(
      try fixture.act(.rejection) {
        try $0.state(.exclude(fixture.figures[0], fixture.first), in: fixture.library)
        try $0.assign([ClusterAssignment(figure: fixture.figures[0], cluster: fixture.second)])
      })
    // The cover has left with its figure.
    #expect(try fixture.test.store.read { try $0.cluster(fixture.first)?.chosenCover } == nil)
    events.append(
      try fixture.act(.merge) { try $0.merge(fixture.first, into: fixture.second) })
    #expect(try fixture.test.store.read { try $0.cluster(fixture.second)?.faceCount } == 6)
    let after = try fixture.state()

    var undone: [IdentityEventRecord] = []
    for event in events.reversed() {
      let (undo, reversal) = try fixture.undo(event)
      #expect(reversal.keptCount == 0)
      #expect(undo.reverses == event.id)
      undone.append(undo)
    }
    #expect(try fixture.state() == before)
    for event in undone.reversed() { try fixture.undo(event) }
    #expect(try fixture.state() == after)
    #expect(try fixture.test.isIntact())
  }

  @Test func whatChangedSinceStays() throws {
    let fixture = try Fixture()
    let named = try fixture.act(.update) {
      try $0.updateCluster(
        fixture.first, ClusterUpdate(name: .set("Ada"), isHidden: .set(true)),
        expectedLockVersion: nil)
    }
    let merged = try fixture.act(.merge) { try $0.merge(fixture.second, into: fixture.first) }
    _ = try fixture.act(.update) {
      try $0.updateCluster(
        fixture.first, ClusterUpdate(name: .set("Augusta")), expectedLockVersion: nil)
    }
    _ = try fixture.act(.move) {
      try $0.assign([ClusterAssignment(figure: fixture.figures[5], cluster: nil)])
    }
    #expect(try fixture.undo(named).1.keptCount == 1)
    #expect(try fixture.undo(merged).1.keptCount == 1)
    let record = try #require(try fixture.test.store.read { try $0.cluster(fixture.first) })
    #expect(record.name == "Augusta")
    #expect(!record.isHidden)
    #expect(record.faceCount == 3)
    #expect(try fixture.test.store.read { try $0.cluster(fixture.second)?.faceCount } == 2)
  }

  @Test func nothingIsTakenBackTwice() throws {
    let fixture = try Fixture()
    let event = try fixture.act(.update) {
      try $0.updateCluster(
        fixture.first, ClusterUpdate(name: .set("Ada")), expectedLockVersion: nil)
    }
    let (undo, _) = try fixture.undo(event)
    #expect(throws: StoreError.alreadyReversed(by: undo.publicID)) { try fixture.undo(event) }
    // Once it stands again it can be taken back again.
    try fixture.undo(undo)
    try fixture.undo(event)
    #expect(try fixture.test.store.read { try $0.cluster(fixture.first)?.name } == nil)
  }

  @Test func anEndedClusterComesBackUnderItsName() throws {
    let fixture = try Fixture()
    let publicID = try fixture.test.store.read { try $0.cluster(fixture.first)?.publicID }
    let before = try fixture.state()
    let event = try fixture.act(.reclustering) {
      try $0.moveFigures(from: fixture.first, to: fixture.second)
      try $0.deleteCluster(fixture.first)
    }
    try fixture.undo(event)
    #expect(try fixture.test.store.read { try $0.cluster(fixture.first)?.publicID } == publicID)
    #expect(try fixture.state() == before)
  }

  @Test func aClusterThatWasMadeGoesUnlessItIsNeeded() throws {
    let fixture = try Fixture()
    func split() throws -> (IdentityEventRecord, ClusterID) {
      var made: ClusterID?
      let event = try fixture.act(.split) { transaction in
        let new = try transaction.nextClusterID(in: fixture.library)
        try transaction.insertCluster(new, in: fixture.library)
        try transaction.assign([ClusterAssignment(figure: fixture.figures[0], cluster: new)])
        made = new
      }
      return (event, try #require(made))
    }
    let (event, made) = try split()
    try fixture.undo(event)
    #expect(try fixture.test.store.read { try $0.cluster(made) } == nil)
    let (second, needed) = try split()
    _ = try fixture.act(.update) {
      try $0.updateCluster(needed, ClusterUpdate(name: .set("Eve")), expectedLockVersion: nil)
    }
    try fixture.undo(second)
    #expect(try fixture.test.store.read { try $0.cluster(needed)?.name } == "Eve")
  }

  @Test func aRehearsalLeavesNoTrace() throws {
    let fixture = try Fixture()
    let before = try fixture.state()
    let events = try fixture.test.store.rehearse { transaction in
      try transaction.merge(fixture.first, into: fixture.second)
      return try transaction.recordedIdentityEvent()
    }
    #expect(events != nil)
    #expect(try fixture.state() == before)
  }

  @Test func theLogTellsWhatHappenedToAFigureAndToACluster() throws {
    let fixture = try Fixture()
    let event = try fixture.act(.move) {
      try $0.assign([ClusterAssignment(figure: fixture.figures[0], cluster: fixture.second)])
    }
    func kinds(_ adjust: (inout IdentityEventQuery) -> Void) throws -> [IdentityEventKind] {
      var query = IdentityEventQuery(library: fixture.library)
      adjust(&query)
      return try fixture.test.store.read {
        try $0.identityEvents(query, page: .first(10)).records.map(\.kind)
      }
    }
    #expect(try kinds { _ in } == [.move, .clustering])
    #expect(try kinds { $0.figure = fixture.figures[0] } == [.move, .clustering])
    #expect(try kinds { $0.figure = fixture.figures[1] } == [.clustering])
    #expect(try kinds { $0.cluster = fixture.second } == [.move, .clustering])
    #expect(try kinds { $0.byUsersOnly = true } == [.move])
    let effects = try fixture.test.store.read { try $0.effects(of: event.id) }
    #expect(effects.placements.map(\.figure) == [fixture.figures[0]])
    #expect(effects.placements.first?.before.cluster == fixture.first)
    #expect(effects.placements.first?.before.confidence == 0.75)
    #expect(effects.placements.first?.after.cluster == fixture.second)
  }

  @Test func anErasedFigureIsInTheLogNoMore() throws {
    let fixture = try Fixture()
    let event = try fixture.act(.link) {
      try $0.state(.mustLink(fixture.figures[0], fixture.figures[1]), in: fixture.library)
      try $0.assign([ClusterAssignment(figure: fixture.figures[0], cluster: fixture.second)])
    }
    try fixture.test.store.write { transaction in
      let media = try transaction.figure(fixture.figures[0])?.media
      _ = try transaction.deleteMedia([try #require(media)])
    }
    let effects = try fixture.test.store.read { try $0.effects(of: event.id) }
    #expect(effects.placements.isEmpty)
    #expect(effects.statements.isEmpty)
    #expect(try fixture.test.store.read { try $0.statements(in: fixture.library) }.isEmpty)
    let reversal = try fixture.test.store.write { try $0.reverse(event, requestedBy: nil) }
    #expect(reversal.placements.isEmpty)
    #expect(reversal.clusters.isEmpty)
    #expect(reversal.stated.isEmpty)
    #expect(reversal.retracted.isEmpty)
    #expect(reversal.keptCount == 0)
    #expect(try fixture.test.isIntact())
  }
}
