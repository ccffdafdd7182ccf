internal import FaceTypes
internal import VectorIndex

/// The part of a library that is grouped anew in one go.
private struct Neighborhood {
  /// Figures to be grouped face by face, in ascending order of figures.
  var figures: [Int] = []
  /// Clusters to be taken as they are.
  var whole: [Int] = []
  /// Clusters whose figures are in ``figures``.
  var opened: [Int] = []
}

extension IncrementalClusterer {
  /// Looks at up to `limit` clusters that asked for it.
  mutating func settleQueue(limit: Int) {
    var left = limit
    while left > 0, let place = unsettled.popFirst() { if settle(place) { left -= 1 } }
  }

  /// Clusters a clear figure that is in no cluster; unclear ones that it speaks for follow.
  mutating func placeClear(_ position: Int) {
    exemplarMemory.found = [:]
    settle(around: [position])
    reviewUnclear(near: position)
  }

  /// Groups a cluster anew with those near it.
  ///
  /// - Parameters:
  ///   - place: of the cluster.
  ///   - opensLarge: whether it is opened however large it is.
  /// - Returns: whether there was something to group.
  mutating func settle(_ place: Int, opensLarge: Bool = false) -> Bool {
    guard state.exists(place), !state.cluster(at: place).founders.isEmpty else { return false }
    settle(around: [], place, opensLarge: opensLarge)
    return true
  }

  /// Groups new figures, or a cluster, together with the clusters near them anew.
  ///
  /// - Parameters:
  ///   - newcomers: positions of figures that have no cluster yet.
  ///   - place: the cluster to look at; `nil` if it is about the newcomers alone.
  ///   - opensLarge: whether that one is opened however large it is.
  mutating func settle(
    around newcomers: [Int], _ place: Int? = nil, opensLarge: Bool = false
  ) {
    let neighborhood = neighborhood(of: newcomers, place, opensLarge)
    let nodeCount = neighborhood.figures.count + neighborhood.whole.count
    if nodeCount == 1, let only = newcomers.first {
      found(by: only)
      return
    }
    guard nodeCount > 1 else { return }
    for place in neighborhood.whole { state.keepEraSums(of: place) }
    var grouping = agglomeration(of: neighborhood.figures, neighborhood.whole)
    grouping.lifetimes = lifetimes(neighborhood.figures, neighborhood.whole)
    let links = forbidAndLink(neighborhood.figures, neighborhood.whole)
    for (a, b) in links.apart { grouping.forbid(a, b) }
    for (a, b) in links.together { grouping.join(a, b) }
    apply(grouping.run(), grouping.weakestGain, to: neighborhood, settled: place)
  }

  /// A grouping of figures and whole clusters by their similarities.
  func agglomeration(of figures: [Int], _ whole: [Int]) -> Agglomeration {
    let rows = figures.flatMap { state.embeddings[$0] } + whole.flatMap { state.means[$0] }
    let sizes =
      [Float](repeating: 1, count: figures.count)
      + whole.map { Float(max(1, state.cluster(at: $0).founders.count)) }
    let eras = figures.map { Eras(state.era(of: $0)) } + whole.map { state.eras(of: $0) }
    let similarities = similarityTable(of: rows, dimension: state.dimension)
    var grouping = Agglomeration(
      similarities: similarities, sizes: sizes, policy: policy, level: level)
    grouping.nearPairs = nearPairTable(
      of: rows, similarities: similarities, sizes: sizes, eras: eras)
    return grouping
  }

  private mutating func found(by position: Int) {
    let place = makeCluster()
    state.move(position, to: place)
    followLinks(into: [place])
    reviewUnclear(after: [place])
  }

  // MARK: Who is looked at

