import FaceStore
import FaceTypes
import Foundation
import Synchronization
import Testing

@Suite struct SnapshotTests {
  @Test func aSnapshotDoesNotSeeLaterChanges() throws {
    let test = try TestStore()
    _ = try test.library("a")
    try test.store.read { snapshot throws in
      #expect(try snapshot.libraries().count == 1)
      _ = try test.library("b")
      #expect(try snapshot.libraries().count == 1)
      #expect(try test.store.read { try $0.libraries().count } == 2)
    }
  }

  @Test func aTransactionSeesItsOwnChangesAndNobodyElseDoes() throws {
    let test = try TestStore()
    try test.store.write { transaction throws in
      let library = try transaction.createLibrary(named: "a")
      #expect(try transaction.library(named: "a") == library)
      #expect(try test.store.read { try $0.library(named: "a") } == nil)
    }
  }

  /// Figures move between two clusters; every snapshot must see all of them, and equal counts.
  @Test func manyThreadsReadConsistentSnapshotsWhileOneWrites() throws {
    let test = try TestStore()
    let store = test.store
    let library = try test.library()
    let media = try test.media(library, "/a")
    let figures = try test.figures(media, (0..<40).map { .made($0) })
    let clusters = try store.write { transaction in
      let first = try transaction.nextClusterID(in: library)
      let clusters = [first, ClusterID(rawValue: first.rawValue + 1)]
      for cluster in clusters { try transaction.insertCluster(cluster, in: library) }
      try transaction.assign(figures.map { ClusterAssignment(figure: $0, cluster: first) })
      return clusters
    }
    let isOver = Atomic(false)
    let problems = Mutex<[String]>([])
    let reads = Atomic(0)
    // More threads than reading connections.
    let threads = 7
    let finished = DispatchSemaphore(value: 0)
    for _ in 0..<threads {
      Thread.detachNewThread {
        defer { finished.signal() }
        do {
          while !isOver.load(ordering: .relaxed) {
            try store.read { snapshot in
              let counts = try snapshot.clusters(clusters).map(\.faceCount)
              let members = try clusters.map { try snapshot.figureIDs(in: $0).count }
              if counts != members || counts.reduce(0, +) != 40 {
                problems.withLock { $0.append("\(counts) \(members)") }
              }
            }
            reads.add(1, ordering: .relaxed)
          }
        } catch {
          problems.withLock { $0.append("\(error)") }
        }
      }
    }
    var generator = SplitMix(seed: 7)
    for _ in 0..<200 {
      try store.write { transaction in
        _ = try transaction.assign(
          figures.shuffled(using: &generator).prefix(10).map {
            ClusterAssignment(figure: $0, cluster: clusters.randomElement(using: &generator))
          })
      }
    }
    isOver.store(true, ordering: .relaxed)
    for _ in 0..<threads { finished.wait() }
    #expect(problems.withLock { $0 } == [])
    #expect(reads.load(ordering: .relaxed) > threads)
    #expect(try test.isIntact())
  }

  @Test func writersTakeTurns() throws {
    let test = try TestStore()
    let store = test.store
    let finished = DispatchSemaphore(value: 0)
    for thread in 0..<4 {
      Thread.detachNewThread {
        defer { finished.signal() }
        for number in 0..<25 {
          try? store.write { _ = try $0.createLibrary(named: "\(thread)-\(number)") }
        }
      }
    }
    for _ in 0..<4 { finished.wait() }
    #expect(try store.read { try $0.libraries().count } == 100)
  }
}
