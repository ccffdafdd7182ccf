import Clustering
import FaceTypes
import Foundation
import Testing
import VectorIndex

/// Libraries so large that their embeddings lie in a file.
@Suite struct RowsInFileTests {
  @Test func decisionsAreThoseMadeInMemory() throws {
    // More than a block of 2,048 faces, and waiting ones among them.
    var crowd = Crowd(people: 300, picturesEach: 8, share: 0.4, seed: 41)
    for person in 0..<100 { crowd.add(person, share: 0.35, mayFound: false) }
    let file = try #require(
      RowFile(directory: FileManager.default.temporaryDirectory.path) {
        Issue.record("no file: error \($0)")
      })
    var stored = IncrementalClusterer(
      policy: Crowd.policy, dimension: Crowd.dimension, nextCluster: ClusterID(rawValue: 1),
      file: file)
    var kept = Crowd.clusterer()
    for figure in crowd.figures { #expect(stored.add([figure]) == kept.add([figure])) }
    let removed = crowd.figures.map(\.figure).filter { $0.rawValue % 7 == 0 }
    #expect(stored.remove(removed) == kept.remove(removed))
    let copy = stored
    let before = copy.partition
    for figure in crowd.figures where figure.figure.rawValue % 7 == 0 {
      #expect(stored.add([figure]) == kept.add([figure]))
    }
    #expect(copy.partition == before && copy.soundnessFault == nil)
    #expect(stored.recluster() == kept.recluster())
    #expect(stored.partition == kept.partition && stored.soundnessFault == nil)
    let faces = crowd.figures.prefix(20).map {
      FaceToFind(embedding: $0.embedding, minimumSimilarity: 0.3, clusterCount: 3)
    }
    for (found, expected) in zip(stored.find(faces, threads: 2), kept.find(faces, threads: 2)) {
      #expect(found.neighbors == expected.neighbors)
      #expect(found.matches == expected.matches)
    }
  }
}