  private mutating func neighborhood(
    of newcomers: [Int], _ place: Int?, _ opensLarge: Bool
  ) -> Neighborhood {
    var result = Neighborhood(figures: newcomers)
    var seen: Set<Int> = []
    var room = policy.reconsideredFigureLimit
    func take(_ place: Int, isFirst: Bool = false) {
      guard seen.insert(place).inserted else { return }
      let cluster = state.cluster(at: place)
      if mayOpen(place, opensLarge: opensLarge && isFirst), cluster.founders.count <= room {
        room -= cluster.founders.count
        result.opened.append(place)
        result.figures += cluster.founders
      } else {
        result.whole.append(place)
        if !newcomers.isEmpty, mayOpen(place, opensLarge: true) { postponed.append(place) }
      }
    }
    if let place { take(place, isFirst: true) }
    for position in newcomers {
      let near = placesNear(
        state.embeddings[position], count: 1, tightness: 1,
        eras: Eras(state.era(of: position)))
      for near in near { take(near) }
    }
    if let place {
      state.keepEraSums(of: place)
      let near = placesNear(
        state.means[place], count: state.cluster(at: place).founders.count,
        tightness: tightness(of: place), eras: state.eras(of: place))
      for near in near { take(near) }
    }
    // Whoever must be with one of these is part of the question.
    var next = 0
    while next < result.figures.count {
      let figure = state.figure(at: result.figures[next]).figure
      next += 1
      guard constraints.concerns(figure) else { continue }
      if let pinned = constraints.pin(of: figure), let place = state.placeOf[pinned] { take(place) }
      for mate in constraints.group(of: figure) {
        guard let position = state.figures.position(of: mate) else { continue }
        if let place = state.figure(at: position).cluster { take(place) }
      }
    }
    result.figures.sort { state.figure(at: $0).figure < state.figure(at: $1).figure }
    result.whole.sort { state.cluster(at: $0).id < state.cluster(at: $1).id }
    return result
  }

  /// Whether a cluster's faces may be grouped anew: not if a user vouched for it, and a large one
  /// only at certain sizes, a quarter apart, or when it is asked for.
  private mutating func mayOpen(_ place: Int, opensLarge: Bool) -> Bool {
    let cluster = state.cluster(at: place)
    if cluster.isProtected || constraints.anchoredClusters.contains(cluster.id) { return false }
    let count = cluster.founders.count
    if opensLarge { return count <= policy.reconsideredFigureLimit }
    if count <= policy.settledCount || weakestGain(of: place) < 0 { return true }
    var rung = policy.settledCount
    while rung < count { rung += max(1, rung / 4) }
    return rung == count
  }

  /// The clusters that could be joined with a group of faces, or nearly; the likeliest first.
  ///
  /// - Parameters:
  ///   - mean: of the group.
  ///   - count: of its faces.
  ///   - tightness: of the group.
  ///   - eras: of the group.
  /// - Returns: their places.
  private mutating func placesNear(
    _ mean: [Float], count: Int, tightness: Float, eras: Eras
  ) -> [Int] {
    var found: [(gain: Float, place: Int)] = []
    for place in placesToCompare(mean, tightness: tightness, eras: eras) {
      guard state.clusters[place]?.founders.isEmpty == false else { continue }
      state.keepEraSums(of: place)
      let gain = gain(mean, count: count, tightness: tightness, eras, with: place)
      if gain > -policy.reconsiderationMargin { found.append((gain, place)) }
    }
    return found.sorted {
      $0.gain != $1.gain
        ? $0.gain > $1.gain : state.cluster(at: $0.place).id < state.cluster(at: $1.place).id
    }.map(\.place)
  }

  /// All places that ``placesNear(_:count:tightness:eras:)`` may find, and some more.
  private func placesToCompare(_ mean: [Float], tightness: Float, eras: Eras) -> [Int] {
    let lowest = policy.lowestSimilarity(tightness: tightness, at: level)
    let floor = lowest - policy.reconsiderationMargin
    let acrossYears = eras.isUnknown ? floor : min(floor, policy.minimumShareOfDemand * lowest)
    let spansEras = if case .several = eras { true } else { false }
    var places: [Int] = []
    state.means.visitBounds(mean.span, floor: acrossYears) { place, bound in
      if bound >= floor || spansEras || maySomeDecide(bound, tightness: tightness, with: place) {
        places.append(place)
      }
      return acrossYears
    }
    return places
  }

  /// Whether a cluster that spans years may be alike enough to a group for those to decide.
  ///
  /// - Parameters:
  ///   - bound: the most that their similarity may be.
  ///   - tightness: of the group.
  ///   - place: of the cluster.
  ///   - allowance: how much less is needed of two single faces.
  /// - Returns: `false` for a cluster of one era.
  func maySomeDecide(
    _ bound: Float, tightness: Float, with place: Int, allowance: Float = 0
  ) -> Bool {
    let length = state.lengthsAcrossYears[place]
    guard length > 0 else { return false }
    return policy.maySomeDecide(
      similarity: bound, tightness: tightness * policy.tightness(ofMeanLength: length), at: level,
      allowance: allowance)
  }

