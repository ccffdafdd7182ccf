public import FaceTypes
public import VectorIndex

/// How a figure stands to a cluster, be it its own or another one.
public struct ClusterStanding: Sendable {
  public let cluster: ClusterID
  /// How many founding figures it was compared with, itself not counted.
  public let comparedCount: Int
  /// The mean of the similarities to them, as the clusterer compares.
  public let averageSimilarity: Float
  /// The average similarity from which it is taken for one of them.
  public let minimumSimilarity: Float
  /// That it shows the cluster's person, in 0…1.
  public let probability: Float
  /// The most similar of them by the cosine as the model gives it, best first.
  public let exemplars: [Neighbor]
  /// Other figures of its medium that are in the cluster, in ascending order.
  public let siblings: [FigureID]
  /// How it stands to those of them that were photographed not many years before or after it, where
  /// they say more than all do.
  public let nearInTime: NearInTime?

  /// The founding figures that were photographed not many years before or after a figure.
  public struct NearInTime: Sendable {
    public let comparedCount: Int
    public let averageSimilarity: Float
    /// From which the figure is taken for one person with them.
    public let minimumSimilarity: Float
    /// What the average has beyond its need.
    public var gain: Float { averageSimilarity - minimumSimilarity }
  }

  /// What the average, or that over fewer years, has beyond its need.
  public var gain: Float {
    max(averageSimilarity - minimumSimilarity, nearInTime?.gain ?? -.infinity)
  }
}

extension IncrementalClusterer {
  /// Compares a figure with a cluster; nothing is changed.
  ///
  /// - Parameters:
  ///   - figure: of the library.
  ///   - cluster: any.
  ///   - exemplarCount: how many of the most similar figures are named at most.
  /// - Returns: `nil` if either is unknown.
  public func standing(
    of figure: FigureID, in cluster: ClusterID, exemplarCount: Int
  ) -> ClusterStanding? {
    guard let position = state.figures.position(of: figure), let place = state.placeOf[cluster]
    else {
      return nil
    }
    let embedding = state.embeddings[position]
    let share = state.centerShare(at: position)
    var (sum, nearest): (Float, Float?) = (0, nil)
    var exemplars: [Neighbor] = []
    let others = state.cluster(at: place).founders.filter { $0 != position }
    for other in others {
      let similarity = state.embeddings.dot(embedding.span, row: other)
      sum += similarity
      nearest = max(similarity, nearest ?? similarity)
      exemplars.append(
        Neighbor(
          figure: state.figure(at: other).figure,
          similarity: state.modelSimilarity(similarity, share, state.centerShare(at: other))))
    }
    exemplars.sort { $0.precedes($1) }
    let count = Float(max(1, others.count))
    let average = sum / count
    let needed = needed(for: position, in: place)
    return ClusterStanding(
      cluster: cluster, comparedCount: others.count, averageSimilarity: average,
      minimumSimilarity: needed,
      probability: nearest.map { policy.probability(average: average, nearest: $0) } ?? 0,
      exemplars: Array(exemplars.prefix(exemplarCount)),
      siblings: state.siblings(of: position).filter { state.figure(at: $0).cluster == place }
        .map { state.figure(at: $0).figure }.sorted(),
      nearInTime: nearInTime(position, others, average: average, needed: needed))
  }

  /// How a figure stands to those of others that were photographed not many years before or after
  /// it, if that counts.
  private func nearInTime(
    _ position: Int, _ others: [Int], average: Float, needed: Float
  ) -> ClusterStanding.NearInTime? {
    guard let era = state.era(of: position), average >= policy.minimumShareOfDemand * needed else {
      return nil
    }
    var near = NearPairs()
    state.embeddings.withRow(position) { row in
      for other in others {
        guard let otherEra = state.era(of: other) else { continue }
        near.add(era, otherEra, count: 1) { state.embeddings.dot(row, row: other) }
      }
    }
    let demand = policy.minimumSimilarity(
      toJoin: 1, isUnclear: !state.figure(at: position).mayFound, at: level)
    var best: ClusterStanding.NearInTime?
    near.visitWindows { count, average in
      let standing = ClusterStanding.NearInTime(
        comparedCount: Int(count), averageSimilarity: average,
        minimumSimilarity: demand + policy.cautionOfOnePair / count)
      if best.map({ standing.gain > $0.gain }) ?? true { best = standing }
    }
    return best.flatMap { $0.gain > average - needed ? $0 : nil }
  }

