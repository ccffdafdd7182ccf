public import FaceTypes
public import VectorIndex

/// A cluster whose person a face may show.
public struct ClusterMatch: Sendable, Hashable {
  public let cluster: ClusterID
  /// The cosine with the most similar figure of the cluster, as the model gives it.
  public let similarity: Float
  public let nearest: FigureID
  /// The average similarity to the cluster's founding figures, as the clusterer compares.
  public let averageSimilarity: Float
  /// That the face shows the cluster's person, in 0…1.
  public let probability: Float
  /// Whether the face, were it added, would be near enough to join.
  public let isConfident: Bool
}

extension IncrementalClusterer {
  /// The clusters whose person a face most probably shows, best first; nothing is changed.
  ///
  /// - Parameters:
  ///   - embedding: unit length, as the model gives it.
  ///   - norm: the length of the raw embedding.
  ///   - count: how many clusters at most.
  /// - Returns: by falling probability.
  public func matches(for embedding: [Float], norm: Float, count: Int) -> [ClusterMatch] {
    guard count > 0 else { return [] }
    let (query, queryShare) = state.centered(embedding)
    var candidates: [(place: Int, average: Float)] = []
    state.means.visit(query.span, atLeast: policy.minimumSimilarityToConsider) { place, average in
      guard state.clusters[place]?.founders.isEmpty == false else { return }
      candidates.append((place, average))
    }
    candidates.sort {
      $0.average != $1.average
        ? $0.average > $1.average : state.cluster(at: $0.place).id < state.cluster(at: $1.place).id
    }
    // A face may be far from the average and near to one picture, so more are compared in full.
    var matches = candidates.prefix(max(16, 4 * count)).map { candidate in
      match(query, queryShare, candidate.place, average: candidate.average)
    }
    matches.sort { left, right in
      if left.probability != right.probability { return left.probability > right.probability }
      return left.cluster < right.cluster
    }
    return Array(matches.prefix(count))
  }

  /// The figures most similar to a face, by the cosine as the model gives it, best first; exact.
  ///
  /// - Parameters:
  ///   - embedding: unit length, as the model gives it.
  ///   - minimumSimilarity: the smallest cosine.
  ///   - count: how many figures at most.
  /// - Returns: by falling similarity.
  public func neighbors(
    of embedding: [Float], minimumSimilarity: Float, count: Int = .max
  ) -> [Neighbor] {
    let (query, queryShare) = state.centered(embedding)
    var found: [Neighbor] = []
    state.embeddings.scanBounds(query.span) { first, bounds in
      for index in bounds.indices {
        let row = first + index
        guard let figure = state.figures[row],
          // The model's cosine only grows with that of the centered embeddings.
          state.modelSimilarity(bounds[index], queryShare, figure.centerShare) >= minimumSimilarity
        else { continue }
        let similarity = state.modelSimilarity(
          state.embeddings.dot(query.span, row: row), queryShare, figure.centerShare)
        if similarity >= minimumSimilarity {
          found.append(Neighbor(figure: figure.figure, similarity: similarity))
        }
      }
    }
    found.sort { $0.precedes($1) }
    return count < found.count ? Array(found.prefix(count)) : found
  }

  /// How probable it is that a figure shows its cluster's person, in 0…1; `nil` if it waits or is
  /// unknown, and 1 if it is the only one.
  public func confidence(of figure: FigureID) -> Float? {
    guard let position = state.positionOf[figure], state.figure(at: position).cluster != nil
    else { return nil }
    return evidence(for: position).probability
  }

  private func match(
    _ query: [Float], _ share: CenterShare, _ place: Int, average: Float
  ) -> ClusterMatch {
    let cluster = state.cluster(at: place)
    var nearest = (position: cluster.founders[0], similarity: -Float.infinity)
    for position in cluster.founders {
      let similarity = state.embeddings.dot(query.span, row: position)
      if similarity > nearest.similarity { nearest = (position, similarity) }
    }
    let figure = state.figure(at: nearest.position)
    let needed = needed(toJoin: place, isUnclear: false)
    return ClusterMatch(
      cluster: cluster.id,
      similarity: state.modelSimilarity(nearest.similarity, share, figure.centerShare),
      nearest: figure.figure, averageSimilarity: average,
      probability: policy.probability(average: average, nearest: nearest.similarity),
      isConfident: average > needed)
  }
}
