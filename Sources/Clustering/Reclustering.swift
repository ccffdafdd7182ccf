internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// Groups the whole library anew by the same rules, as if all faces had come at once.
  ///
  /// Clusters that a user named, or that figures are pinned to or excluded from, stay as they are
  /// and may gain figures. Identifiers go on with most of the figures: old and new clusters are
  /// matched so that as many figures as can be keep theirs.
  ///
  /// - Parameters:
  ///   - progress: told how much is done, in 0…1; may be called from several threads, though by
  ///     one at a time.
  ///   - isCancelled: asked often, likewise; once it is `true` nothing is changed.
  /// - Returns: what changed; nothing if it was cancelled.
  public mutating func recluster(
    progress: (Double) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) -> [ClusterChange] {
    let whole = state.clusters.indices.filter { place in
      guard let cluster = state.clusters[place], !cluster.founders.isEmpty else { return false }
      return cluster.isProtected || constraints.anchoredClusters.contains(cluster.id)
    }.sorted { state.cluster(at: $0).id < state.cluster(at: $1).id }
    let isWhole = Set(whole)
    let figures = state.figures.positions.filter { position in
      let figure = state.figure(at: position)
      return figure.mayFound && figure.cluster.map { !isWhole.contains($0) } ?? true
    }.sorted { state.figure(at: $0).figure < state.figure(at: $1).figure }
    let count = figures.count + whole.count
    var rows: [Float] = []
    rows.reserveCapacity(count * state.dimension)
    for position in figures { rows += state.embeddings[position] }
    for place in whole { rows += state.means[place] }
    let sizes =
      [Float](repeating: 1, count: figures.count)
      + whole.map { Float(state.cluster(at: $0).founders.count) }
    // As it is now: a library may have shrunk.
    let now = currentLevel()
    guard
      let edges = SimilarityGraph.edges(
        among: rows, dimension: state.dimension,
        minimumSimilarity: policy.lowestEdgeSimilarity(at: now), limit: policy.neighborLimit,
        progress: { progress(0.9 * $0) }, isCancelled: isCancelled)
    else { return [] }
    var grouping = GraphAgglomeration(
      rows: rows, dimension: state.dimension, sizes: sizes, edges: edges, policy: policy,
      level: now)
    grouping.lifetimes = lifetimes(figures, whole)
    let links = forbidAndLink(figures, whole)
    for (a, b) in links.apart { grouping.forbid(a, b) }
    for (a, b) in links.together { grouping.join(a, b) }
    guard let groups = grouping.run(isCancelled: isCancelled) else { return [] }
    level = now
    replaceAll(groups, grouping.weakestGain, figures, whole)
    progress(1)
    return takeChanges()
  }

  private mutating func replaceAll(
    _ groupOf: [Int], _ weakestGain: [Float], _ figures: [Int], _ whole: [Int]
  ) {
    var parts: [Int: [Int]] = [:]
    var heirs: [Int: Int] = [:]
    for (node, group) in groupOf.enumerated() {
      if node < figures.count {
        parts[group, default: []].append(figures[node])
      } else {
        let place = whole[node - figures.count]
        parts[group, default: []] += state.cluster(at: place).founders
        heirs[group] = place
      }
    }
    let groups = parts.keys.sorted()
    let taken = Set(heirs.values)
    var overlaps: [ClusterOverlap] = []
    for group in groups where heirs[group] == nil {
      var counts: [Int: Int] = [:]
      for position in parts[group] ?? [] {
        guard let place = state.figure(at: position).cluster, !taken.contains(place) else {
          continue
        }
        counts[place, default: 0] += 1
      }
      for (place, count) in counts {
        overlaps.append(
          ClusterOverlap(group: group, cluster: state.cluster(at: place).id, count: count))
      }
    }
    for (group, cluster) in bestIdentities(overlaps) { heirs[group] = state.placeOf[cluster] }
    var places: Set<Int> = []
    var members: [(place: Int, founders: [Int], gain: Float)] = []
    for group in groups {
      let place = heirs[group] ?? makeCluster()
      places.insert(place)
      members.append((place, parts[group] ?? [], weakestGain[group]))
    }
    let old = state.clusters.indices.filter { state.exists($0) && !places.contains($0) }
    for (place, founders, _) in members {
      for position in founders where state.figure(at: position).cluster != place {
        let figure = state.figure(at: position)
        journal.touch(figure.figure, in: figure.cluster.map { state.cluster(at: $0).id })
      }
    }
    for (place, founders, gain) in members {
      state.setFounders(of: place, to: founders)
      state.setWeakestGain(place, gain)
    }
    for place in old where !state.cluster(at: place).isProtected {
      state.setFounders(of: place, to: [])
    }
    (unsettled, doubtful) = (PlaceQueue(), PlaceQueue())
    (unclearDoubtful, hopeful, postponed) = (PlaceQueue(), PlaceQueue(), PlaceQueue())
    followLinks(into: members.map(\.place))
    for place in old { endIfEmpty(place) }
    for figure in state.unclear.figures.sorted() {
      if let position = state.figures.position(of: figure), !isPinnedInPlace(position) {
        placeUnclear(position)
      }
    }
  }

  private func isPinnedInPlace(_ position: Int) -> Bool {
    state.figure(at: position).cluster.map { state.cluster(at: $0).isProtected } ?? false
  }
}

extension ClusteringPolicy {
  /// Pairs less similar than this are not looked at one by one.
  ///
  /// Two clusters that are alike enough on average have a pair that is more alike. LFW's loosest
  /// cluster needs no less from a single face than this.
  func lowestEdgeSimilarity(at level: LibraryLevel) -> Float {
    minimumSimilarity(tightness: tightness(ofMeanLength: 0.68), at: level)
  }
}
