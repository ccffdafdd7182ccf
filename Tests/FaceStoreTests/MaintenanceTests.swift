import FaceStore
import FaceTypes
import Foundation
import Testing

@Suite struct MaintenanceTests {
  private func filled() throws -> (TestStore, LibraryID) {
    let test = try TestStore()
    let library = try test.library()
    for number in 0..<50 {
      let media = try test.media(library, "/\(number)")
      _ = try test.figures(media, [.made(number, crop: [UInt8](repeating: 3, count: 3000))])
    }
    return (test, library)
  }

  @Test func countsEverything() throws {
    let (test, library) = try filled()
    try test.store.write { transaction in
      let task = try transaction.insertTask(
        NewTask(library: library, kind: "k", requestedBy: 0))
      try transaction.endTask(task, .failed)
    }
    let statistics = try test.store.read { try $0.statistics() }
    #expect(statistics.libraries == 1)
    #expect(statistics.media == [.registered: 50])
    #expect(statistics.figures == 50)
    #expect(statistics.clusters == 0)
    #expect(statistics.tasks == [.failed: 1])
    #expect(statistics.databaseBytes > 150_000)
    #expect(statistics.schemaVersion == Migration.all.count)
    #expect(statistics.sqliteVersion.hasPrefix("3."))
  }

  @Test func aBackupIsAWholeStore() throws {
    let (test, _) = try filled()
    let copy = TemporaryDirectory()
    #expect(mkdir(copy.path, 0o700) == 0)
    let path = copy.path + "/figured.sqlite"
    try test.store.backUp(to: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: copy.path) == ["figured.sqlite"])
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let restored = try FaceStore.open(directory: copy.path)
    #expect(try restored.read { try $0.check(.full) }.isIntact)
    let expected = try test.store.read { try $0.statistics() }
    #expect(try restored.read { try $0.statistics() }.figures == expected.figures)
    try restored.write { _ = try $0.createLibrary(named: "goes on") }
  }

  @Test func aBackupOverwritesNothing() throws {
    let (test, _) = try filled()
    let path = test.directory.path + "/backup"
    try test.store.backUp(to: path)
    let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
    #expect(
      throws: StoreError.system(operation: "complete", path: path, errorNumber: EEXIST)
    ) { try test.store.backUp(to: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == size)
    #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    let missing = test.directory.path + "/no/where"
    #expect(throws: StoreError.self) { try test.store.backUp(to: missing) }
  }

  @Test func aBackupBesideChangesIsConsistent() throws {
    let (test, library) = try filled()
    let store = test.store
    let finished = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for number in 0..<100 {
        try? store.write { transaction in
          let media = try transaction.insertMedia(
            NewMedia(library: library, uri: "new \(number)", mediaType: .image))
          _ = try transaction.insertFigures([.made(1000 + number)], of: media)
        }
      }
      finished.signal()
    }
    for number in 0..<5 {
      let copy = TemporaryDirectory()
      #expect(mkdir(copy.path, 0o700) == 0)
      try store.backUp(to: copy.path + "/figured.sqlite")
      let restored = try FaceStore.open(directory: copy.path)
      try restored.read { snapshot throws in
        #expect(try snapshot.check(.full).problems == [], "backup \(number)")
        let counts = try snapshot.counts(of: library)
        #expect(counts.images == counts.figures)
      }
    }
    finished.wait()
  }

  @Test func findsAndRepairsWrongCounts() throws {
    let directory = TemporaryDirectory()
    do {
      let store = try FaceStore.open(directory: directory.path)
      try store.write { transaction in
        let library = try transaction.createLibrary(named: "a").id
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
      }
    }
    let damage = Migration(name: "damage", script: "UPDATE clusters SET face_count = 5;")
    let store = try FaceStore.open(
      directory: directory.path, migrations: Migration.all + [damage])
    let report = try store.read { try $0.check(.full) }
    #expect(report.problems.count == 1)
    #expect(report.problems[0].hasPrefix("the counts of cluster"))
    #expect(try store.read { try $0.check(.quick) }.isIntact)
    #expect(try store.write { try $0.repairCounts() } == 1)
    #expect(try store.read { try $0.check(.full) }.isIntact)
    #expect(try store.write { try $0.repairCounts() } == 0)
  }

  @Test func freePagesAreGivenBack() throws {
    let (test, library) = try filled()
    let store = test.store
    let media = try store.read {
      try $0.media(MediaQuery(library: library), page: .first(100)).records.map(\.id)
    }
    let before = try store.read { try $0.statistics() }
    try store.write { _ = try $0.deleteMedia(Array(media.prefix(25))) }
    #expect(try store.read { try $0.statistics() }.freeBytes > 0)
    try store.releaseFreePages()
    let released = try store.read { try $0.statistics() }
    #expect(released.freeBytes == 0)
    #expect(released.databaseBytes < before.databaseBytes)
    #expect(try test.isIntact())
  }

  @Test func aFileThatIsNoDatabaseIsReported() throws {
    let directory = TemporaryDirectory()
    #expect(mkdir(directory.path, 0o700) == 0)
    let path = directory.path + "/figured.sqlite"
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: StoreError.self) {
      try FaceStore.open(directory: directory.path)
    }
    guard case .corrupt(path, _) = try #require(error) else {
      Issue.record("not reported as damaged: \(String(describing: error))")
      return
    }
    #expect("\(try #require(error))".contains("restore a backup"))
  }

  /// Overwrites pages at random: every outcome is fine but a crash, a hang or a silent lie.
  @Test(arguments: 0..<12)
  func damageIsReportedOrHarmless(seed: Int) throws {
    var generator = SplitMix(seed: UInt64(seed))
    let directory = TemporaryDirectory()
    do {
      let store = try FaceStore.open(directory: directory.path)
      try store.write { transaction in
        let library = try transaction.createLibrary(named: "a").id
        for number in 0..<60 {
          let media = try transaction.insertMedia(
            NewMedia(library: library, uri: "/\(number)", mediaType: .image))
          _ = try transaction.insertFigures([.made(number), .made(number + 500)], of: media)
        }
      }
    }
    let path = directory.path + "/figured.sqlite"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let pages = bytes.count / 4096
    for _ in 0..<6 {
      let page = Int.random(in: 1..<pages, using: &generator)
      for offset in 0..<64 {
        bytes[page * 4096 + offset] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    try bytes.write(to: URL(fileURLWithPath: path))
    var options = FaceStore.Options()
    options.checksIntegrityAtOpen = true
    #expect(throws: StoreError.self) {
      try FaceStore.open(directory: directory.path, options: options)
    }
    // Without the check, the store opens or not; what it reads is right or an error.
    do {
      let store = try FaceStore.open(directory: directory.path)
      try store.read { snapshot throws in
        #expect(try !snapshot.check(.full).isIntact)
        let library = try #require(try snapshot.library(named: "a")).id
        try snapshot.forEachEmbeddedFigure(in: library, fingerprint: .first) { figure in
          #expect(figure.embedding.count == 128)
        }
      }
    } catch {
      #expect(error is StoreError || error is ExpectationFailedError)
    }
  }
}
