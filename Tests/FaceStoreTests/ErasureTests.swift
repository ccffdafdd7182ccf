import FaceStore
import FaceTypes
import Foundation
import Testing

/// What was erased must not be found in the files any more.
@Suite struct ErasureTests {
  private struct Person {
    let name: String
    let title: String
    let figure: NewFigure
    let media: MediaID
    let cluster: ClusterID
  }

  /// Every file of the state directory.
  private func contents(_ test: TestStore) throws -> [UInt8] {
    try FileManager.default.contentsOfDirectory(atPath: test.directory.path).reduce(into: []) {
      $0 += try Data(contentsOf: URL(fileURLWithPath: test.directory.path + "/" + $1))
    }
  }

  /// What is found of each person in the data, by the last eight bytes of each trace.
  private func traces(of people: [Person], in data: [UInt8]) -> [[String]] {
    func ending(_ bytes: some Collection<UInt8>) -> UInt64 {
      bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let traces = people.map { person in
      let face = person.figure.face
      let vector = face.embedding.values.prefix(16).flatMap { value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
      }
      return [
        ("name", ending(person.name.utf8)), ("title", ending(person.title.utf8)),
        ("crop", ending(person.figure.crop ?? [])), ("embedding", ending(vector)),
        ("public id", ending(person.figure.publicID.bytes)),
      ]
    }
    let wanted = Set(traces.joined().map(\.1))
    var found: Set<UInt64> = []
    var window: UInt64 = 0
    for byte in data {
      window = window << 8 | UInt64(byte)
      if wanted.contains(window) { found.insert(window) }
    }
    return traces.map { $0.filter { found.contains($0.1) }.map(\.0) }
  }

  private func isComplete(_ people: [Person], in data: [UInt8]) -> Bool {
    traces(of: people, in: data).allSatisfy { $0.count == 5 }
  }

  private func people(
    _ numbers: Range<Int>, _ test: TestStore, _ library: LibraryID
  ) throws -> [Person] {
    var generator = SplitMix(seed: UInt64(numbers.lowerBound))
    return try numbers.map { number in
      // From less than a page to several.
      let size = [50, 900, 9000][number % 3]
      let crop = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      let figure = NewFigure.made(number, crop: crop)
      let name = "Name-\(UInt64.random(in: .min ... .max, using: &generator))"
      let title = "Title-\(UInt64.random(in: .min ... .max, using: &generator))"
      return try test.store.write { transaction in
        let media = try transaction.insertMedia(
          NewMedia(
            library: library, uri: "/\(number)", mediaType: .image,
            details: MediaDetails(title: title)))
        let figures = try transaction.insertFigures([figure], of: media)
        let cluster = try transaction.nextClusterID(in: library)
        try transaction.insertCluster(cluster, in: library)
        try transaction.assign([ClusterAssignment(figure: figures[0], cluster: cluster)])
        try transaction.updateCluster(
          cluster, ClusterUpdate(name: .set(name)), expectedLockVersion: 0)
        return Person(name: name, title: title, figure: figure, media: media, cluster: cluster)
      }
    }
  }

  /// Erasing and adding in turns, so that pages are split, merged and used again.
  @Test(arguments: 0..<6)
  func erasedPeopleLeaveNoTrace(seed: Int) throws {
    let test = try TestStore()
    let library = try test.library()
    var generator = SplitMix(seed: UInt64(seed))
    var kept = try people(0..<150, test, library)
    var erased: [Person] = []
    #expect(try test.store.checkpoint())
    let before = try contents(test)
    #expect(isComplete(kept, in: before))
    for round in 1...5 {
      kept.shuffle(using: &generator)
      for _ in 0..<40 {
        let person = kept.removeLast()
        try test.store.write { transaction in
          _ = try transaction.deleteMedia([person.media])
          try transaction.eraseCluster(person.cluster)
        }
        erased.append(person)
      }
      kept += try people(1000 * round..<1000 * round + 30, test, library)
      // The caches must not bring back what was overwritten in the file.
      if round == 3 { #expect(try test.store.finishErasure()) }
    }
    #expect(try test.store.read { try $0.hasTraces() })
    #expect(try test.store.finishErasure())
    #expect(try !test.store.read { try $0.hasTraces() })
    let after = try contents(test)
    #expect(traces(of: erased, in: after).joined().isEmpty)
    #expect(isComplete(kept, in: after))
    #expect(try test.isIntact())
  }

  @Test func aDroppedLibraryLeavesNoTraceAndNoSpace() throws {
    let test = try TestStore()
    let library = try test.library("Secret-Library-Name")
    let people = try people(0..<100, test, library)
    try test.store.dropLibrary(library)
    let after = try contents(test)
    #expect(traces(of: people, in: after).joined().isEmpty)
    #expect(!String(decoding: after, as: UTF8.self).contains("Secret-Library-Name"))
    let statistics = try test.store.read { try $0.statistics() }
    #expect(statistics.freeBytes == 0)
  }

  @Test func aRenamedClusterForgetsItsOldName() throws {
    let test = try TestStore()
    let library = try test.library()
    let people = try people(0..<60, test, library)
    for (number, person) in people.enumerated() {
      try test.store.write {
        // Shorter, longer, and of equal length.
        let name: String? =
          [
            nil, "short", person.name.reversed() + "longer than before",
            String(person.name.reversed()),
          ][number % 4]
        try $0.updateCluster(
          person.cluster, ClusterUpdate(name: .set(name)), expectedLockVersion: nil)
        try $0.setDetails(of: person.media, MediaDetails())
      }
    }
    // Names stand in the log of identity, for undo, until that is erased.
    #expect(try test.store.write { try $0.eraseIdentityEvents(in: library, before: nil) } > 0)
    #expect(try test.store.read { try $0.hasTraces() })
    #expect(try test.store.finishErasure())
    #expect(try !test.store.read { try $0.hasTraces() })
    let after = try contents(test)
    for found in traces(of: people, in: after) {
      #expect(found == ["crop", "embedding", "public id"])
    }
  }

  @Test func manyErasuresEmptyTheLogByThemselves() throws {
    let test = try TestStore()
    let library = try test.library()
    let media = try (0..<30).map { number in
      let media = try test.media(library, "/\(number)")
      _ = try test.figures(media, (0..<50).map { .made(number * 50 + $0) })
      return media
    }
    try test.store.write { _ = try $0.deleteMedia(media) }
    let log = test.directory.path + "/figured.sqlite-wal"
    let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
    #expect(size == 0)
  }

  @Test func aReaderInTheWayDelaysTheCheckpointOnly() throws {
    let test = try TestStore()
    _ = try test.library("a")
    try test.store.read { snapshot throws in
      _ = try snapshot.libraries()
      let library = try test.library("b")
      let media = try test.media(library, "/a")
      _ = try test.figures(media, (0..<1500).map { .made($0) })
      try test.store.write { _ = try $0.deleteMedia([media]) }
      #expect(try snapshot.libraries().count == 1)
    }
    #expect(try test.store.finishErasure())
    #expect(try test.store.finishErasure())
  }
}
