internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// The library's level as it is now.
  ///
  /// Depends on the faces alone, not on the clusters they are in nor on their order of arrival: a
  /// sample of them is grouped by itself. How many groups come of it says how many people the library
  /// shows, which in turn says by what demand to group; beginning with as many people as faces, that
  /// settles within a few rounds.
  func currentLevel() -> LibraryLevel {
    let sample = levelSample()
    let count = Float(state.founderCount)
    guard sample.count > 1 else { return level(peopleCount: count, alikeness: 0) }
    let similarities = similarityTable(
      of: sample.flatMap { state.embeddings[$0] }, dimension: state.dimension)
    func groups(at level: LibraryLevel) -> [Int] {
      var grouping = Agglomeration(
        similarities: similarities, sizes: [Float](repeating: 1, count: sample.count),
        policy: policy, level: level)
      return grouping.run()
    }
    func alikeness(_ peopleCount: Float) -> Float {
      let strictest = level(peopleCount: peopleCount, alikeness: policy.alikenessLimit)
      return self.alikeness(sample, groups(at: strictest))
    }
    var peopleCount = count
    let expected = alikeness(peopleCount)
    for _ in 0..<Self.levelRounds {
      let groups = groups(at: level(peopleCount: peopleCount, alikeness: expected))
      let next = count * Float(Set(groups).count) / Float(sample.count)
      if next == peopleCount { break }
      peopleCount = next
    }
    return level(peopleCount: peopleCount, alikeness: alikeness(peopleCount))
  }

  private func level(peopleCount: Float, alikeness: Float) -> LibraryLevel {
    LibraryLevel(
      figureCount: state.founderCount, peopleCount: peopleCount, alikeness: alikeness,
      policy: policy)
  }

  /// Rounds after which the number of people is as good as settled: the second changes it by a few
  /// percent, the third by less.
  private static let levelRounds = 3

  /// What is to be demanded beyond the ordinary because the library's people are alike.
  ///
  /// Groups of a sample by the strictest demand there is are compared. The median is hardly moved
  /// by people who fall into several groups, nor by families.
  private func alikeness(_ sample: [Int], _ groupOf: [Int]) -> Float {
    let means = means(of: sample, groupOf)
    guard means.count > 1 else { return 0 }
    let table = similarityTable(of: means.flatMap(\.self), dimension: state.dimension)
    var similarities: [Float] = []
    similarities.reserveCapacity(means.count * (means.count - 1) / 2)
    for row in means.indices {
      similarities += table[row * means.count..<row * means.count + row]
    }
    similarities.sort()
    let count = Float(means.count)
    let certainty = count / (count + policy.alikenessHalfCount)
    let excess = similarities[similarities.count / 2] - policy.ordinaryAlikeness
    return max(0, min(policy.alikenessWeight * certainty * excess, policy.alikenessLimit))
  }

  /// The mean embedding of each group.
  private func means(of sample: [Int], _ groupOf: [Int]) -> [[Float]] {
    var groups: [Int: (sum: [Float], count: Float)] = [:]
    for (position, group) in zip(sample, groupOf) {
      var (sum, count) =
        groups[group] ?? ([Float](repeating: 0, count: state.dimension), 0)
      state.embeddings.add(row: position, to: &sum)
      count += 1
      groups[group] = (sum, count)
    }
    return groups.sorted { $0.key < $1.key }.map { _, group in
      group.sum.map { $0 / group.count }
    }
  }

  /// The positions of the founding figures whose scrambled numbers are smallest: always the same
  /// of the same figures.
  private func levelSample() -> [Int] {
    var keys: [(key: UInt64, position: Int)] = []
    keys.reserveCapacity(state.founderCount)
    for (position, figure) in state.figures.enumerated where figure.mayFound {
      keys.append((scrambled(UInt64(bitPattern: figure.figure.rawValue)), position))
    }
    let limit = policy.levelSampleCount
    // About twice as many as are needed are left before the sorting.
    if keys.count > 4 * limit {
      let bar = UInt64.max / UInt64(keys.count) * UInt64(2 * limit)
      let few = keys.filter { $0.key <= bar }
      if few.count >= limit { keys = few }
    }
    keys.sort { $0.key < $1.key }
    return keys.prefix(limit).map(\.position)
  }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, 2014): distinct for distinct numbers.
private func scrambled(_ number: UInt64) -> UInt64 {
  var z = number &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
