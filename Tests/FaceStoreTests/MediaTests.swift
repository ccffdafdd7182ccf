import FaceStore
import FaceTypes
import Testing

@Suite struct MediaTests {
  static let content = MediaContent(
    byteCount: 123_456, sha256: [UInt8](repeating: 9, count: 32),
    modified: Timestamp(milliseconds: -5), format: "jpeg",
    dimensions: MediaDimensions(
      storedWidth: 4000, storedHeight: 3000, width: 3000, height: 4000, orientation: 6),
    captureTime: CaptureTime(localTime: Timestamp(milliseconds: 1_000_000), offsetSeconds: -3600),
    position: GeographicPosition(latitude: -33.5, longitude: 151.25), cameraMake: "Maker",
    cameraModel: "M 1")
  static let details = MediaDetails(
    title: "Beach", description: "Sand", tags: ["sea", "a \"quote\"", ""], namespace: "n",
    referenceID: "r-1", userData: "{}",
    customFields: ["intField1": .integer(.min), "strField1": .text("12"), "other": .text("")])

  @Test func givesBackWhatWasInserted() throws {
    let test = try TestStore()
    let library = try test.library()
    let new = NewMedia(
      library: library, uri: "file:///a.jpg", mediaType: .image, status: .analysing,
      content: Self.content, details: Self.details)
    let id = try test.store.write { try $0.insertMedia(new) }
    try test.store.read { snapshot throws in
      let record = try #require(try snapshot.media(id))
      #expect(record.id == id)
      #expect(record.publicID == new.publicID)
      #expect(record.library == library)
      #expect(record.uri == new.uri)
      #expect(record.mediaType == .image)
      #expect(record.status == .analysing)
      #expect(record.content == Self.content)
      #expect(record.details == Self.details)
      #expect(record.created == test.clock.now)
      #expect(try snapshot.media(withPublicID: new.publicID) == record)
      #expect(try snapshot.media(in: library, uri: new.uri) == record)
      #expect(try snapshot.media(in: library, referenceID: "r-1") == record)
      #expect(
        try snapshot.media(in: library, contentSHA256: [UInt8](repeating: 9, count: 32))
          == [record])
      #expect(try snapshot.media([MediaID(rawValue: 77), id]) == [record])
    }
  }

  @Test func knowsNothingAboutAFreshMedium() throws {
    let test = try TestStore()
    let id = try test.media(try test.library(), "/a")
    let record = try #require(try test.store.read { try $0.media(id) })
    #expect(record.content == MediaContent())
    #expect(record.details == MediaDetails())
    #expect(record.status == .registered)
  }

  @Test func refusesATakenURIOrReferenceIDOfTheLibraryOnly() throws {
    let test = try TestStore()
    let library = try test.library()
    let other = try test.library("other")
    func insert(_ library: LibraryID, _ uri: String, _ reference: String?) throws {
      _ = try test.store.write {
        try $0.insertMedia(
          NewMedia(
            library: library, uri: uri, mediaType: .image,
            details: MediaDetails(referenceID: reference)))
      }
    }
    try insert(library, "/a", "r")
    try insert(library, "/b", nil)
    try insert(library, "/c", nil)
    try insert(other, "/a", "r")
    #expect(throws: StoreError.alreadyExists(.media, key: "/a")) {
      try insert(library, "/a", "s")
    }
    #expect(throws: StoreError.alreadyExists(.media, key: "r")) {
      try insert(library, "/d", "r")
    }
    #expect(throws: StoreError.notFound(.library, key: "99")) {
      try insert(LibraryID(rawValue: 99), "/d", nil)
    }
    #expect(try test.store.read { try $0.statistics().media } == [.registered: 4])
  }

  @Test func replacesDetails() throws {
    let test = try TestStore()
    let library = try test.library()
    let id = try test.store.write {
      try $0.insertMedia(
        NewMedia(library: library, uri: "/a", mediaType: .image, details: Self.details))
    }
    _ = try test.store.write {
      try $0.insertMedia(
        NewMedia(
          library: library, uri: "/b", mediaType: .image,
          details: MediaDetails(referenceID: "taken")))
    }
    test.clock.advance(by: 1)
    let details = MediaDetails(referenceID: "r-1", customFields: ["strField2": .text("x")])
    try test.store.write { try $0.setDetails(of: id, details) }
    let record = try #require(try test.store.read { try $0.media(id) })
    #expect(record.details == details)
    #expect(record.updated > record.created)
    #expect(throws: StoreError.alreadyExists(.media, key: "taken")) {
      try test.store.write { try $0.setDetails(of: id, MediaDetails(referenceID: "taken")) }
    }
  }

  @Test func remembersWhyAnAnalysisFailed() throws {
    let test = try TestStore()
    let id = try test.media(try test.library(), "/a")
    let status = MediaStatus.failed(code: "Corrupt", message: "ends too early")
    try test.store.write { try $0.setStatus(of: id, status) }
    #expect(try test.store.read { try $0.media(id)?.status } == status)
    try test.store.write { try $0.setStatus(of: id, .ready) }
    #expect(try test.store.read { try $0.media(id)?.status } == .ready)
  }

  @Test func analysisReplacesFiguresAndMakesReady() throws {
    let test = try TestStore()
    let library = try test.library()
    let id = try test.media(library, "/a")
    let first = try test.store.write {
      try $0.setAnalysis(of: id, content: Self.content, figures: [.made(1), .made(2)])
    }
    #expect(first.removed == RemovedFigures())
    let cluster = try test.store.write { transaction in
      let cluster = try transaction.nextClusterID(in: library)
      try transaction.insertCluster(cluster, in: library)
      try transaction.assign([ClusterAssignment(figure: first.figures[1], cluster: cluster)])
      return cluster
    }
    let second = try test.store.write {
      try $0.setAnalysis(of: id, content: MediaContent(), figures: [.made(50)])
    }
    #expect(second.removed.figures == first.figures)
    #expect(second.removed.affectedClusters == [cluster])
    try test.store.read { snapshot throws in
      #expect(try snapshot.figures(of: id).map(\.id) == second.figures)
      #expect(try snapshot.media(id)?.status == .ready)
      #expect(try snapshot.media(id)?.content == MediaContent())
      #expect(try snapshot.cluster(cluster)?.faceCount == 0)
    }
    #expect(Set(first.figures).isDisjoint(with: second.figures))
    #expect(try test.isIntact())
  }

  @Test func deletionSaysWhatWentWithIt() throws {
    let test = try TestStore()
    let library = try test.library()
    let first = try test.media(library, "/a")
    let second = try test.media(library, "/b")
    let figures = try test.figures(first, [.made(1), .made(2, crop: [1])])
    let others = try test.figures(second, [.made(3)])
    let cluster = try test.store.write { transaction in
      let cluster = try transaction.nextClusterID(in: library)
      try transaction.insertCluster(cluster, in: library)
      try transaction.assign(
        (figures + others).map { ClusterAssignment(figure: $0, cluster: cluster) })
      return cluster
    }
    let removed = try test.store.write {
      try $0.deleteMedia([first, MediaID(rawValue: 4711)])
    }
    #expect(removed.figures == figures)
    #expect(removed.affectedClusters == [cluster])
    try test.store.read { snapshot throws in
      #expect(try snapshot.media(first) == nil)
      #expect(try snapshot.figure(figures[0]) == nil)
      #expect(try snapshot.embedding(of: figures[0]) == nil)
      #expect(try snapshot.crop(of: figures[1]) == nil)
      #expect(try snapshot.cluster(cluster)?.faceCount == 1)
      #expect(try snapshot.cluster(cluster)?.imageCount == 1)
    }
    #expect(try test.isIntact())
  }

  @Test func interruptedMediaAreReleased() throws {
    let test = try TestStore()
    let library = try test.library()
    let id = try test.media(library, "/a")
    _ = try test.media(library, "/b")
    try test.store.write { try $0.setStatus(of: id, .analysing) }
    #expect(try test.store.write { try $0.releaseInterruptedMedia() } == 1)
    #expect(try test.store.read { try $0.media(id)?.status } == .registered)
  }

  @Test func refusesMalformedContent() throws {
    let test = try TestStore()
    let id = try test.media(try test.library(), "/a")
    #expect(throws: StoreError.self) {
      try test.store.write { try $0.setContent(of: id, MediaContent(sha256: [1, 2])) }
    }
    let dimensions = MediaDimensions(
      storedWidth: 1, storedHeight: 1, width: 1, height: 1, orientation: 9)
    #expect(throws: StoreError.self) {
      try test.store.write { try $0.setContent(of: id, MediaContent(dimensions: dimensions)) }
    }
    #expect(throws: StoreError.notFound(.media, key: "99")) {
      try test.store.write { try $0.setStatus(of: MediaID(rawValue: 99), .ready) }
    }
  }
}
