internal import Glibc

/// What the demand on similarity depends on: how many people a library shows and how alike they are.
struct LibraryLevel: Equatable, Sendable {
  /// How many faces may found clusters.
  private(set) var figureCount: Int
  /// What is demanded beyond the ordinary because there are many people; negative for few.
  let rise: Float
  /// What is demanded beyond the ordinary because people are alike.
  let alikeness: Float

  /// - Parameters:
  ///   - figureCount: how many faces may found clusters.
  ///   - peopleCount: how many people these show, by estimate.
  ///   - alikeness: what is demanded because they are alike.
  ///   - policy: says which number of people the similarities are stated for.
  init(figureCount: Int, peopleCount: Float, alikeness: Float = 0, policy: ClusteringPolicy) {
    self.figureCount = figureCount
    self.alikeness = alikeness
    let count = max(peopleCount, policy.fewestPeople)
    rise =
      policy.risePerTenfold * log10(max(count, policy.fewPeople) / policy.referencePeopleCount)
      + policy.risePerTenfoldOfFew * log10(min(count, policy.fewPeople) / policy.fewPeople)
  }

  /// The same level, found to hold still for so many faces.
  func measured(at figureCount: Int) -> LibraryLevel {
    var level = self
    level.figureCount = figureCount
    return level
  }

  /// The number of quarters of doublings that a library of so many faces has gone through: when it
  /// takes a step, its level is measured again.
  static func step(figureCount: Int) -> Int {
    var step = 0
    var size = firstSize
    while size * ratio <= Float(figureCount) {
      size *= ratio
      step += 1
    }
    return step
  }

  /// The steps begin at this size.
  private static let firstSize: Float = 16
  /// 2^(1/4).
  private static let ratio: Float = 1.189_207_1
}
