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
    let nodes = nodes(figures, whole)
    // As it is now: a library may have shrunk.
    let now = currentLevel()
    guard
      let edges = SimilarityGraph.edges(
        among: nodes.rows, dimension: state.dimension,
        minimumSimilarity: policy.lowestEdgeSimilarity(at: now), limit: policy.neighborLimit,
        progress: { progress(0.9 * $0) }, isCancelled: isCancelled)
    else { return [] }
    var grouping = GraphAgglomeration(
      rows: nodes.rows, dimension: state.dimension, sizes: nodes.sizes, eras: nodes.eras,
      edges: edges, policy: policy, level: now)
    let lifetimes = lifetimes(figures, whole)
    if !lifetimes.isEmpty {
      grouping.lifetimes = lifetimes + nodes.partOf.map { _ in Lifetime() }
    }
    let links = forbidAndLink(figures, whole)
    for (a, b) in links.apart { grouping.forbid(a, b) }
    for (offset, node) in nodes.partOf.enumerated() {
      grouping.join(figures.count + whole.count + offset, node)
    }
    for (a, b) in links.together { grouping.join(a, b) }
    guard let groups = grouping.run(isCancelled: isCancelled) else { return [] }
    level = now
    replaceAll(groups, grouping.weakestGain, figures, whole)
    progress(1)
    return takeChanges()
  }

  /// What the full clustering joins.
  private struct Nodes {
    /// `n × dimension`: the mean of each.
    var rows: [Float] = []
    /// How many faces each stands for.
    var sizes: [Float] = []
    /// Of each; none where no time is known.
    var eras: [Eras] = []
    /// Of each of the last nodes the cluster's node that it belongs to.
    var partOf: [Int] = []

    mutating func append(_ mean: [Float], count: Int, _ eras: Eras) {
      rows += mean
      sizes.append(Float(count))
      self.eras.append(eras)
    }
  }

  /// First each figure, then each cluster that stays whole.
  ///
  /// Of one that was photographed in several eras the first of them comes here, and the others after
  /// all clusters, so that each has its own similar faces.
  private func nodes(_ figures: [Int], _ whole: [Int]) -> Nodes {
    var nodes = Nodes()
    nodes.rows.reserveCapacity((figures.count + whole.count) * state.dimension)
    for position in figures {
      nodes.append(state.embeddings[position], count: 1, Eras(state.era(of: position)))
    }
    var further = Nodes()
    for (offset, place) in whole.enumerated() {
      let byEra = Dictionary(grouping: state.cluster(at: place).founders) { state.era(of: $0) }
      for (index, part) in byEra.sorted(by: { $0.key ?? .min < $1.key ?? .min }).enumerated() {
        var mean = [Float](repeating: 0, count: state.dimension)
        for position in part.value {
          state.embeddings.add(row: position, scaledBy: 1 / Float(part.value.count), to: &mean)
        }
        if index == 0 {
          nodes.append(mean, count: part.value.count, Eras(part.key))
        } else {
          further.append(mean, count: part.value.count, Eras(part.key))
          nodes.partOf.append(figures.count + offset)
        }
      }
    }
    nodes.rows += further.rows
    nodes.sizes += further.sizes
    nodes.eras += further.eras
    if nodes.eras.allSatisfy(\.isUnknown) { nodes.eras = [] }
    return nodes
  }

  private mutating func replaceAll(
    _ groupOf: [Int], _ weakestGain: [Float], _ figures: [Int], _ whole: [Int]
  ) {
    var parts: [Int: [Int]] = [:]
    var heirs: [Int: Int] = [:]
    for (node, group) in groupOf.prefix(figures.count + whole.count).enumerated() {
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
    placeAllUnclear(
      state.unclear.figures.sorted().compactMap { state.figures.position(of: $0) }
        .filter { !isPinnedInPlace($0) })
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
