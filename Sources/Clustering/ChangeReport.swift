internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// The difference between now and the last time it was taken.
  mutating func takeChanges() -> [ClusterChange] {
    let journal = journal
    self.journal = Journal()
    var foundedFigures: [ClusterID: [FigureID]] = [:]
    for cluster in journal.founded { foundedFigures[cluster] = [] }
    var moves: [ClusterChange] = []
    var heirs: [ClusterID: Set<ClusterID?>] = [:]
    var leavers: [ClusterID: [FigureID]] = [:]
    for (figure, before) in journal.clusterBefore.sorted(by: { $0.key < $1.key }) {
      guard let position = state.figures.position(of: figure) else { continue }
      let now = cluster(of: figure)
      if let before, journal.ended.contains(before) {
        heirs[before, default: []].insert(now)
        leavers[before, default: []].append(figure)
        continue
      }
      if let change = change(of: position, figure, before, now, &foundedFigures) {
        moves.append(change)
      }
    }
    var ends: [ClusterChange] = []
    for cluster in journal.ended.sorted() {
      if heirs[cluster]?.count == 1, case let heir?? = heirs[cluster]?.first {
        ends.append(.merged(cluster, into: heir))
        continue
      }
      for figure in leavers[cluster] ?? [] {
        guard let position = state.figures.position(of: figure) else { continue }
        let now = self.cluster(of: figure)
        if let change = change(of: position, figure, cluster, now, &foundedFigures) {
          moves.append(change)
        }
      }
      ends.append(.dissolved(cluster))
    }
    let founded = foundedFigures.sorted { $0.key < $1.key }
      .map { ClusterChange.founded($0.key, figures: $0.value) }
    exemplarMemory.found = [:]
    return founded + moves + ends
  }

  private func change(
    of position: Int, _ figure: FigureID, _ before: ClusterID?, _ now: ClusterID?,
    _ founded: inout [ClusterID: [FigureID]]
  ) -> ClusterChange? {
    switch (before, now) {
    case (nil, let now?) where founded[now] != nil && state.figure(at: position).mayFound:
      founded[now]?.append(figure)
      return nil
    case (nil, let now?): return .joined(figure, now, evidence(for: position))
    case (let before?, let now?) where before != now:
      return .moved(figure, from: before, to: now, evidence(for: position))
    case (_?, _?): return nil
    case (_, nil): return .waiting(figure, from: before, waitingReason(for: position))
    }
  }

  /// What speaks for a figure being where it is.
  func evidence(for position: Int) -> JoiningEvidence {
    let embedding = state.embeddings[position]
    let figure = state.figure(at: position)
    guard let place = figure.cluster else {
      return JoiningEvidence(
        averageSimilarity: 0, nearest: nil, minimumSimilarity: nil, probability: 0, runnerUp: nil)
    }
    let others = state.cluster(at: place).founders.filter { $0 != position }
    var sum: Float = 0
    var nearest: Neighbor?
    for other in others {
      let similarity = state.embeddings.dot(embedding.span, row: other)
      sum += similarity
      let neighbor = Neighbor(figure: state.figure(at: other).figure, similarity: similarity)
      if nearest.map({ neighbor.precedes($0) }) ?? true { nearest = neighbor }
    }
    let count = Float(others.count)
    let average = count > 0 ? sum / count : 0
    let isPinned = constraints.pin(of: figure.figure) == state.cluster(at: place).id
    let needed = needed(for: position, in: place)
    let probability = policy.probability(average: average, nearest: nearest?.similarity)
    return JoiningEvidence(
      averageSimilarity: average, nearest: nearest, minimumSimilarity: isPinned ? nil : needed,
      probability: isPinned || nearest == nil ? 1 : probability,
      runnerUp: best(of: embedding, except: place))
  }

  private func waitingReason(for position: Int) -> WaitingReason {
    placesForUnclear(position).isEmpty ? .tooUnclearToFound : .excluded
  }

  private func best(of embedding: [Float], except place: Int?) -> JoiningEvidence.RunnerUp? {
    var best: (place: Int, similarity: Float)?
    state.means.visit(embedding.span, floor: 0) { other, similarity in
      if similarity > best?.similarity ?? 0, other != place, state.exists(other) {
        best = (other, similarity)
      }
      return best?.similarity ?? 0
    }
    return best.map {
      JoiningEvidence.RunnerUp(
        cluster: state.cluster(at: $0.place).id, averageSimilarity: $0.similarity)
    }
  }
}
