extension IncrementalClusterer {
  /// By how much the weakest of the joins that make a cluster is above what it needs at the
  /// library's present size; infinite for a single face.
  ///
  /// Known from the grouping that made the cluster. Where a user or a restart put its figures
  /// together it is found out from them alone when somebody asks for the first time.
  mutating func weakestGain(of place: Int) -> Float {
    let cluster = state.cluster(at: place)
    if let known = cluster.weakestGain { return known }
    let gain = weakestGain(among: cluster.founders)
    state.setWeakestGain(place, gain)
    return gain
  }

  /// Finds out how strongly a restored cluster holds together.
  ///
  /// Decides nothing, and leads to the same decisions whenever it is done, but the library's next
  /// step in size need not do it all at once.
  mutating func assess(_ place: Int) { if state.exists(place) { _ = weakestGain(of: place) } }

  private func weakestGain(among founders: [Int]) -> Float {
    guard founders.count > 1 else { return .infinity }
    guard founders.count <= policy.reconsideredFigureLimit else { return 0 }
    var grouping = agglomeration(of: founders, [])
    let groups = grouping.run()
    return groups.allSatisfy { $0 == 0 } ? grouping.weakestGain[0] : 0
  }
}