  /// By how much a group of faces is more like a cluster than is needed to be joined with it.
  ///
  /// - Parameters:
  ///   - mean: of the group.
  ///   - count: of its faces.
  ///   - tightness: of the group.
  ///   - eras: of the group.
  ///   - place: of the cluster.
  ///   - allowance: how much less is needed of two single faces.
  /// - Returns: in similarity; at most 0 keeps them apart.
  func gain(
    _ mean: [Float], count: Int, tightness: Float, _ eras: Eras, with place: Int,
    allowance: Float = 0
  ) -> Float {
    let similarity = state.means.dot(mean.span, row: place)
    let tightness = tightness * self.tightness(of: place)
    let mayDecide = policy.maySomeDecide(
      similarity: similarity, tightness: tightness, at: level, allowance: allowance)
    return policy.gain(
      similarity: similarity, tightness: tightness,
      near: mayDecide ? nearPairs(mean, count: count, eras, with: place) : NearPairs(),
      at: level, allowance: allowance)
  }

  /// The pairs of a group of faces and a cluster that are not many years apart; none if all pairs
  /// are as many.
  func nearPairs(_ mean: [Float], count: Int, _ eras: Eras, with place: Int) -> NearPairs {
    if eras.isUnknown { return NearPairs() }
    if case .one(let era) = eras {
      guard state.spansEras(place) else { return NearPairs() }
      if state.eraSums[place] == nil {
        return state.nearPairs(mean.span, count: Float(count), of: era, with: place)
      }
    }
    return state.means.withRow(place) { row in
      eras.nearPairs(
        mean: mean.span, size: Float(count), state.eras(of: place), mean: row,
        size: Float(state.cluster(at: place).founders.count))
    }
  }

  // MARK: What may not be, and what must

  /// Which nodes must stay apart and which belong together, whatever their similarity.
  ///
  /// - Parameters:
  ///   - figures: the positions of the nodes that are single figures.
  ///   - whole: the places of the nodes that are clusters; they come after the figures.
  /// - Returns: pairs of nodes, by their numbers.
  func forbidAndLink(
    _ figures: [Int], _ whole: [Int]
  ) -> (apart: [(Int, Int)], together: [(Int, Int)]) {
    var nodeOf: [Int: Int] = [:]
    for (node, position) in figures.enumerated() { nodeOf[position] = node }
    var nodeOfPlace: [Int: Int] = [:]
    for (offset, place) in whole.enumerated() {
      nodeOfPlace[place] = figures.count + offset
    }
    var apart: [(Int, Int)] = []
    var together: [(Int, Int)] = []
    func look(at position: Int, as node: Int, isWhole: Bool) {
      for sibling in state.siblings(of: position) where state.figure(at: sibling).mayFound {
        if let other = self.node(of: sibling, nodeOf, nodeOfPlace), other != node {
          apart.append((node, other))
        }
      }
      let figure = state.figure(at: position).figure
      guard constraints.concerns(figure) else { return }
      for rival in constraints.keptApart(from: figure).flatMap({ constraints.group(of: $0) }) {
        guard let position = state.figures.position(of: rival) else { continue }
        if let other = self.node(of: position, nodeOf, nodeOfPlace) { apart.append((node, other)) }
      }
      for (place, other) in nodeOfPlace {
        if constraints.isExcluded(figure, from: state.cluster(at: place).id) {
          apart.append((node, other))
        }
      }
      guard !isWhole else { return }
      if let pinned = constraints.pin(of: figure).flatMap({ state.placeOf[$0] }) {
        if let other = nodeOfPlace[pinned] { together.append((node, other)) }
        return
      }
      for mate in constraints.group(of: figure) where mate != figure {
        guard let position = state.figures.position(of: mate) else { continue }
        if let other = self.node(of: position, nodeOf, nodeOfPlace) {
          together.append((node, other))
        }
      }
    }
    for (node, position) in figures.enumerated() {
      look(at: position, as: node, isWhole: false)
    }
    for (place, node) in nodeOfPlace {
      for position in state.cluster(at: place).founders {
        look(at: position, as: node, isWhole: true)
      }
    }
    let anchored = whole.filter {
      let cluster = state.cluster(at: $0)
      return cluster.isProtected || constraints.anchoredClusters.contains(cluster.id)
    }.compactMap { nodeOfPlace[$0] }
    for (offset, a) in anchored.enumerated() {
      for b in anchored[(offset + 1)...] { apart.append((a, b)) }
    }
    return (apart, together)
  }

  private func node(of position: Int, _ nodeOf: [Int: Int], _ nodeOfPlace: [Int: Int]) -> Int? {
    nodeOf[position] ?? state.figure(at: position).cluster.flatMap { nodeOfPlace[$0] }
  }

