import Clustering
import FaceTypes
import Foundation
import Testing
import VectorIndex

/// What is saved of a library, and what the next start makes of it.
@Suite struct SavingTests {
  private let path = FileManager.default.temporaryDirectory.path + "/saved-\(UUID().uuidString)"
  private let signature: [UInt64] = [1, 2, 3, 4]

  /// More than a block of faces, of which some wait, some were removed, and some are in videos.
  private func library() -> (crowd: Crowd, clusterer: IncrementalClusterer) {
    var crowd = Crowd(people: 260, picturesEach: 8, share: 0.4, seed: 51)
    for person in 0..<80 { crowd.add(person, share: 0.35, mayFound: false) }
    for person in 0..<30 { crowd.add(person, share: 0.5, media: 9000 + person / 3, year: 40) }
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(
      crowd.figures.map { figure in
        figure.figure.rawValue % 11 == 0
          ? ClusterableFigure(
            figure: figure.figure, media: figure.media, embedding: figure.embedding,
            mayFound: figure.mayFound, interval: 1...Double(figure.figure.rawValue)) : figure
      })
    _ = clusterer.remove(crowd.figures.map(\.figure).filter { $0.rawValue % 17 == 0 })
    _ = clusterer.settle()
    return (crowd, clusterer)
  }

  private func save(_ clusterer: IncrementalClusterer) throws {
    let writer = try SectionFileWriter(path: path, signature: signature)
    try clusterer.save(to: writer)
    try writer.finish()
  }

  private func restored(
    changed: Set<FigureID> = [], nextCluster: ClusterID = ClusterID(rawValue: 1),
    _ reread: (FigureID) throws -> (ClusterableFigure, ClusterID?)? = { _ in nil }
  ) throws -> IncrementalClusterer {
    var clusterer = IncrementalClusterer(
      policy: Crowd.policy, dimension: Crowd.dimension, nextCluster: nextCluster)
    try clusterer.restore(
      saved: SectionFile(path: path, signature: signature), changed: changed,
      file: RowFile(directory: FileManager.default.temporaryDirectory.path) { _ in },
      reread: reread)
    return clusterer
  }

  @Test func decidesAsIfEachFaceHadBeenRead() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var (crowd, running) = library()
    let clusterOf = running.figures.map {
      (crowd.figures[Int($0.rawValue) - 1], running.cluster(of: $0))
    }
    let nextCluster = running.nextCluster
    running = IncrementalClusterer(
      policy: Crowd.policy, dimension: Crowd.dimension, nextCluster: nextCluster)
    running.restore(clusterOf)
    try save(running)
    var restored = try restored(nextCluster: nextCluster)
    #expect(restored.soundnessFault == nil)
    #expect(restored.partition == running.partition)
    #expect(restored.figures == running.figures && restored.clusters == running.clusters)
    for person in 0..<40 {
      let figure = crowd.add(person, share: 0.4)
      #expect(restored.add([figure]) == running.add([figure]))
    }
    #expect(restored.partition == running.partition && restored.soundnessFault == nil)
    let faces = crowd.figures.suffix(20).map {
      FaceToFind(embedding: $0.embedding, minimumSimilarity: 0.3, clusterCount: 3)
    }
    for (found, expected) in zip(restored.find(faces), running.find(faces)) {
      #expect(found.neighbors == expected.neighbors)
      #expect(found.matches.map(\.cluster) == expected.matches.map(\.cluster))
    }
  }

  @Test func whatChangedSinceIsReadAnew() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var (crowd, running) = library()
    try save(running)
    let before = Dictionary(
      uniqueKeysWithValues: running.figures.map { ($0, running.cluster(of: $0)) })
    var changed = Set((0..<50).map { crowd.add($0, share: 0.4).figure })
    _ = running.add(Array(crowd.figures.suffix(50)))
    let removed = running.figures.filter { $0.rawValue % 40 == 3 }
    _ = running.remove(removed)
    changed.formUnion(removed)
    for (figure, cluster) in before where running.cluster(of: figure) != cluster {
      changed.insert(figure)
    }
    let restored = try restored(changed: changed) { figure in
      guard running.contains(figure) else { return nil }
      return (crowd.figures[Int(figure.rawValue) - 1], running.cluster(of: figure))
    }
    #expect(restored.soundnessFault == nil)
    #expect(restored.partition == running.partition)
    for figure in running.figures {
      #expect(restored.cluster(of: figure) == running.cluster(of: figure))
    }
  }

  @Test func nothingIsLeftOfWhatWasErased() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (crowd, clusterer) = library()
    try save(clusterer)
    let before = try Data(contentsOf: URL(filePath: path))
    let file = try SectionFile(path: path, signature: signature)
    let waiting = try #require(
      crowd.figures.first { !$0.mayFound && clusterer.contains($0.figure) })
    let erased = [crowd.figures[4].figure, waiting.figure]
    #expect(clusterer.holds(crowd.figures[4], in: clusterer.cluster(of: erased[0])))
    try clusterer.erase(erased, from: file)
    let after = try Data(contentsOf: URL(filePath: path))
    let changed = before.indices.filter { before[$0] != after[$0] }
    // Zeros for exact rows and codes of two faces, of one of them twice, and marks.
    #expect(changed.count > 3 * (4 * 128 + 64))
    #expect(changed.allSatisfy { after[$0] <= 1 } && changed.count { after[$0] == 1 } <= 4)
    // Somebody who knows nothing of the erasure, as an older backup does, is told of it.
    var asked: [FigureID] = []
    let restored = try restored { figure in
      asked.append(figure)
      return (crowd.figures[Int(figure.rawValue) - 1], clusterer.cluster(of: figure))
    }
    #expect(asked == erased.sorted())
    #expect(restored.partition == clusterer.partition && restored.soundnessFault == nil)
    #expect(restored.holds(crowd.figures[4], in: clusterer.cluster(of: erased[0])))
  }

  @Test func anotherFileOrADamagedOneIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: SectionFileError.system(ENOENT)) { try restored() }
    try save(library().clusterer)
    #expect(throws: SectionFileError.unfit) {
      try SectionFile(path: path, signature: [1, 2, 3, 5])
    }
    let whole = try Data(contentsOf: URL(filePath: path))
    // The header, the first figures, and an end that is missing.
    for place in [17, 80, 4100] {
      var damaged = whole
      damaged[place] ^= 1
      try damaged.write(to: URL(filePath: path))
      #expect(throws: SectionFileError.unfit) { try restored() }
    }
    try whole.dropLast(4096).write(to: URL(filePath: path))
    #expect(throws: SectionFileError.unfit) { try restored() }
    try Data().write(to: URL(filePath: path))
    #expect(throws: SectionFileError.unfit) { try restored() }
  }

  @Test func aFileIsWholeOrNotThere() throws {
    let (_, clusterer) = library()
    var isCancelled = false
    let writer = try SectionFileWriter(path: path, signature: signature) { isCancelled }
    isCancelled = true
    #expect(throws: SectionFileError.cancelled) {
      try clusterer.save(to: writer)
      try writer.finish()
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
