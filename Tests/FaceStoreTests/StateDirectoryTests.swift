import FaceStore
import FaceTypes
import Foundation
import Testing

@Suite struct StateDirectoryTests {
  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func everyFileIsTheOwnersAlone() throws {
    let test = try TestStore()
    _ = try test.library()
    _ = try test.store.read { try $0.libraries() }
    #expect(try mode(test.directory.path) == 0o700)
    let files = try FileManager.default.contentsOfDirectory(atPath: test.directory.path)
    #expect(
      Set(files) == [
        "figured.sqlite", "figured.sqlite-wal", "figured.sqlite-shm", "figured.lock",
      ])
    for file in files { #expect(try mode(test.directory.path + "/" + file) == 0o600) }
  }

  @Test func tightensAFileThatOthersCouldRead() throws {
    let directory = TemporaryDirectory()
    _ = try FaceStore.open(directory: directory.path)
    let path = directory.path + "/figured.sqlite"
    #expect(chmod(path, 0o644) == 0)
    _ = try FaceStore.open(directory: directory.path)
    #expect(try mode(path) == 0o600)
  }

  @Test func isUsedByOneStoreAtATime() throws {
    let test = try TestStore()
    #expect(
      throws: StoreError.inUse(directory: test.directory.path, processID: getpid())
    ) { try FaceStore.open(directory: test.directory.path) }
    // The refusal has not cost the first store its locks.
    _ = try test.library()
    #expect(try test.isIntact())
  }

  @Test func isFreeAgainWhenTheStoreIsGone() throws {
    let directory = TemporaryDirectory()
    for _ in 0..<3 { _ = try FaceStore.open(directory: directory.path) }
  }

  @Test func isUsedByOneProcessAtATime() async throws {
    let test = try TestStore()
    let path = test.directory.path
    let parent = getpid()
    await #expect(processExitsWith: .exitCode(3)) {
      [path = path as String, parent = parent as Int32] in
      do {
        _ = try FaceStore.open(directory: path)
      } catch let error as StoreError {
        exit(error == .inUse(directory: path, processID: parent) ? 3 : 4)
      }
      exit(5)
    }
    #expect(try test.isIntact())
  }

  @Test func saysWhatIsWrongWithThePath() throws {
    let directory = TemporaryDirectory()
    let missing = directory.path + "/a/b"
    #expect(
      throws: StoreError.system(operation: "create", path: missing, errorNumber: ENOENT)
    ) { try FaceStore.open(directory: missing) }
    #expect(mkdir(directory.path, 0o700) == 0)
    #expect(symlink("/etc/passwd", directory.path + "/figured.sqlite") == 0)
    let error = StoreError.system(
      operation: "open", path: directory.path + "/figured.sqlite", errorNumber: ELOOP)
    #expect(throws: error) { try FaceStore.open(directory: directory.path) }
    #expect("\(error)".hasSuffix("Too many levels of symbolic links"))
  }
}
