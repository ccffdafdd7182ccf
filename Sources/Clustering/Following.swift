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
      } else if let place = postponed.popFirst() {
        _ = settle(place, opensLarge: true)
      } else if let place = unclearDoubtful.popFirst() {
        reviewJoiners(of: place)
      } else if let position = hopeful.popFirst() {
        placeIfWaiting(position)
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
    unsettled.isEmpty && doubtful.isEmpty && postponed.isEmpty && unclearDoubtful.isEmpty
      && hopeful.isEmpty && unassessed.isEmpty && !hasDrifted
  }

  /// Follows the library's growth when it has taken a step.
  mutating func followGrowth() {
    guard state.founderCount > level.figureCount else { return }
    let step = LibraryLevel.step(figureCount: state.founderCount)
    if step > LibraryLevel.step(figureCount: level.figureCount) { follow(currentLevel()) }
  }

  /// Whether the library has changed so much that its people may be more or less alike than when
  /// that was last measured: by a thirty-second.
  private var hasDrifted: Bool {
    32 * abs(state.founderCount - level.figureCount) > state.founderCount
  }

  /// Decides by another level from now on; what that makes doubtful waits for idle times.
  private mutating func follow(_ measured: LibraryLevel) {
    // No two clusters' demand rises or falls by more than that on two single faces.
    var rise =
      policy.minimumSimilarity(tightness: 1, at: measured)
      - policy.minimumSimilarity(tightness: 1, at: level)
    var next = measured
    if abs(rise) < policy.levelTolerance {
      next = level.measured(at: measured.figureCount)
      rise = 0
    }
    let fall = -rise
    if rise > 0 || fall > 0 {
      for (place, cluster) in state.clusters.enumerated() {
        guard let cluster else { continue }
        let gain = weakestGain(of: place) - rise
        state.setWeakestGain(place, gain)
        if gain < 0 || fall > 0 { doubtful.append(place) }
        if rise > 0, !cluster.joiners.isEmpty { unclearDoubtful.append(place) }
      }
    }
    if fall > 0 {
      for (position, figure) in state.figures.enumerated where figure.isWaiting {
        hopeful.append(position)
      }
    }
    level = next
  }

  private mutating func placeIfWaiting(_ position: Int) {
    if state.figures[position]?.isWaiting == true { placeUnclear(position) }
  }
}
