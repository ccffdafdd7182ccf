import FaceStore
import FaceTypes
import Testing

@Suite struct FigureTests {
  private struct Fixture {
    let test: TestStore
    let library: LibraryID
    let media: MediaID

    init() throws {
      test = try TestStore()
      library = try test.library()
      media = try test.media(library, "/a")
    }

    func cluster() throws -> ClusterID {
      try test.store.write { transaction in
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
        return cluster
      }
    }
  }

  @Test func givesBackWhatWasInserted() throws {
    let fixture = try Fixture()
    let new = [NewFigure.made(1, crop: [255, 216, 0]), .made(2)]
    let ids = try fixture.test.figures(fixture.media, new)
    try fixture.test.store.read { snapshot throws in
      let records = try snapshot.figures(of: fixture.media)
      #expect(records.map(\.id) == ids)
      #expect(records.map(\.ordinal) == [0, 1])
      for (record, new) in zip(records, new) {
        #expect(record.publicID == new.publicID)
        #expect(record.media == fixture.media)
        #expect(record.library == fixture.library)
        #expect(record.boundingBox == new.face.boundingBox)
        #expect(record.landmarks == new.face.landmarks)
        #expect(record.score == new.face.score)
        #expect(record.quality == new.face.quality)
        #expect(record.cluster == nil)
        #expect(try snapshot.embedding(of: record.id) == new.face.embedding)
        #expect(try snapshot.crop(of: record.id) == new.crop)
        #expect(try snapshot.figure(withPublicID: new.publicID) == record)
        #expect(try snapshot.figure(record.id) == record)
      }
      #expect(try snapshot.figures(ids.reversed()) == records.reversed())
      #expect(try snapshot.figure(FigureID(rawValue: 99)) == nil)
    }
  }

  @Test func ordinalsGoOnAndIdsNeverReturn() throws {
    let fixture = try Fixture()
    let first = try fixture.test.figures(fixture.media, [.made(1)])
    let second = try fixture.test.figures(fixture.media, [.made(2)])
    let ordinals = try fixture.test.store.read { try $0.figures(of: fixture.media).map(\.ordinal) }
    #expect(ordinals == [0, 1])
    _ = try fixture.test.store.write { try $0.deleteMedia([fixture.media]) }
    let media = try fixture.test.media(fixture.library, "/a")
    let third = try fixture.test.figures(media, [.made(3)])
    #expect(media > fixture.media)
    #expect(first[0] < second[0] && second[0] < third[0])
  }

