internal import FaceTypes
internal import VectorIndex

/// A founding figure that an unclear one is very like.
struct Exemplar: Sendable {
  /// The founding figure's position.
  let position: Int
  /// As clustering compares.
  let similarity: Float
}

/// What is known of the exemplars of unclear figures, by their positions.
struct ExemplarMemory: Sendable {
  /// Of figures that are being placed, until that is over or a clear figure comes.
  var found: [Int: [Exemplar]] = [:]
  /// Of figures that are in a cluster for the sake of one of its figures: that figure's position.
  var holders: [Int: Int] = [:]
}

extension IncrementalClusterer {
  /// The founding figures so like unclear figures that they may speak for their whole person, most
  /// similar first.
  ///
  /// An unclear face resembles few pictures of a person, those of the same pose and light, and then
  /// the average over all of them says little.
  ///
  /// - Parameters:
  ///   - positions: of unclear figures; the library is read once for a few of them.
  ///   - threads: among how many the work is divided; the outcome is the same.
  /// - Returns: a list for each.
  func exemplars(of positions: [Int], threads: Int = 1) -> [[Exemplar]] {
    let margin: Float = 1e-4
    let floor = policy.minimumCosineOfExemplar - margin
    let queries = positions.map { state.modelEmbedding(at: $0) }
    let parts = state.modelCodes.parts(threads)
    let found = concurrently(parts.count) { part in
      var lists = positions.map { _ in [Exemplar]() }
      state.modelCodes.visitBounds(
        each: queries, floors: positions.map { _ in floor }, rows: parts[part]
      ) { query, row, _ in
        if state.figures[row]?.mayFound == true {
          let similarity = state.embeddings.withRow(positions[query]) {
            state.embeddings.dot($0, row: row)
          }
          let cosine = state.modelSimilarity(
            similarity, state.centerShare(at: positions[query]), state.centerShare(at: row))
          if similarity > minimumSimilarityToExemplar, cosine >= policy.minimumCosineOfExemplar {
            lists[query].append(Exemplar(position: row, similarity: similarity))
          }
        }
        return floor
      }
      return lists
    }
    return positions.indices.map { query in
      let all = found.flatMap { $0[query] }.sorted { left, right in
        left.similarity != right.similarity
          ? left.similarity > right.similarity
          : state.figure(at: left.position).figure < state.figure(at: right.position).figure
      }
      return Array(all.prefix(policy.exemplarLimit))
    }
  }

  /// Finds the best clusters for many unclear figures, as ``placeUnclear(_:)`` does for one.
  mutating func placeAllUnclear(_ positions: [Int]) {
    var rest = positions[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(Self.exemplarQueries))
      rest = rest.dropFirst(some.count)
      exemplarMemory.found = Dictionary(
        uniqueKeysWithValues: zip(some, exemplars(of: some, threads: Self.exemplarThreads)))
      for position in some { placeUnclear(position) }
    }
    exemplarMemory.found = [:]
  }

  /// What an unclear figure has beyond what it needs to be in the cluster of an exemplar; `nil`
  /// where that does not count.
  ///
  /// - Parameters:
  ///   - exemplar: a founding figure that is very like it.
  ///   - position: of the unclear figure.
  ///   - place: of the cluster, whose figures it must resemble a little, too.
  /// - Returns: in similarity; positive if at all.
  func gain(from exemplar: Exemplar, of position: Int, in place: Int) -> Float? {
    guard state.figures[exemplar.position]?.cluster == place else { return nil }
    let average = state.embeddings.withRow(position) { state.means.dot($0, row: place) }
    let maySomeDecide = policy.maySomeDecide(
      similarity: average, tightness: tightness(of: place), at: level,
      allowance: policy.unclearAllowance)
    let gain = exemplar.similarity - minimumSimilarityToExemplar
    return maySomeDecide && gain > 0 ? gain : nil
  }

  /// What an unclear figure has beyond its need by the exemplar that it is in a cluster for.
  func gainFromHolder(of position: Int, in place: Int) -> Float? {
    guard let holder = exemplarMemory.holders[position],
      state.figures[holder]?.mayFound == true
    else { return nil }
    let similarity = state.embeddings.withRow(position) { state.embeddings.dot($0, row: holder) }
    return gain(
      from: Exemplar(position: holder, similarity: similarity), of: position, in: place)
  }

  /// Lets unclear figures follow a clear one that has just come and that they are very like.
  mutating func reviewUnclear(near newcomer: Int) {
    guard state.unclear.count > 0, let place = state.figures[newcomer]?.cluster else { return }
    let near = state.unclear.all(
      to: state.embeddings[newcomer], minimumSimilarity: minimumSimilarityToExemplar)
    for neighbor in near {
      guard let position = state.figures.position(of: neighbor.figure),
        let offered = gain(
          from: Exemplar(position: newcomer, similarity: neighbor.similarity), of: position,
          in: place), isAllowed(position, in: place)
      else { continue }
      if let current = state.figure(at: position).cluster {
        if state.cluster(at: current).isProtected { continue }
        if current == place || gain(of: position, in: current) >= offered { continue }
      }
      placeUnclear(position)
    }
  }

  private var minimumSimilarityToExemplar: Float {
    policy.minimumSimilarity(tightness: 1, at: level) + policy.exemplarCaution
  }

  /// So many figures are looked for in one pass over the library.
  private static let exemplarQueries = 32
  /// More would hardly help in one pass.
  private static let exemplarThreads = 4
}
