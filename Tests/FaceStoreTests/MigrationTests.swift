import FaceStore
import FaceTypes
import Foundation
import Testing

@Suite struct MigrationTests {
  private static let second = Migration(
    name: "notes", script: "CREATE TABLE notes(text TEXT) STRICT;")

  @Test func takesTheStepsThatAreMissing() throws {
    let directory = TemporaryDirectory()
    func version(_ migrations: [Migration]) throws -> Int {
      let store = try FaceStore.open(directory: directory.path, migrations: migrations)
      return try store.read { try $0.statistics().schemaVersion }
    }
    do {
      let store = try FaceStore.open(directory: directory.path)
      try store.write { _ = try $0.createLibrary(named: "kept") }
    }
    let now = Migration.all.count
    #expect(try version(Migration.all) == now)
    #expect(try version(Migration.all + [Self.second]) == now + 1)
    #expect(try version(Migration.all + [Self.second]) == now + 1)
    let store = try FaceStore.open(
      directory: directory.path, migrations: Migration.all + [Self.second])
    #expect(try store.read { try $0.libraries().map(\.name) } == ["kept"])
  }

  @Test func refusesANewerSchema() throws {
    let directory = TemporaryDirectory()
    _ = try FaceStore.open(directory: directory.path, migrations: Migration.all + [Self.second])
    let known = Migration.all.count
    let error = StoreError.newerSchema(found: known + 1, known: known)
    #expect(throws: error) { try FaceStore.open(directory: directory.path) }
    #expect("\(error)".contains("install a later release"))
  }

  @Test func refusesAnotherHistory() throws {
    let directory = TemporaryDirectory()
    _ = try FaceStore.open(directory: directory.path, migrations: Migration.all + [Self.second])
    let other = Migration(name: "different", script: "SELECT 1;")
    #expect(throws: StoreError.foreignFile(path: directory.path + "/figured.sqlite")) {
      try FaceStore.open(directory: directory.path, migrations: Migration.all + [other])
    }
  }

  @Test func aFailedStepLeavesNothingBehind() throws {
    let directory = TemporaryDirectory()
    let broken = Migration(
      name: "broken", script: "CREATE TABLE notes(text TEXT) STRICT; CREATE TABLE notes(x);")
    let dangling = Migration(
      name: "dangling",
      script: "INSERT INTO media_fields(media, name, value) VALUES (4711, 'a', 1);")
    for step in [broken, dangling] {
      #expect(throws: StoreError.self) {
        try FaceStore.open(directory: directory.path, migrations: Migration.all + [step])
      }
    }
    let store = try FaceStore.open(
      directory: directory.path, migrations: Migration.all + [Self.second])
    #expect(try store.read { try $0.check(.full) }.isIntact)
  }

  @Test func refusesTheDatabaseOfAnotherProgramWithoutTouchingIt() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/figured.sqlite"
    _ = try FaceStore.open(directory: directory.path)
    // The application's number stands at offset 68 of the header (sqlite.org/fileformat2.html).
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes.replaceSubrange(68..<72, with: [1, 2, 3, 4])
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.foreignFile(path: path)) {
      try FaceStore.open(directory: directory.path)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }
}