  /// The cluster, of those that a figure is not in, whose demand it comes nearest to.
  ///
  /// - Parameters:
  ///   - figure: of the library.
  ///   - excluded: a cluster that does not count, beside the figure's own.
  /// - Returns: `nil` if there is none, or the figure is unknown.
  public func bestOtherCluster(
    for figure: FigureID, except excluded: ClusterID? = nil
  ) -> ClusterID? {
    guard let position = state.figures.position(of: figure) else { return nil }
    let own = state.figure(at: position).cluster
    var best: (place: Int, gain: Float)?
    let query = state.embeddings[position]
    let isUnclear = !state.figure(at: position).mayFound
    state.means.visitBounds(query.span, floor: -.infinity) { place, bound in
      guard place != own, let cluster = state.clusters[place], !cluster.founders.isEmpty,
        cluster.id != excluded
      else { return -.infinity }
      let needed = needed(toJoin: place, isUnclear: isUnclear)
      if let best, bound - needed <= best.gain { return -.infinity }
      let gain = state.means.dot(query.span, row: place) - needed
      if best.map({ gain > $0.gain }) ?? true { best = (place, gain) }
      return -.infinity
    }
    return best.map { state.cluster(at: $0.place).id }
  }

  /// The chain of figures that connects a figure with the core of its cluster: of all chains, the
  /// one whose weakest link is strongest.
  ///
  /// The core is the founding figure nearest to the cluster's mean. Of a large cluster only the
  /// figures most similar to the given one are looked at.
  ///
  /// - Parameter figure: of the library.
  /// - Returns: each next figure with its cosine to the one before, as the model gives it; empty
  ///   for a figure that waits or is alone.
  public func chainToCore(of figure: FigureID) -> [Neighbor] {
    guard let start = state.figures.position(of: figure),
      let place = state.figure(at: start).cluster
    else {
      return []
    }
    let cluster = state.cluster(at: place)
    let core = cluster.founders.filter { $0 != start }.max {
      centrality($0, place) < centrality($1, place)
    }
    guard let core else { return [] }
    var nodes = (cluster.founders + cluster.joiners).filter { $0 != start && $0 != core }
    if nodes.count > Self.chainedFigureLimit {
      let similarities = Dictionary(uniqueKeysWithValues: nodes.map { ($0, cosine(start, $0)) })
      nodes.sort { (similarities[$0] ?? 0) > (similarities[$1] ?? 0) }
      nodes.removeLast(nodes.count - Self.chainedFigureLimit)
    }
    nodes.append(core)
    // Prim's algorithm: a path in a maximum spanning tree has the strongest weakest link.
    var links = nodes.map { (from: start, similarity: cosine(start, $0)) }
    var parents: [Int: (from: Int, similarity: Float)] = [:]
    while parents[core] == nil {
      var next = -1
      for index in nodes.indices where parents[nodes[index]] == nil {
        if next < 0 || links[index].similarity > links[next].similarity { next = index }
      }
      parents[nodes[next]] = links[next]
      for index in nodes.indices where parents[nodes[index]] == nil {
        let similarity = cosine(nodes[next], nodes[index])
        if similarity > links[index].similarity { links[index] = (nodes[next], similarity) }
      }
    }
    var chain: [Neighbor] = []
    var current = core
    while current != start, let link = parents[current] {
      chain.append(
        Neighbor(figure: state.figure(at: current).figure, similarity: link.similarity))
      current = link.from
    }
    return chain.reversed()
  }

  /// All figures that users said are one person with this one, itself among them.
  public func figuresLinked(with figure: FigureID) -> [FigureID] { constraints.group(of: figure) }

  /// The statements of these, in their order, that contradict others or those before them.
  public func conflicts(ifStating statements: [Constraint]) -> [ConstraintConflict] {
    var constraints = constraints
    return statements.compactMap { constraints.add($0) }
  }

  /// The cosine of two figures' embeddings as the model gave them; `nil` if either is unknown.
  public func similarity(of a: FigureID, _ b: FigureID) -> Float? {
    guard let one = state.figures.position(of: a), let other = state.figures.position(of: b) else {
      return nil
    }
    return cosine(one, other)
  }

  /// Figures of a cluster between which a chain is sought.
  private static let chainedFigureLimit = 1000

  /// The average similarity to a cluster's founders, itself among them.
  func centrality(_ position: Int, _ place: Int) -> Float {
    state.embeddings.withRow(position) { state.means.dot($0, row: place) }
  }

  /// The cosine of two figures' embeddings as the model gave them.
  func cosine(_ a: Int, _ b: Int) -> Float {
    let similarity = state.embeddings.withRow(a) { state.embeddings.dot($0, row: b) }
    return state.modelSimilarity(
      similarity, state.centerShare(at: a), state.centerShare(at: b))
  }
}
