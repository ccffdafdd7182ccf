import FaceStore
import FaceTypes
import Testing

@Suite struct ClusterTests {
  private struct Fixture {
    let test: TestStore
    let library: LibraryID

    init() throws {
      test = try TestStore()
      library = try test.library()
    }

    func cluster(of library: LibraryID? = nil) throws -> ClusterID {
      try test.store.write { transaction in
        let library = library ?? self.library
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
        return cluster
      }
    }

    func figures(_ qualities: [Float], in cluster: ClusterID, uri: String) throws -> [FigureID] {
      let media = try test.media(library, uri)
      return try test.store.write { transaction in
        let seed = Int(media.rawValue) * 1000
        let figures = try transaction.insertFigures(
          qualities.enumerated().map { .made(seed + $0, quality: $1) }, of: media)
        try transaction.assign(figures.map { ClusterAssignment(figure: $0, cluster: cluster) })
        return figures
      }
    }

    func record(_ cluster: ClusterID) throws -> ClusterRecord {
      try #require(try test.store.read { try $0.cluster(cluster) })
    }

    func update(
      _ cluster: ClusterID, _ update: ClusterUpdate, version: Int64? = nil
    ) throws -> ClusterRecord {
      try test.store.write {
        try $0.updateCluster(cluster, update, expectedLockVersion: version)
      }
    }
  }

  @Test func aFreshClusterIsEmpty() throws {
    let fixture = try Fixture()
    let publicID = PublicIdentifier.random()
    let id = try fixture.test.store.write { transaction in
      let id = try transaction.nextClusterID(in: fixture.library)
      try transaction.insertCluster(id, in: fixture.library, publicID: publicID)
      return id
    }
    let record = try fixture.record(id)
    #expect(record.publicID == publicID)
    #expect(record.library == fixture.library)
    #expect(record.name == nil)
    #expect(record.customLabels.isEmpty)
    #expect(record.cover == nil)
    #expect(record.metaLockVersion == 0)
    #expect(record.faceCount == 0)
    #expect(!record.isHidden)
    try fixture.test.store.read { snapshot throws in
      #expect(try snapshot.cluster(withPublicID: publicID) == record)
      #expect(try snapshot.clusters(withPublicIDs: [.random(), publicID]) == [record])
      #expect(try snapshot.clusters([ClusterID(rawValue: 1), id]) == [record])
    }
  }

