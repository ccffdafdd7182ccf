public import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// The questions most worth asking, best first; nothing is changed.
  ///
  /// What users' statements settle, two figures of one medium among them, is not asked.
  ///
  /// - Parameters:
  ///   - kinds: of question.
  ///   - count: how many at most.
  ///   - isWanted: refuses questions for reasons that the clusterer does not know, such as names;
  ///     asked of the best ones only.
  /// - Returns: by falling ``ClusterSuggestion/score``.
  /// - Throws: what `isWanted` throws.
  public func suggestions(
    _ kinds: ClusterSuggestion.Kinds, count: Int,
    where isWanted: (ClusterSuggestion) throws -> Bool
  ) rethrows -> [ClusterSuggestion] {
    var found: [ClusterSuggestion] = []
    if kinds.contains(.join) { found += joinsToAsk() }
    if kinds.contains(.split) { found += splitsToAsk() }
    if kinds.contains(.place) { found += placesToAsk() }
    // Sorted by what the lists were made in the order of, where scores are equal.
    let scores = found.map(\.score)
    var chosen: [ClusterSuggestion] = []
    for index in found.indices.sorted(by: {
      scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
    }) where chosen.count < count {
      if !isSettled(found[index].subject), try isWanted(found[index]) {
        chosen.append(found[index])
      }
    }
    return chosen
  }

  /// Two figures to look at for a question: of two clusters the two that are most alike, of two
  /// parts of one cluster the most typical ones, of a waiting figure the one most like it.
  public func exemplars(of subject: ClusterSuggestion.Subject) -> (FigureID, FigureID)? {
    switch subject {
    case .join(let a, let b):
      guard let left = state.placeOf[a], let right = state.placeOf[b] else { return nil }
      return mostSimilarPair(
        state.cluster(at: left).founders, state.cluster(at: right).founders)
    case .place(let figure, let cluster):
      guard let position = state.figures.position(of: figure), let place = state.placeOf[cluster]
      else {
        return nil
      }
      return mostSimilarPair([position], state.cluster(at: place).founders)
    case .split(let cluster, let part):
      guard let place = state.placeOf[cluster] else { return nil }
      let leaving = Set(part.compactMap { state.figures.position(of: $0) })
      let members = state.cluster(at: place)
      let all = members.founders + members.joiners
      guard let one = mostTypical(all.filter(leaving.contains)),
        let other = mostTypical(all.filter { !leaving.contains($0) })
      else { return nil }
      return (state.figure(at: one).figure, state.figure(at: other).figure)
    }
  }

  // MARK: Two clusters that may be one person

  private func joinsToAsk() -> [ClusterSuggestion] {
    let places = state.clusters.indices.filter {
      state.clusters[$0]?.founders.isEmpty == false
    }.sorted { state.cluster(at: $0).id < state.cluster(at: $1).id }
    let edges = SimilarityGraph.edges(
      among: places.flatMap { state.means[$0] }, dimension: state.dimension,
      minimumSimilarity: lowestDoubtful(tightness: policy.tightness(ofMeanLength: 0)),
      limit: Self.rivalsPerCluster, progress: { _ in }, isCancelled: { false })
    return (edges ?? []).compactMap { edge in
      let (left, right) = (places[Int(edge.a)], places[Int(edge.b)])
      let (a, b) = (state.cluster(at: left), state.cluster(at: right))
      return question(
        .join(a.id, b.id), .nearlySimilar, edge.similarity, (a.meanLength, b.meanLength),
        near: nearPairs(
          state.means[left], count: a.founders.count, state.eras(of: left), with: right),
        faceCount: min(a.count, b.count))
    }
  }

  // MARK: One cluster that may be two people

  private func splitsToAsk() -> [ClusterSuggestion] {
    state.placeOf.sorted { $0.key < $1.key }.flatMap { cluster, place in
      [conflict(in: place), weakestCut(of: place)].compactMap { part -> ClusterSuggestion? in
        guard let part, part.positions.count <= Self.partLimit else { return nil }
        let figures = part.positions.map { state.figure(at: $0).figure }.sorted()
        return question(
          .split(cluster, part: figures), part.reason, part.similarity, part.meanLengths,
          near: part.near, faceCount: figures.count)
      }
    }
  }

  /// A part of a cluster that may be somebody else.
  private struct Part {
    let positions: [Int]
    let reason: ClusterSuggestion.Reason
    /// To the rest, on average.
    let similarity: Float
    /// Of the means of the part and of the rest.
    let meanLengths: (Float, Float)
    /// Of the part and the rest: the pairs of faces not many years apart.
    var near = NearPairs()
  }

  /// Of figures of one photograph in one cluster the one that fits least.
  private func conflict(in place: Int) -> Part? {
    let cluster = state.cluster(at: place)
    guard cluster.founders.count > 1 else { return nil }
    let doubles = (cluster.founders + cluster.joiners).filter { position in
      state.siblings(of: position).contains { sibling in
        state.figure(at: sibling).cluster == place
          && !areOne(state.figure(at: position).figure, state.figure(at: sibling).figure)
      }
    }
    let worst = doubles.min { centrality($0, place) < centrality($1, place) }
    return worst.map {
      Part(
        positions: [$0], reason: .onePhotograph, similarity: centrality($0, place),
        meanLengths: (1, meanLength(of: place, without: $0)))
    }
  }

  /// The smaller part of the cut in two, by two means, across which the faces are least alike.
  private func weakestCut(of place: Int) -> Part? {
    let founders = state.cluster(at: place).founders
    guard founders.count > 1,
      let first = founders.min(by: { centrality($0, place) < centrality($1, place) })
    else { return nil }
    let rows = founders.map { state.embeddings[$0] }
    let seed = state.embeddings[first]
    guard
      let farthest = rows.indices.min(by: { inner(rows[$0], seed) < inner(rows[$1], seed) })
    else { return nil }
    var means = (seed, rows[farthest])
    var isSecond = [Bool](repeating: false, count: rows.count)
    for _ in 0..<Self.cuttingRounds {
      let sides = rows.map { inner($0, means.1) > inner($0, means.0) }
      guard sides != isSecond else { break }
      isSecond = sides
      guard let one = mean(rows, of: isSecond, false), let other = mean(rows, of: isSecond, true)
      else { return nil }
      means = (one, other)
    }
    guard let one = mean(rows, of: isSecond, false), let other = mean(rows, of: isSecond, true)
    else { return nil }
    let secondCount = isSecond.count { $0 }
    func side(_ second: Bool) -> [Int] {
      founders.indices.filter { isSecond[$0] == second }.map { founders[$0] }
    }
    let isSecondSmaller = 2 * secondCount <= rows.count
    let (part, partMean, rest, restMean) =
      isSecondSmaller
      ? (side(true), other, side(false), one) : (side(false), one, side(true), other)
    let near = state.eras(ofFiguresAt: part).nearPairs(
      mean: partMean.span, size: Float(part.count), state.eras(ofFiguresAt: rest),
      mean: restMean.span, size: Float(rest.count))
    return Part(
      positions: part, reason: .twoModes, similarity: inner(one, other),
      meanLengths: (length(of: partMean.span), length(of: restMean.span)), near: near)
  }

  private func mean(_ rows: [[Float]], of sides: [Bool], _ side: Bool) -> [Float]? {
    var sum = [Float](repeating: 0, count: state.dimension)
    var count: Float = 0
    for (row, its) in zip(rows, sides) where its == side {
      count += 1
      for column in sum.indices { sum[column] += row[column] }
    }
    return count > 0 ? sum.map { $0 / count } : nil
  }

  private func inner(_ a: [Float], _ b: [Float]) -> Float { innerProduct(a.span, b.span) }

  // MARK: A waiting face that may be somebody's

  private func placesToAsk() -> [ClusterSuggestion] {
    let waiting = state.figures.enumerated.filter { $0.figure.cluster == nil }
      .sorted { $0.figure.figure < $1.figure.figure }.prefix(Self.waitingLimit)
    let floor = lowestDoubtful(tightness: 1)
    return waiting.compactMap { position, figure -> ClusterSuggestion? in
      let query = state.embeddings[position]
      var near: [(place: Int, similarity: Float)] = []
      state.means.visit(query.span, atLeast: floor) { place, similarity in
        guard let cluster = state.clusters[place], !cluster.founders.isEmpty,
          isAllowed(position, in: place)
        else { return }
        near.append((place, similarity))
      }
      near.sort {
        $0.similarity != $1.similarity
          ? $0.similarity > $1.similarity
          : state.cluster(at: $0.place).id < state.cluster(at: $1.place).id
      }
      let candidates = near.prefix(Self.rivalsPerCluster).map { place, average in
        let nearest = state.cluster(at: place).founders
          .map { state.embeddings.dot(query.span, row: $0) }.max()
        return ClusterSuggestion(
          subject: .place(figure.figure, state.cluster(at: place).id), reason: .nearlySimilar,
          averageSimilarity: average,
          minimumSimilarity: needed(
            toJoin: place, isUnclear: !figure.mayFound),
          probability: policy.probability(average: average, nearest: nearest), faceCount: 1)
      }
      return candidates.max { $0.probability < $1.probability }
    }
  }

  // MARK: Shared steps

  /// A question about two groups of faces; `nil` if the answer is hardly in doubt.
  private func question(
    _ subject: ClusterSuggestion.Subject, _ reason: ClusterSuggestion.Reason, _ similarity: Float,
    _ meanLengths: (Float, Float), near: NearPairs, faceCount: Int
  ) -> ClusterSuggestion? {
    let tightness =
      policy.tightness(ofMeanLength: meanLengths.0) * policy.tightness(ofMeanLength: meanLengths.1)
    let needed = policy.minimumSimilarity(tightness: tightness, at: level)
    let gain = policy.gain(
      similarity: similarity, tightness: tightness, near: near, at: level)
    guard reason == .onePhotograph || abs(gain) < Self.doubtfulMargin else { return nil }
    return ClusterSuggestion(
      subject: subject, reason: reason, averageSimilarity: similarity, minimumSimilarity: needed,
      probability: reason == .onePhotograph ? 0 : policy.probabilityOfOnePerson(gain: gain),
      faceCount: faceCount)
  }

  /// Whether what users said answers the question.
  private func isSettled(_ subject: ClusterSuggestion.Subject) -> Bool {
    switch subject {
    case .join(let a, let b):
      guard let left = state.placeOf[a], let right = state.placeOf[b] else { return true }
      return areApart(left, right) || areApart(right, left)
    case .split(let cluster, let part):
      guard let place = state.placeOf[cluster] else { return true }
      let leaving = Set(part)
      let pinned = figures(of: cluster).filter { constraints.pin(of: $0) == cluster }
      let isVouchedFor =
        pinned.contains(where: leaving.contains)
        && pinned.contains { !leaving.contains($0) }
      return isVouchedFor
        || part.contains { figure in
          constraints.group(of: figure).contains { mate in
            !leaving.contains(mate)
              && state.figures.position(of: mate).flatMap { state.figure(at: $0).cluster } == place
          }
        }
    case .place: return false
    }
  }

  /// Whether a figure of the first cluster cannot be in the second.
  private func areApart(_ place: Int, _ other: Int) -> Bool {
    let cluster = state.cluster(at: place)
    return (cluster.founders + cluster.joiners).contains { !isAllowed($0, in: other) }
  }

  /// Whether users said that two figures show one person.
  private func areOne(_ a: FigureID, _ b: FigureID) -> Bool {
    constraints.representative(of: a) == constraints.representative(of: b)
      || constraints.pin(of: a).map { constraints.pin(of: b) == $0 } ?? false
  }

  private func mostSimilarPair(_ left: [Int], _ right: [Int]) -> (FigureID, FigureID)? {
    var best: (a: Int, b: Int, similarity: Float)?
    for a in left {
      state.embeddings.withRow(a) { row in
        for b in right {
          let similarity = state.embeddings.dot(row, row: b)
          if best.map({ similarity > $0.similarity }) ?? true { best = (a, b, similarity) }
        }
      }
    }
    return best.map { (state.figure(at: $0.a).figure, state.figure(at: $0.b).figure) }
  }

  /// The figure that is most like the others on average.
  private func mostTypical(_ positions: [Int]) -> Int? {
    var sum = [Float](repeating: 0, count: state.dimension)
    for position in positions { state.embeddings.add(row: position, to: &sum) }
    return positions.max {
      state.embeddings.dot(sum.span, row: $0) < state.embeddings.dot(sum.span, row: $1)
    }
  }

  /// The lowest similarity of a cluster to another at which there may be a question.
  private func lowestDoubtful(tightness: Float) -> Float {
    policy.lowestSimilarity(tightness: tightness, at: level) - Self.doubtfulMargin
  }

  /// Beyond this distance of the average similarity from what is needed, nothing is asked.
  private static let doubtfulMargin: Float = 0.2
  /// How many clusters are asked about at most for one.
  private static let rivalsPerCluster = 8
  /// Waiting figures that are compared with all clusters, those longest known first.
  private static let waitingLimit = 4096
  /// A part of more figures is no matter for one question.
  private static let partLimit = 1000
  /// Rounds of two means; it settles after a few.
  private static let cuttingRounds = 12
}

extension ClusterState {
  /// Of all its figures.
  fileprivate var count: Int { founders.count + joiners.count }
}
