internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// The library's level as it is now.
  func currentLevel() -> LibraryLevel {
    var level = LibraryLevel(figureCount: state.founderCount, policy: policy)
    level.alikeness = alikeness(at: level)
    return level
  }

  /// What is to be demanded beyond the ordinary because the library's people are alike.
  ///
  /// Depends on the faces alone, not on the clusters they are in nor on their order of arrival: a
  /// sample of them is grouped by the strictest demand there is, and the groups are compared. The
  /// median is hardly moved by people who fall into several groups, nor by families.
  private func alikeness(at level: LibraryLevel) -> Float {
    let means = sampleMeans(at: level)
    guard means.count > 1 else { return 0 }
    var similarities: [Float] = []
    for (index, left) in means.enumerated() {
      for right in means[..<index] { similarities.append(innerProduct(left.span, right.span)) }
    }
    similarities.sort()
    let count = Float(means.count)
    let certainty = count / (count + policy.alikenessHalfCount)
    let excess = similarities[similarities.count / 2] - policy.ordinaryAlikeness
    return max(0, min(policy.alikenessWeight * certainty * excess, policy.alikenessLimit))
  }

  /// The mean embeddings of the people in a sample of the library's faces.
  private func sampleMeans(at level: LibraryLevel) -> [[Float]] {
    let sample = alikenessSample()
    var strictest = level
    strictest.alikeness = policy.alikenessLimit
    var grouping = Agglomeration(
      similarities: similarityTable(
        of: sample.flatMap { state.embeddings[$0] }, dimension: state.dimension),
      sizes: [Float](repeating: 1, count: sample.count), policy: policy, level: strictest)
    var groups: [Int: (sum: [Float], count: Float)] = [:]
    for (position, group) in zip(sample, grouping.run()) {
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
  private func alikenessSample() -> [Int] {
    var keys: [(key: UInt64, position: Int)] = []
    keys.reserveCapacity(state.founderCount)
    for (position, figure) in state.figures.enumerated() {
      if let figure, figure.mayFound {
        keys.append((scrambled(UInt64(bitPattern: figure.figure.rawValue)), position))
      }
    }
    let limit = policy.alikenessSampleCount
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