  @Test func idsAreNeverUsedTwiceNorSharedBetweenLibraries() throws {
    let fixture = try Fixture()
    let other = try fixture.test.library("other")
    let first = try fixture.cluster()
    let foreign = try fixture.cluster(of: other)
    let second = try fixture.cluster()
    #expect(second.rawValue == first.rawValue + 1)
    #expect(foreign != first && foreign != second)
    try fixture.test.store.write { transaction throws in
      try transaction.deleteCluster(second)
      #expect(
        try transaction.nextClusterID(in: fixture.library).rawValue == second.rawValue + 1)
      for used in [first, second, foreign, ClusterID(rawValue: 5)] {
        #expect(throws: StoreError.self) {
          try transaction.insertCluster(used, in: fixture.library)
        }
      }
      // The clusterer may leave ids out.
      let later = ClusterID(rawValue: second.rawValue + 100)
      try transaction.insertCluster(later, in: fixture.library)
      #expect(try transaction.nextClusterID(in: fixture.library).rawValue == later.rawValue + 1)
    }
    // Nor after a restart.
    #expect(throws: StoreError.notFound(.library, key: "99")) {
      try fixture.test.store.read { try $0.nextClusterID(in: LibraryID(rawValue: 99)) }
    }
  }

  @Test func updatesWhatIsSetAndCountsTheVersion() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    fixture.test.clock.advance(by: 10)
    let named = try fixture.update(
      id,
      ClusterUpdate(name: .set("Ada"), customLabels: .set(["k": "v", "": "empty"])), version: 0)
    #expect(named.name == "Ada")
    #expect(named.customLabels == ["k": "v", "": "empty"])
    #expect(named.metaLockVersion == 1)
    #expect(named.updated > named.created)
    let hidden = try fixture.update(
      id, ClusterUpdate(customID: .set("c-1"), isHidden: .set(true)), version: 1)
    #expect(hidden.name == "Ada")
    #expect(hidden.customID == "c-1")
    #expect(hidden.customLabels == named.customLabels)
    #expect(hidden.isHidden)
    #expect(try fixture.test.store.read { try $0.curatedClusterIDs(in: fixture.library) } == [id])
    let cleared = try fixture.update(
      id, ClusterUpdate(name: .set(nil), customID: .set(nil), customLabels: .set([:])))
    #expect(cleared.name == nil)
    #expect(cleared.customID == nil)
    #expect(cleared.customLabels.isEmpty)
    #expect(cleared.metaLockVersion == 3)
    #expect(try fixture.record(id) == cleared)
  }

  @Test func refusesAnUpdateOfWhatSomeoneElseChanged() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    _ = try fixture.update(id, ClusterUpdate(name: .set("first")), version: 0)
    #expect(throws: StoreError.lockVersionConflict(id, expected: 0, actual: 1)) {
      try fixture.update(id, ClusterUpdate(name: .set("second")), version: 0)
    }
    #expect(try fixture.record(id).name == "first")
    #expect(throws: StoreError.notFound(.cluster, key: "7")) {
      try fixture.update(ClusterID(rawValue: 7), ClusterUpdate())
    }
  }

  @Test func theCoverIsTheBestFigureUnlessChosen() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    let figures = try fixture.figures([0.2, 0.8, 0.8, 0.5], in: id, uri: "/a")
    #expect(try fixture.record(id).cover == figures[1])
    let chosen = try fixture.update(id, ClusterUpdate(cover: .set(figures[3])))
    #expect(chosen.cover == figures[3])
    #expect(chosen.bestFigure == figures[1])
    // A cover that leaves the cluster is no cover any more.
    try fixture.test.store.write {
      _ = try $0.assign([ClusterAssignment(figure: figures[3], cluster: nil)])
    }
    #expect(try fixture.record(id).chosenCover == nil)
    #expect(try fixture.record(id).cover == figures[1])
    let elsewhere = StoreError.invalidValue(
      field: "cover", reason: "figure \(figures[3]) is not in the cluster")
    #expect(throws: elsewhere) {
      try fixture.update(id, ClusterUpdate(cover: .set(figures[3])))
    }
    #expect(throws: StoreError.notFound(.figure, key: "999")) {
      try fixture.update(id, ClusterUpdate(cover: .set(FigureID(rawValue: 999))))
    }
  }

  @Test func aCoverWhoseMediumIsDeletedIsForgotten() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    let kept = try fixture.figures([0.2], in: id, uri: "/a")
    let lost = try fixture.figures([0.1], in: id, uri: "/b")
    _ = try fixture.update(id, ClusterUpdate(cover: .set(lost[0])))
    let media = try #require(try fixture.test.store.read { try $0.figure(lost[0]) }).media
    _ = try fixture.test.store.write { try $0.deleteMedia([media]) }
    #expect(try fixture.record(id).cover == kept[0])
    #expect(try fixture.test.isIntact())
  }

  @Test func deletionReleasesItsFigures() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    let figures = try fixture.figures([0.2, 0.3], in: id, uri: "/a")
    _ = try fixture.update(
      id, ClusterUpdate(customLabels: .set(["a": "b"]), cover: .set(figures[0])))
    try fixture.test.store.write { try $0.deleteCluster(id) }
    try fixture.test.store.read { snapshot throws in
      #expect(try snapshot.cluster(id) == nil)
      #expect(try snapshot.figures(figures).map(\.cluster) == [nil, nil])
    }
    #expect(throws: StoreError.notFound(.cluster, key: "\(id)")) {
      try fixture.test.store.write { try $0.deleteCluster(id) }
    }
    #expect(try fixture.test.isIntact())
  }

  @Test func countsImagesAndVideosOnce() throws {
    let fixture = try Fixture()
    let id = try fixture.cluster()
    _ = try fixture.figures([0.1, 0.2, 0.3], in: id, uri: "/a")
    _ = try fixture.figures([0.1], in: id, uri: "/b")
    let video = try fixture.test.media(fixture.library, "/v", type: .video)
    let figures = try fixture.test.figures(video, [.made(1), .made(2)])
    fixture.test.clock.advance(by: 1)
    try fixture.test.store.write {
      _ = try $0.assign(figures.map { ClusterAssignment(figure: $0, cluster: id) })
    }
    let record = try fixture.record(id)
    #expect(record.faceCount == 6)
    #expect(record.imageCount == 2)
    #expect(record.videoCount == 1)
    #expect(record.updated == fixture.test.clock.now)
    _ = try fixture.test.store.write { try $0.deleteMedia([video]) }
    #expect(try fixture.record(id).videoCount == 0)
    #expect(try fixture.test.isIntact())
  }
}
