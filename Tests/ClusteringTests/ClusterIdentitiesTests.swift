import Clustering
import Testing

@Suite struct ClusterIdentitiesTests {
  /// Against all permutations.
  @Test(arguments: 1...40)
  func theAssignmentIsTheBestThereIs(seed: UInt64) {
    var numbers = Numbers(state: seed)
    let size = Int.random(in: 1...6, using: &numbers)
    let values = (0..<size * size).map { _ in Int.random(in: 0...9, using: &numbers) }
    func sum(_ columns: [Int]) -> Int {
      columns.enumerated().reduce(0) { $0 + values[$1.offset * size + $1.element] }
    }
    let found = bestAssignment(values, size: size)
    #expect(Set(found) == Set(0..<size))
    #expect(sum(found) == permutations(size).map(sum).max())
  }

  private func permutations(_ size: Int) -> [[Int]] {
    guard size > 0 else { return [[]] }
    return permutations(size - 1).flatMap { shorter in
      (0...shorter.count).map { place in
        var longer = shorter
        longer.insert(size - 1, at: place)
        return longer
      }
    }
  }
}
