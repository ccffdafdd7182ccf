internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import VectorIndex

/// Whom a face search is for: examples of the person, and of people who are not meant.
struct FaceQuery: Sendable {
  var examples: [Embedding] = []
  var counterexamples: [Embedding] = []
  /// People who are meant, with all of their figures.
  var clusters: [ClusterID] = []
  /// The least cosine of a figure that is a hit by itself.
  var minimumSimilarity: Float
  /// Whether only figures that are hits by themselves lead to the rest of their cluster.
  var isStrict = false
  /// The least probability of a hit.
  var minimumScore: Float = 0
}

/// A figure that a search found.
struct FigureHit: Sendable, Hashable {
  let figure: FigureID
  let media: MediaID
  /// The probability that it shows the person, in 0…1.
  let score: Float
  /// The highest cosine with an example; `nil` without examples.
  let similarity: Float?

  /// Whether this is the better hit; of scores that are shown alike, the more similar figure is.
  func precedes(_ other: FigureHit) -> Bool {
    let (left, right) = (Double(share: score), Double(share: other.score))
    guard left == right else { return left > right }
    let (near, far) = (similarity ?? -1, other.similarity ?? -1)
    return near != far ? near > far : figure < other.figure
  }
}

extension Service {
  /// The figures of a library that show the person, best first.
  ///
  /// A figure is a hit if it resembles an example enough by itself, or if it is in a cluster that
  /// an example would join: so a person's hard pictures are found through the easy ones. A figure
  /// that resembles a counter-example at least as much is none.
  func hits(
    _ query: FaceQuery, in library: LibraryID, _ snapshot: Snapshot
  ) throws -> [FigureHit] {
    let faces = try people.faces(of: library)
    let calibration = faces.calibration
    var best: [FigureID: Float] = [:]
    func offer(_ figure: FigureID, _ probability: Float) {
      best[figure] = max(best[figure] ?? 0, probability)
    }
    var records: [FigureID: (figure: FigureRecord, embedding: Embedding)] = [:]
    func record(
      _ id: FigureID
    ) throws -> (figure: FigureRecord, embedding: Embedding)? {
      if let known = records[id] { return known }
      guard let figure = try snapshot.figure(id), let embedding = try snapshot.embedding(of: id)
      else { return nil }
      records[id] = (figure, embedding)
      return (figure, embedding)
    }
    // What another model saw has no place among the faces.
    let examples = query.examples.filter { $0.fingerprint == people.model.fingerprint }
    let found = faces.find(
      examples.map {
        FaceToFind(
          embedding: $0.values, minimumSimilarity: query.minimumSimilarity, clusterCount: 3)
      })
    for (example, found) in zip(examples, found) {
      var near: Set<ClusterID> = []
      for neighbor in found.neighbors {
        guard let (figure, embedding) = try record(neighbor.figure) else { continue }
        if let cluster = figure.cluster { near.insert(cluster) }
        offer(
          figure.id,
          calibration.probability(
            similarity: neighbor.similarity, norms: example.norm, embedding.norm))
      }
      for match in found.matches
      where match.isConfident && (!query.isStrict || near.contains(match.cluster)) {
        for figure in try snapshot.figures(snapshot.figureIDs(in: match.cluster)) {
          offer(figure.id, match.probability * (figure.clusterConfidence ?? 1))
        }
      }
    }
    for cluster in query.clusters {
      for figure in try snapshot.figures(snapshot.figureIDs(in: cluster)) {
        offer(figure.id, figure.clusterConfidence ?? 1)
      }
    }
    var hits: [FigureHit] = []
    for (id, score) in best where score >= query.minimumScore {
      guard let (figure, embedding) = try record(id) else { continue }
      let similarity = query.examples.compactMap { embedding.cosineSimilarity($0) }.max()
      if let other = query.counterexamples.compactMap({ embedding.cosineSimilarity($0) }).max(),
        other >= similarity ?? calibration.minimumSimilarityToReport
      {
        continue
      }
      hits.append(
        FigureHit(figure: id, media: figure.media, score: score, similarity: similarity))
    }
    return hits.sorted { $0.precedes($1) }
  }

  /// The media of a library that show the enrolled person that `EntityId` names, by the person's
  /// pictures and by the clusters that are tied to it; `nil` without that parameter.
  func mediaOfEntity(
    _ parameters: Parameters, in library: LibraryID, _ snapshot: Snapshot
  ) throws -> [MediaID]? {
    guard let entity = try snapshot.entity(parameters) else { return nil }
    let samples = try snapshot.samples(of: entity.id).map(\.embedding)
    let rate = EnrolledPeople.standardRate / Double(max(1, samples.count))
    let query = FaceQuery(
      examples: samples,
      minimumSimilarity: FalseAcceptCalibration().similarity(falseAcceptRate: rate),
      isStrict: true)
    let found = Set(try hits(query, in: library, snapshot).map(\.media))
    return found.union(try snapshot.media(ofClustersOf: entity.id, in: library)).sorted()
  }
}
