extension IncrementalClusterer {
  /// Looks again at clusters that wait for it, at most `limit` of them; for idle times.
  ///
  /// First those that changes touched, then those that the library's growth made doubtful.
  ///
  /// - Returns: the changes, and whether nothing is left to look at.
  public mutating func settle(limit: Int = .max) -> (changes: [ClusterChange], isSettled: Bool) {
    if unsettled.isEmpty, doubtful.isEmpty, hasDrifted { follow(currentLevel()) }
    for _ in 0..<limit {
      if let place = unsettled.popFirst() ?? doubtful.popFirst() {
        _ = settle(place)
      } else if let place = unclearDoubtful.popFirst() {
        reviewJoiners(of: place)
      } else if let place = unassessed.popFirst() {
        assess(place)
      } else {
        break
      }
    }
    return (takeChanges(), isSettled)
  }

  /// Whether nothing waits to be looked at.
  public var isSettled: Bool {
    unsettled.isEmpty && doubtful.isEmpty && unclearDoubtful.isEmpty && unassessed.isEmpty
      && !hasDrifted
  }

  /// Follows the library's growth when it has taken a step.
  mutating func followGrowth() {
    let step = LibraryLevel(figureCount: state.founderCount, policy: policy).step
    if step > level.step { follow(currentLevel()) }
  }

  /// Whether the library has changed so much that its people may be more or less alike than when
  /// that was last measured: by a sixty-fourth.
  private var hasDrifted: Bool {
    64 * abs(state.founderCount - level.figureCount) > state.founderCount
  }

  /// Decides by another level from now on; what that makes doubtful waits for idle times.
  private mutating func follow(_ measured: LibraryLevel) {
    var next = measured
    if abs(next.alikeness - level.alikeness) < policy.alikenessTolerance {
      next.alikeness = level.alikeness
    }
    // The largest rise, or the smallest fall, for any two clusters.
    let rises = [Float(1), .infinity].map { size in
      policy.minimumSimilarity(harmonicMean: size, at: next)
        - policy.minimumSimilarity(harmonicMean: size, at: level)
    }
    let (rise, fall) = (max(rises[0], rises[1]), -min(rises[0], rises[1]))
    if rise > 0 || fall > 0 {
      for (place, cluster) in state.clusters.enumerated() {
        guard let cluster else { continue }
        let gain = weakestGain(of: place) - rise
        state.setWeakestGain(place, gain)
        if gain < 0 || fall > 0 { doubtful.append(place) }
        if rise > 0, !cluster.joiners.isEmpty { unclearDoubtful.append(place) }
      }
    }
    level = next
  }
}
