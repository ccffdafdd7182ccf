internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import VectorIndex
internal import WireProtocol

/// Everything that bears on where a face is, gathered from memory and store.
struct Explanation {
  let figure: FigureRecord
  let own: ClusterStanding?
  let other: ClusterStanding?
  /// Whether a client asked about ``other``; else it is the next best cluster.
  let isOtherAskedFor: Bool
  let chain: [Neighbor]
  let statements: [IdentityStatement]

  /// How many of the most similar faces of each side are named.
  private static let exemplarCount = 3

  /// - Parameters:
  ///   - figure: to explain.
  ///   - asked: the cluster that the question is about; `nil` for the figure's own.
  ///   - faces: of the figure's library.
  ///   - snapshot: to read statements from.
  /// - Throws: ``StoreError``.
  init(
    of figure: FigureRecord, asked: ClusterID?, faces: LibraryFaces, from snapshot: Snapshot
  ) throws {
    self.figure = figure
    let asked = asked == figure.cluster ? nil : asked
    isOtherAskedFor = asked != nil
    let linked: [FigureID]
    (own, other, chain, linked) = faces.read { clusterer in
      func standing(_ cluster: ClusterID?) -> ClusterStanding? {
        cluster.flatMap {
          clusterer.standing(of: figure.id, in: $0, exemplarCount: Self.exemplarCount)
        }
      }
      return (
        standing(figure.cluster),
        standing(asked ?? clusterer.bestOtherCluster(for: figure.id)),
        clusterer.chainToCore(of: figure.id), clusterer.figuresLinked(with: figure.id)
      )
    }
    var statements: [IdentityStatement] = []
    for figure in linked {
      for statement in try snapshot.statements(of: figure) where !statements.contains(statement) {
        statements.append(statement)
      }
    }
    self.statements = statements
  }

  /// Whether a user said that the face belongs where it is.
  var isPinned: Bool {
    statements.contains {
      if case .pin(_, let cluster) = $0 { cluster == figure.cluster } else { false }
    }
  }

  /// Whether a user said that the face shows the same person as another one.
  var isLinked: Bool {
    statements.contains {
      if case .mustLink(let a, let b) = $0 { a == figure.id || b == figure.id } else { false }
    }
  }

  /// Whether a user said that the face is not in the other cluster.
  var isExcluded: Bool {
    guard let other else { return false }
    return statements.contains {
      if case .exclude(_, let cluster) = $0 { cluster == other.cluster } else { false }
    }
  }
}

extension Snapshot {
  /// An explanation as the wire has it.
  ///
  /// - Parameters:
  ///   - explanation: of a figure of this store.
  ///   - calibration: for the probability that two faces show one person.
  /// - Returns: the explanation, with a line for people.
  /// - Throws: ``StoreError``.
  func message(
    _ explanation: Explanation, _ calibration: PairCalibration
  ) throws -> ExplainFigureResult {
    let figure = explanation.figure
    let norms = NormLookup(self)
    func similar(_ neighbor: Neighbor, to figure: FigureID) throws -> SimilarFigure? {
      guard let record = try self.figure(neighbor.figure) else { return nil }
      return SimilarFigure(
        figureID: record.publicID.asFigure, similarity: Double(share: neighbor.similarity),
        probability: Double(
          share: calibration.probability(
            similarity: neighbor.similarity, norms: try norms[figure], try norms[record.id])))
    }
    func message(_ standing: ClusterStanding?) throws -> ClusterStandingMessage? {
      guard let standing, let cluster = try cluster(standing.cluster) else { return nil }
      return ClusterStandingMessage(
        objectID: cluster.publicID.asCluster, name: cluster.name,
        comparedFaces: standing.comparedCount,
        averageSimilarity: Double(share: standing.averageSimilarity),
        neededSimilarity: Double(share: standing.minimumSimilarity),
        probability: Double(share: standing.probability),
        exemplars: try standing.exemplars.compactMap { try similar($0, to: figure.id) },
        samePhotograph: try figures(standing.siblings).map(\.publicID.asFigure),
        nearInTime: standing.nearInTime.map {
          .init(
            comparedFaces: $0.comparedCount, averageSimilarity: Double(share: $0.averageSimilarity),
            neededSimilarity: Double(share: $0.minimumSimilarity))
        })
    }
    var chain: [SimilarFigure] = []
    var previous = figure.id
    for step in explanation.chain {
      if let link = try similar(step, to: previous) { chain.append(link) }
      previous = step.figure
    }
    let (own, other) = (try message(explanation.own), try message(explanation.other))
    var margin: Double?
    if let own = explanation.own, let other = explanation.other {
      margin = Double(share: own.gain - other.gain)
    }
    return ExplainFigureResult(
      sentence: explanation.sentence(
        own: own, other: other,
        weakestLink: chain.min {
          $0.probability < $1.probability
        }), figureID: figure.publicID.asFigure,
      figureClusterID: try figure.cluster.flatMap { try cluster($0)?.publicID.asCluster },
      waitingReason: figure.waitingReason, faceQuality: Double(share: figure.quality.value),
      foundingObstacles: figure.quality.obstacles.names, own: own, other: other, margin: margin,
      chain: chain, statements: try explanation.statements.compactMap { try statementMessage($0) })
  }

  private func statementMessage(_ statement: IdentityStatement) throws -> StatementMessage? {
    guard let figure = try figure(statement.figure) else { return nil }
    return StatementMessage(
      kind: statement.word, figureID: figure.publicID.asFigure,
      otherFigureID: try statement.otherFigure.flatMap { try self.figure($0)?.publicID.asFigure },
      figureClusterID: try statement.cluster.flatMap { try cluster($0)?.publicID.asCluster },
      eventID: try identityEvent(stating: statement)?.publicID.asEvent)
  }
}

extension IdentityStatement {
  /// Its kind as the wire spells it.
  var word: String {
    switch self {
    case .pin: "Pin"
    case .exclude: "Exclude"
    case .mustLink: "MustLink"
    case .cannotLink: "CannotLink"
    case .notAFace: "NotAFace"
    }
  }
}

/// The lengths of raw embeddings.
private struct NormLookup {
  private let snapshot: Snapshot

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  subscript(figure: FigureID) -> Float {
    get throws { try snapshot.embedding(of: figure)?.norm ?? 0 }
  }
}
