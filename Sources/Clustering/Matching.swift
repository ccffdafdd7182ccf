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

/// A face to look for among the faces of a library.
public struct FaceToFind: Sendable {
  /// Unit length, as the model gives it.
  public let embedding: [Float]
  /// The smallest cosine of a figure that is found.
  public let minimumSimilarity: Float
  /// How many clusters at most are found.
  public let clusterCount: Int

  /// - Parameters:
  ///   - embedding: unit length, as the model gives it.
  ///   - minimumSimilarity: the smallest cosine of a figure; an infinite one if none are wanted.
  ///   - clusterCount: how many clusters at most; zero if none are wanted.
  public init(
    embedding: [Float], minimumSimilarity: Float = .infinity, clusterCount: Int = 0
  ) {
    self.embedding = embedding
    self.minimumSimilarity = minimumSimilarity
    self.clusterCount = clusterCount
  }
}

/// What a library has that resembles a face.
public struct FoundFaces: Sendable {
  /// The similar figures, by falling similarity.
  public let neighbors: [Neighbor]
  /// The clusters whose person it most probably shows, by falling probability.
  public let matches: [ClusterMatch]
}

extension IncrementalClusterer {
  /// Looks for several faces at once: the embeddings are read once for all of them.
  ///
  /// - Parameters:
  ///   - faces: what to look for.
  ///   - threads: among how many the work is divided; the outcome is the same.
  /// - Returns: the same for each face as if it were looked for alone.
  public func find(_ faces: [FaceToFind], threads: Int = 1) -> [FoundFaces] {
    let neighbors = neighbors(of: faces, threads: threads)
    let matches = matches(for: faces, threads: threads)
    return zip(neighbors, matches).map { FoundFaces(neighbors: $0, matches: $1) }
  }

  /// The clusters whose person a face most probably shows, best first; nothing is changed.
  ///
  /// - Parameters:
  ///   - embedding: unit length, as the model gives it.
  ///   - count: how many clusters at most.
  /// - Returns: by falling probability.
  public func matches(for embedding: [Float], count: Int) -> [ClusterMatch] {
    let face = FaceToFind(embedding: embedding, clusterCount: count)
    return matches(for: [face], threads: 1)[0]
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
    let face = FaceToFind(embedding: embedding, minimumSimilarity: minimumSimilarity)
    let found = neighbors(of: [face], threads: 1)[0]
    return count < found.count ? Array(found.prefix(count)) : found
  }

  /// Clusters with the average similarity of their founders to a face.
  private struct Candidate: Ranked {
    let place: Int
    let cluster: ClusterID
    let similarity: Float

    func precedes(_ other: Candidate) -> Bool {
      similarity != other.similarity ? similarity > other.similarity : cluster < other.cluster
    }
  }

  private func matches(for faces: [FaceToFind], threads: Int) -> [[ClusterMatch]] {
    let wanted = faces.filter { $0.clusterCount > 0 }
    guard !wanted.isEmpty else { return faces.map { _ in [] } }
    let queries = wanted.map { state.centered($0.embedding) }
    let none = wanted.map { face in
      // A face may be far from the average and near to one picture, so more are compared in full.
      NearestNeighbors<Candidate>(
        limit: max(16, 4 * face.clusterCount),
        minimumSimilarity: policy.minimumSimilarityToConsider)
    }
    let parts = state.means.parts(threads)
    let floors = SharedFloors(none.map(\.bar))
    let found = concurrently(parts.count) { part in
      var best = none
      state.means.visit(each: queries.map(\.0), floors: floors.all, rows: parts[part]) {
        query, place, average in
        if let cluster = state.clusters[place], !cluster.founders.isEmpty {
          best[query].offer(Candidate(place: place, cluster: cluster.id, similarity: average))
        }
        return floors.raise(query, to: best[query].bar)
      }
      return best.map { $0.sorted() }
    }
    var lists = wanted.indices.map { query in
      var best = none[query]
      for part in found { for candidate in part[query] { best.offer(candidate) } }
      let matches = best.sorted().map { candidate in
        match(
          queries[query].0, queries[query].1, candidate.place, average: candidate.similarity)
      }
      .sorted { left, right in
        if left.probability != right.probability { return left.probability > right.probability }
        return left.cluster < right.cluster
      }
      return Array(matches.prefix(wanted[query].clusterCount))
    }[...]
    return faces.map { $0.clusterCount > 0 ? lists.removeFirst() : [] }
  }

  private func neighbors(of faces: [FaceToFind], threads: Int) -> [[Neighbor]] {
    let wanted = faces.filter { $0.minimumSimilarity < .infinity }
    guard !wanted.isEmpty else { return faces.map { _ in [] } }
    let queries = wanted.map { state.centered($0.embedding) }
    // A cosine is put together from parts; rounding hides less than the margin.
    let margin: Float = 1e-4
    let floors = wanted.map { $0.minimumSimilarity - margin }
    let parts = state.modelCodes.parts(threads)
    let found = concurrently(parts.count) { part in
      var lists = wanted.map { _ in [Neighbor]() }
      state.modelCodes.visitBounds(
        each: wanted.map(\.embedding), floors: floors, rows: parts[part]
      ) { query, row, _ in
        if let figure = state.figures[row] {
          let (centered, share) = queries[query]
          let similarity = state.modelSimilarity(
            state.embeddings.dot(centered.span, row: row), share, state.centerShare(at: row))
          if similarity >= wanted[query].minimumSimilarity {
            lists[query].append(Neighbor(figure: figure.figure, similarity: similarity))
          }
        }
        return floors[query]
      }
      return lists
    }
    var lists = wanted.indices.map { query in
      found.flatMap { $0[query] }.sorted { $0.precedes($1) }
    }[...]
    return faces.map { $0.minimumSimilarity < .infinity ? lists.removeFirst() : [] }
  }

  /// How probable it is that a figure shows its cluster's person, in 0…1; `nil` if it waits or is
  /// unknown, and 1 if it is the only one.
  public func confidence(of figure: FigureID) -> Float? {
    guard let position = state.figures.position(of: figure),
      state.figure(at: position).cluster != nil
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
      similarity: state.modelSimilarity(
        nearest.similarity, share, state.centerShare(at: nearest.position)),
      nearest: figure.figure, averageSimilarity: average,
      probability: policy.probability(average: average, nearest: nearest.similarity),
      isConfident: average > needed)
  }
}
