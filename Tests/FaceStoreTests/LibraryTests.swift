import FaceStore
import FaceTypes
import Testing

@Suite struct LibraryTests {
  @Test func createsFindsAndLists() throws {
    let test = try TestStore()
    let created = try test.store.write {
      try $0.createLibrary(named: "b", description: "second", settings: #"{"a":1}"#)
    }
    _ = try test.library("a")
    try test.store.read { snapshot throws in
      #expect(try snapshot.library(named: "b") == created)
      #expect(try snapshot.library(created.id) == created)
      #expect(try snapshot.libraries().map(\.name) == ["a", "b"])
      #expect(try snapshot.library(named: "c") == nil)
    }
    #expect(created.settings == #"{"a":1}"#)
    #expect(created.created == test.clock.now)
  }

  @Test func refusesANameThatIsTaken() throws {
    let test = try TestStore()
    let first = try test.library("a")
    let second = try test.library("b")
    #expect(throws: StoreError.alreadyExists(.library, key: "a")) { try test.library("a") }
    #expect(throws: StoreError.alreadyExists(.library, key: "a")) {
      try test.store.write { try $0.updateLibrary(second, LibraryUpdate(name: .set("a"))) }
    }
    // One's own name is not taken.
    _ = try test.store.write { try $0.updateLibrary(first, LibraryUpdate(name: .set("a"))) }
  }

  @Test func updatesOnlyWhatIsSet() throws {
    let test = try TestStore()
    let id = try test.store.write { try $0.createLibrary(named: "a", description: "d").id }
    test.clock.advance(by: 5)
    let updated = try test.store.write {
      try $0.updateLibrary(id, LibraryUpdate(settings: .set("[]")))
    }
    #expect(updated.name == "a")
    #expect(updated.description == "d")
    #expect(updated.settings == "[]")
    #expect(updated.updated.milliseconds == updated.created.milliseconds + 5)
    #expect(throws: StoreError.notFound(.library, key: "99")) {
      try test.store.write { try $0.updateLibrary(LibraryID(rawValue: 99), LibraryUpdate()) }
    }
  }

  @Test func refusesSettingsThatAreNotJSON() throws {
    let test = try TestStore()
    let refusal = StoreError.invalidValue(field: "settings", reason: "it is not JSON")
    #expect(throws: refusal) {
      try test.store.write { try $0.createLibrary(named: "a", settings: "{") }
    }
  }

  @Test func droppingErasesEverythingAndFreesTheName() throws {
    let test = try TestStore()
    let kept = try test.library("kept")
    let dropped = try test.library("dropped")
    for library in [kept, dropped] {
      try test.store.write { transaction in
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
        for number in 0..<7 {
          let media = try transaction.insertMedia(
            NewMedia(library: library, uri: "/\(number)", mediaType: .image))
          let figures = try transaction.insertFigures(
            [.made(Int(library.rawValue) * 100 + number, crop: [1, 2, 3])], of: media)
          try transaction.assign([ClusterAssignment(figure: figures[0], cluster: cluster)])
        }
        let task = try transaction.insertTask(
          NewTask(library: library, kind: "import", requestedBy: 0))
        try transaction.appendItems(to: task, paths: ["/a"])
      }
    }
    try test.store.dropLibrary(dropped)
    try test.store.read { snapshot throws in
      #expect(try snapshot.libraries().map(\.id) == [kept])
      let statistics = try snapshot.statistics()
      #expect(statistics.media == [.registered: 7])
      #expect(statistics.figures == 7)
      #expect(statistics.clusters == 1)
      #expect(statistics.tasks == [.queued: 1])
    }
    #expect(try test.isIntact())
    // Numbers of what was dropped do not come back.
    #expect(try test.library("dropped") > dropped)
  }

  @Test func goesOnErasingADroppedLibraryAfterARestart() throws {
    let test = try TestStore()
    let library = try test.library("a")
    for number in 0..<25 { _ = try test.media(library, "/\(number)") }
    try test.store.write { try $0.dropLibrary(library) }
    try test.store.read { snapshot throws in
      #expect(try snapshot.library(library) == nil)
      #expect(try snapshot.library(named: "a") == nil)
      #expect(try snapshot.libraries().isEmpty)
      #expect(try snapshot.statistics().libraries == 0)
    }
    #expect(throws: StoreError.notFound(.library, key: "\(library)")) {
      try test.media(library, "/new")
    }
    let successor = try test.library("a")
    try test.store.eraseDroppedLibraries(batch: 10)
    try test.store.read { snapshot throws in
      #expect(try snapshot.statistics().media.isEmpty)
      #expect(try snapshot.libraries().map(\.id) == [successor])
    }
  }

  @Test func countsWhatItHolds() throws {
    let test = try TestStore()
    let library = try test.library()
    let other = try test.library("other")
    let image = try test.media(library, "/image")
    let video = try test.media(library, "/video", type: .video)
    _ = try test.media(other, "/image")
    try test.store.write { try $0.setStatus(of: video, .failed(code: "x", message: "y")) }
    let figures = try test.figures(image, [.made(1), .made(2), .made(3)])
    try test.store.write { transaction in
      let cluster = try transaction.nextClusterID(in: library)
      try transaction.insertCluster(cluster, in: library)
      try transaction.assign([ClusterAssignment(figure: figures[0], cluster: cluster)])
    }
    let counts = try test.store.read { try $0.counts(of: library) }
    #expect(counts.images == 1)
    #expect(counts.videos == 1)
    #expect(counts.failed == 1)
    #expect(counts.figures == 3)
    #expect(counts.waitingFigures == 2)
    #expect(counts.clusters == 1)
  }
}