  // MARK: What comes of it

  private mutating func apply(
    _ groupOf: [Int], _ weakestGain: [Float], to neighborhood: Neighborhood, settled: Int?
  ) {
    var parts: [Int: [Int]] = [:]
    for (node, group) in groupOf.enumerated() { parts[group, default: []].append(node) }
    let groups = parts.keys.sorted()
    let heirs = heirs(of: groups, parts, neighborhood)
    var touched: [Int] = []
    var members: [(place: Int, founders: [Int], gain: Float?)] = []
    let figureCount = neighborhood.figures.count
    for group in groups {
      let nodes = parts[group] ?? []
      let place = heirs[group] ?? makeCluster()
      if nodes.count == 1, nodes[0] >= figureCount {
        let whole = state.cluster(at: place)
        members.append((place, whole.founders, whole.weakestGain))
        continue
      }
      var founders: [Int] = []
      var gain = weakestGain[group]
      for node in nodes {
        if node < figureCount {
          founders.append(neighborhood.figures[node])
        } else {
          let whole = state.cluster(at: neighborhood.whole[node - figureCount])
          founders += whole.founders
          gain = min(gain, self.weakestGain(of: neighborhood.whole[node - figureCount]))
        }
      }
      members.append((place, founders, gain))
    }
    for (place, founders, gain) in members {
      let before = state.cluster(at: place).founders
      state.setWeakestGain(place, gain)
      let unchanged =
        before.count == founders.count
        && founders.allSatisfy { state.figure(at: $0).cluster == place }
      if unchanged { continue }
      for position in founders where state.figure(at: position).cluster != place {
        let old = state.figure(at: position).cluster.map { state.cluster(at: $0).id }
        journal.touch(state.figure(at: position).figure, in: old)
      }
      touched.append(place)
    }
    for (place, founders, _) in members where touched.contains(place) {
      state.setFounders(of: place, to: founders)
    }
    let kept = Set(members.map(\.place))
    for place in neighborhood.opened + neighborhood.whole where !kept.contains(place) {
      state.setFounders(of: place, to: [])
      endIfEmpty(place)
    }
    for place in touched where place != settled { unsettled.append(place) }
    followLinks(into: touched)
    reviewUnclear(after: touched)
  }

  /// The old cluster whose identifier each group goes on with; `nil` for a new one.
  ///
  /// A group with whole clusters goes on as the protected or else the largest of them; of the
  /// opened clusters each gives its identifier to the group with most of its figures.
  private func heirs(
    of groups: [Int], _ parts: [Int: [Int]], _ neighborhood: Neighborhood
  ) -> [Int: Int] {
    var heirs: [Int: Int] = [:]
    var claims: [(overlap: Int, cluster: ClusterID, group: Int, place: Int)] = []
    let figureCount = neighborhood.figures.count
    for group in groups {
      var overlaps: [Int: Int] = [:]
      var wholes: [Int] = []
      for node in parts[group] ?? [] {
        if node >= figureCount {
          wholes.append(neighborhood.whole[node - figureCount])
        } else if let place = state.figure(at: neighborhood.figures[node]).cluster {
          overlaps[place, default: 0] += 1
        }
      }
      if let first = wholes.min(by: { takesPrecedence($0, over: $1) }) {
        heirs[group] = first
      } else {
        for (place, overlap) in overlaps {
          claims.append((overlap, state.cluster(at: place).id, group, place))
        }
      }
    }
    claims.sort {
      if $0.overlap != $1.overlap { return $0.overlap > $1.overlap }
      return $0.cluster != $1.cluster ? $0.cluster < $1.cluster : $0.group < $1.group
    }
    var taken = Set(heirs.values)
    for claim in claims where heirs[claim.group] == nil && !taken.contains(claim.place) {
      heirs[claim.group] = claim.place
      taken.insert(claim.place)
    }
    return heirs
  }

  private func takesPrecedence(_ a: Int, over b: Int) -> Bool {
    let (left, right) = (state.cluster(at: a), state.cluster(at: b))
    func anchored(_ cluster: ClusterState) -> Int {
      if cluster.isProtected { return 2 }
      return constraints.anchoredClusters.contains(cluster.id) ? 1 : 0
    }
    if anchored(left) != anchored(right) { return anchored(left) > anchored(right) }
    if left.founders.count != right.founders.count {
      return left.founders.count > right.founders.count
    }
    return left.id < right.id
  }
}
