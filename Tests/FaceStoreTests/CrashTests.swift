import FaceStore
import FaceTypes
import Foundation
import Testing

/// A child process writes and is killed without warning; what it was told is stored must be there.
@Suite(.serialized) struct CrashTests {
  /// Adds a medium with two figures and a cluster for them a transaction, and notes each number
  /// in a file once the store says that it is written.
  @Sendable static func writeUntilKilled(_ directory: String, afterMicroseconds delay: UInt32) {
    let notes = open(directory + ".acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard let store = try? FaceStore.open(directory: directory), notes >= 0 else { exit(9) }
    guard let library = try? store.read({ try $0.library(named: "crash")?.id }) else { exit(8) }
    Thread.detachNewThread {
      usleep(delay)
      kill(getpid(), SIGKILL)
    }
    let start = Int(getpid()) << 20
    for number in start... {
      do {
        try store.write { transaction in
          let media = try transaction.insertMedia(
            NewMedia(library: library, uri: "\(number)", mediaType: .image))
          let figures = try transaction.insertFigures(
            [
              .made(2 * number, crop: [UInt8](repeating: 1, count: 5000)), .made(2 * number + 1),
            ],
            of: media)
          let cluster = try transaction.nextClusterID(in: library)
          try transaction.insertCluster(cluster, in: library)
          try transaction.assign(figures.map { ClusterAssignment(figure: $0, cluster: cluster) })
          if number % 3 == 0,
            let old = try transaction.figures(
              in: library, after: nil, count: 1
            ).first
          {
            try transaction.moveFigures(from: cluster, to: old.cluster ?? cluster)
          }
        }
      } catch { exit(7) }
      let line = Array("\(number)\n".utf8)
      guard write(notes, line, line.count) == line.count else { exit(6) }
    }
  }

  @Test func nothingAcknowledgedIsLost() async throws {
    let directory = TemporaryDirectory()
    defer { unlink(directory.path + ".acknowledged") }
    do {
      let store = try FaceStore.open(directory: directory.path)
      try store.write { _ = try $0.createLibrary(named: "crash") }
    }
    let path = directory.path
    for round in 0..<8 {
      let delay = UInt32(20_000 + 17_391 * round)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, delay = delay as UInt32] in
        CrashTests.writeUntilKilled(path, afterMicroseconds: delay)
      }
      let store = try FaceStore.open(directory: path)
      let library = try #require(try store.read { try $0.library(named: "crash") }).id
      let notes = try String(contentsOfFile: path + ".acknowledged", encoding: .utf8)
      let numbers = notes.split(separator: "\n")
      try store.read { snapshot throws in
        #expect(try snapshot.check(.full).problems == [])
        for number in numbers {
          let media = try #require(try snapshot.media(in: library, uri: String(number)))
          let figures = try snapshot.figures(of: media.id)
          #expect(figures.count == 2)
          #expect(figures.allSatisfy { $0.cluster != nil })
        }
        // At most one transaction a round was written and not yet acknowledged.
        let stored = try snapshot.counts(of: library).images
        #expect(stored - numbers.count <= round + 1 && stored >= numbers.count)
      }
      print("killed after \(delay) µs: \(numbers.count) transactions acknowledged so far")
    }
  }

  @Test func aClosureThatThrowsLeavesNothing() throws {
    struct Refusal: Error {}
    let test = try TestStore()
    #expect(throws: Refusal.self) {
      try test.store.write { transaction in
        let library = try transaction.createLibrary(named: "a").id
        _ = try transaction.insertMedia(
          NewMedia(library: library, uri: "/a", mediaType: .image))
        throw Refusal()
      }
    }
    #expect(try test.store.read { try $0.libraries() }.isEmpty)
    // The connection goes on working.
    _ = try test.library("a")
  }

  @Test func aRefusedStatementDoesNotEndTheTransaction() throws {
    let test = try TestStore()
    let library = try test.library()
    try test.store.write { transaction throws in
      _ = try transaction.insertMedia(NewMedia(library: library, uri: "/a", mediaType: .image))
      #expect(throws: StoreError.alreadyExists(.media, key: "/a")) {
        try transaction.insertMedia(NewMedia(library: library, uri: "/a", mediaType: .image))
      }
      _ = try transaction.insertMedia(NewMedia(library: library, uri: "/b", mediaType: .image))
    }
    #expect(try test.store.read { try $0.counts(of: library).images } == 2)
  }

  /// A limit on the size of files stands in for a full disk.
  @Test func afterAFullDiskEverythingIsAsBefore() async throws {
    let directory = TemporaryDirectory()
    await #expect(processExitsWith: .exitCode(42)) { [path = directory.path as String] in
      signal(SIGXFSZ, SIG_IGN)
      func limitFiles(to bytes: rlim_t) {
        var limit = rlimit(rlim_cur: bytes, rlim_max: rlim_t.max)
        precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      }
      let store = try FaceStore.open(directory: path)
      let library = try store.write { try $0.createLibrary(named: "a").id }
      limitFiles(to: 2 << 20)
      var failures = 0
      do {
        try store.write { transaction in
          for number in 0..<40 {
            // One that takes no notice of errors, as no closure should.
            do {
              let media = try transaction.insertMedia(
                NewMedia(library: library, uri: "\(number)", mediaType: .image))
              let crop = [UInt8](repeating: 7, count: 1 << 20)
              _ = try transaction.insertFigures([.made(number, crop: crop)], of: media)
            } catch { failures += 1 }
          }
        }
        exit(1)
      } catch is StoreError {}
      limitFiles(to: rlim_t.max)
      let counts = try store.read { try $0.counts(of: library) }
      guard failures > 0, counts.images == 0, counts.figures == 0 else { exit(2) }
      // The store goes on working.
      try store.write {
        _ = try $0.insertMedia(NewMedia(library: library, uri: "/a", mediaType: .image))
      }
      guard try store.read({ try $0.check(.full) }).isIntact else { exit(3) }
      exit(42)
    }
    let store = try FaceStore.open(directory: directory.path)
    #expect(try store.read { try $0.statistics().media } == [.registered: 1])
  }

  @Test func aWriteWithinAWriteIsOurMistake() async {
    await #expect(processExitsWith: .failure) {
      let test = try TestStore()
      try test.store.write { _ in _ = try test.library() }
    }
  }

  @Test func aSnapshotOutsideItsClosureIsOurMistake() async {
    await #expect(processExitsWith: .failure) {
      let test = try TestStore()
      let snapshot = try test.store.read { $0 }
      _ = try snapshot.libraries()
    }
  }
}
