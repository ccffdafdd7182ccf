import Clustering
import FaceTypes
import Testing

/// The difference between two groupings, in parts that can be made one by one.
@Suite struct RegroupingChangeTests {
  /// A clusterer whose figures 1, 2, … are in the given clusters; 0 waits.
  private func grouping(_ clusters: [Int]) -> IncrementalClusterer {
    var numbers = Numbers(state: 5)
    var clusterer = Crowd.clusterer()
    clusterer.restore(
      clusters.enumerated().map { index, cluster in
        (
          face(index + 1, of: numbers.direction(Crowd.dimension), using: &numbers),
          cluster == 0 ? nil : ClusterID(rawValue: Int64(cluster))
        )
      })
    return clusterer
  }

  private func kinds(_ before: [Int], _ after: [Int]) -> [String] {
    grouping(before).changes(to: grouping(after)).map {
      "\($0.kind.rawValue) \($0.moves.map(\.figure.rawValue)) \($0.founded.map(\.rawValue))"
    }
  }

  @Test func nothingIsNoChange() { #expect(kinds([1, 1, 2, 0], [1, 1, 2, 0]).isEmpty) }

  @Test func saysWhatKindAChangeIs() {
    #expect(kinds([1, 1, 2, 2], [1, 1, 1, 1]) == ["Join [3, 4] []"])
    #expect(kinds([1, 1, 1], [1, 1, 2]) == ["Split [3] [2]"])
    #expect(kinds([1, 1, 2, 2], [1, 2, 2, 2]) == ["Move [2] []"])
    #expect(kinds([1, 0], [1, 1]) == ["Move [2] []"])
    #expect(kinds([1, 0, 0], [1, 2, 2]) == ["Found [2, 3] [2]"])
    #expect(kinds([1, 1, 2], [1, 0, 0]) == ["Wait [2] []", "Wait [3] []"])
    #expect(kinds([1, 1, 2, 2], [1, 1, 3, 1]) == ["Move [3, 4] [3]"])
  }

  @Test func partsWithoutACommonClusterAreChangesOfTheirOwnTheLargestFirst() {
    #expect(
      kinds([1, 2, 3, 4, 4, 5, 5], [1, 1, 3, 3, 3, 5, 6])
        == ["Join [4, 5] []", "Join [2] []", "Split [7] [6]"])
    // A chain of common clusters holds a change together.
    #expect(kinds([1, 1, 2, 2, 3, 3], [1, 2, 2, 3, 3, 3]) == ["Move [2, 4] []"])
  }

  @Test func allChangesTogetherLeadToTheOtherGrouping() {
    var numbers = Numbers(state: 9)
    for _ in 0..<50 {
      let before = (0..<30).map { _ in Int.random(in: 0...6, using: &numbers) }
      let after = (0..<30).map { _ in Int.random(in: 0...8, using: &numbers) }
      let (old, new) = (grouping(before), grouping(after))
      let changes = old.changes(to: new)
      var places = Dictionary(uniqueKeysWithValues: old.figures.map { ($0, old.cluster(of: $0)) })
      var concerned: [ClusterID: Int] = [:]
      for (number, change) in changes.enumerated() {
        for move in change.moves {
          #expect(places[move.figure] == move.from)
          places[move.figure] = .some(move.to)
          for cluster in [move.from, move.to].compactMap(\.self) {
            #expect(concerned[cluster, default: number] == number)
            concerned[cluster] = number
          }
        }
      }
      for figure in new.figures { #expect(places[figure] == .some(new.cluster(of: figure))) }
    }
  }
}