  @Test func refusesUnknownMediaTakenPublicIDsAndOtherDimensions() throws {
    let fixture = try Fixture()
    _ = try fixture.test.figures(fixture.media, [.made(1)])
    #expect(throws: StoreError.notFound(.media, key: "99")) {
      try fixture.test.figures(MediaID(rawValue: 99), [.made(2)])
    }
    #expect(throws: StoreError.self) { try fixture.test.figures(fixture.media, [.made(1)]) }
    #expect(throws: StoreError.self) {
      try fixture.test.figures(fixture.media, [.made(3, dimension: 64)])
    }
    // Another model may have another dimension.
    _ = try fixture.test.figures(
      fixture.media, [.made(4, fingerprint: .second, dimension: 512)])
    #expect(try fixture.test.store.read { try $0.figures(of: fixture.media).count } == 2)
    #expect(try fixture.test.isIntact())
  }

  @Test func assignsAndWaits() throws {
    let fixture = try Fixture()
    let ids = try fixture.test.figures(fixture.media, [.made(1), .made(2)])
    let clusters = [try fixture.cluster(), try fixture.cluster()]
    func assign(_ assignments: [ClusterAssignment]) throws -> [ClusterID] {
      try fixture.test.store.write { try $0.assign(assignments) }
    }
    #expect(
      try assign([
        ClusterAssignment(figure: ids[0], cluster: clusters[0], confidence: 0.75),
        ClusterAssignment(figure: ids[1], cluster: nil, waitingReason: "LowQuality"),
      ]) == [clusters[0]])
    try fixture.test.store.read { snapshot throws in
      let figures = try snapshot.figures(ids)
      #expect(figures.map(\.cluster) == [clusters[0], nil])
      #expect(figures.map(\.clusterConfidence) == [0.75, nil])
      #expect(figures.map(\.waitingReason) == [nil, "LowQuality"])
      #expect(try snapshot.figureIDs(in: clusters[0]) == [ids[0]])
      let waiting = try snapshot.waitingFigures(
        in: fixture.library, page: .first(10), includesTotal: true)
      #expect(waiting.records.map(\.id) == [ids[1]])
      #expect(waiting.total == 1)
    }
    #expect(
      try assign([
        ClusterAssignment(figure: ids[0], cluster: clusters[1]),
        ClusterAssignment(figure: ids[1], cluster: clusters[1]),
      ]) == clusters)
    #expect(try assign([ClusterAssignment(figure: ids[1], cluster: clusters[1])]) == [])
    #expect(throws: StoreError.notFound(.cluster, key: "12")) {
      try assign([ClusterAssignment(figure: ids[0], cluster: ClusterID(rawValue: 12))])
    }
    #expect(throws: StoreError.notFound(.figure, key: "99")) {
      try assign([ClusterAssignment(figure: FigureID(rawValue: 99), cluster: nil)])
    }
    #expect(try fixture.test.isIntact())
  }

  @Test func refusesAClusterOfAnotherLibrary() throws {
    let fixture = try Fixture()
    let ids = try fixture.test.figures(fixture.media, [.made(1)])
    let other = try fixture.test.library("other")
    try fixture.test.store.write { transaction throws in
      let foreign = try transaction.nextClusterID(in: other)
      try transaction.insertCluster(foreign, in: other)
      #expect(throws: StoreError.notFound(.cluster, key: "\(foreign)")) {
        try transaction.assign([ClusterAssignment(figure: ids[0], cluster: foreign)])
      }
    }
  }

  @Test func listsAClusterBestQualityFirst() throws {
    let fixture = try Fixture()
    let qualities: [Float] = [0.3, 0.9, 0.1, 0.9, 0.5, 0.3, 0.3]
    let ids = try fixture.test.figures(
      fixture.media, qualities.enumerated().map { .made($0, quality: $1) })
    let cluster = try fixture.cluster()
    try fixture.test.store.write { transaction in
      _ = try transaction.assign(ids.map { ClusterAssignment(figure: $0, cluster: cluster) })
    }
    let expected = [1, 3, 4, 0, 5, 6, 2].map { ids[$0] }
    for size in 1...8 {
      var cursor: PageCursor?
      var found: [FigureID] = []
      repeat {
        let page = try fixture.test.store.read {
          try $0.figures(in: cluster, page: .after(cursor, count: size), includesTotal: true)
        }
        #expect(page.total == 7)
        found += page.records.map(\.id)
        cursor = page.next
      } while cursor != nil
      #expect(found == expected)
    }
  }

  @Test func streamsTheEmbeddingsOfOneModel() throws {
    let fixture = try Fixture()
    let new = (0..<20).map { NewFigure.made($0, fingerprint: $0 % 4 == 0 ? .second : .first) }
    let ids = try fixture.test.figures(fixture.media, new)
    let other = try fixture.test.library("other")
    _ = try fixture.test.figures(try fixture.test.media(other, "/b"), [.made(100)])
    let cluster = try fixture.cluster()
    try fixture.test.store.write { transaction in
      try transaction.setContent(
        of: fixture.media,
        MediaContent(
          captureTime: CaptureTime(
            localTime: Timestamp(milliseconds: 7_200_000), offsetSeconds: 3600)))
      _ = try transaction.assign([ClusterAssignment(figure: ids[1], cluster: cluster)])
    }
    try fixture.test.store.read { snapshot throws in
      var found: [EmbeddedFigure] = []
      try snapshot.forEachEmbeddedFigure(in: fixture.library, fingerprint: .first) {
        found.append($0)
      }
      let expected = (0..<20).filter { $0 % 4 != 0 }
      #expect(found.map(\.figure) == expected.map { ids[$0] })
      for (figure, number) in zip(found, expected) {
        #expect(figure.embedding == new[number].face.embedding.values)
        #expect(figure.norm == new[number].face.embedding.norm)
        #expect(figure.quality == new[number].face.quality)
        #expect(figure.media == fixture.media)
        #expect(figure.captureTime == Timestamp(milliseconds: 3_600_000))
        #expect(figure.cluster == (number == 1 ? cluster : nil))
      }
      let outdated = try snapshot.countFigures(
        in: fixture.library, withoutFingerprint: .first)
      #expect(outdated == 5)
    }
  }

  @Test func exportsInPieces() throws {
    let fixture = try Fixture()
    let ids = try fixture.test.figures(fixture.media, (0..<10).map { .made($0) })
    var found: [FigureID] = []
    while true {
      let piece = try fixture.test.store.read {
        try $0.figures(in: fixture.library, after: found.last, count: 3)
      }
      guard !piece.isEmpty else { break }
      found += piece.map(\.id)
    }
    #expect(found == ids)
  }

  @Test func movesAllFiguresOfACluster() throws {
    let fixture = try Fixture()
    let ids = try fixture.test.figures(fixture.media, (0..<5).map { .made($0) })
    let clusters = [try fixture.cluster(), try fixture.cluster()]
    try fixture.test.store.write { transaction throws in
      _ = try transaction.assign(ids.map { ClusterAssignment(figure: $0, cluster: clusters[0]) })
      #expect(try transaction.moveFigures(from: clusters[0], to: clusters[1]) == 5)
      #expect(try transaction.cluster(clusters[0])?.faceCount == 0)
      #expect(try transaction.cluster(clusters[1])?.faceCount == 5)
      #expect(try transaction.cluster(clusters[1])?.imageCount == 1)
      #expect(throws: StoreError.notFound(.cluster, key: "1")) {
        try transaction.moveFigures(from: clusters[1], to: ClusterID(rawValue: 1))
      }
    }
    #expect(try fixture.test.isIntact())
  }
}
