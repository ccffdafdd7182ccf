public import FaceTypes

/// A figure that another grouping puts elsewhere; without a cluster it waits.
public struct RegroupedFigure: Hashable, Sendable {
  public let figure: FigureID
  public let from: ClusterID?
  public let to: ClusterID?

  public init(figure: FigureID, from: ClusterID?, to: ClusterID?) {
    self.figure = figure
    self.from = from
    self.to = to
  }
}

/// A part of the difference between two groupings that can be made without the rest: its clusters
/// have no figure in common with those of any other part.
public struct RegroupingChange: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Clusters end, and all that they had goes to others; none is founded.
    case join = "Join"
    /// Clusters are founded with figures of others; none ends.
    case split = "Split"
    /// Clusters are founded with figures that waited.
    case found = "Found"
    /// Figures leave clusters and wait.
    case wait = "Wait"
    /// Figures go from cluster to cluster, or come from waiting; whatever else is none of these.
    case move = "Move"
  }

  public let kind: Kind
  /// By figure, in ascending order.
  public let moves: [RegroupedFigure]
  /// Clusters of the new grouping that the old one does not have, in ascending order.
  public let founded: [ClusterID]
}

extension IncrementalClusterer {
  /// What leads from this grouping to `other` of the same figures, the largest changes first.
  public func changes(to other: IncrementalClusterer) -> [RegroupingChange] {
    let moves = figures.compactMap { figure -> RegroupedFigure? in
      let move = RegroupedFigure(
        figure: figure, from: cluster(of: figure), to: other.cluster(of: figure))
      return move.from == move.to ? nil : move
    }
    return connected(moves).map { change(of: $0, to: other) }
      .sorted { ($1.moves.count, $0.moves[0].figure) < ($0.moves.count, $1.moves[0].figure) }
  }

  private func change(
    of moves: [RegroupedFigure], to other: IncrementalClusterer
  ) -> RegroupingChange {
    let sources = Set(moves.compactMap(\.from))
    let founded = Set(moves.compactMap(\.to)).filter { state.placeOf[$0] == nil }.sorted()
    let isEnding = sources.contains { other.figures(of: $0).isEmpty }
    let kind: RegroupingChange.Kind =
      if moves.allSatisfy({ $0.to == nil }) {
        .wait
      } else if sources.isEmpty {
        founded.isEmpty ? .move : .found
      } else {
        switch (isEnding, founded.isEmpty) {
        case (true, true): .join
        case (false, false): .split
        default: .move
        }
      }
    return RegroupingChange(kind: kind, moves: moves, founded: founded)
  }
}

/// Moves in sets that have no cluster in common, each in the order given.
private func connected(_ moves: [RegroupedFigure]) -> [[RegroupedFigure]] {
  var parents: [ClusterID: ClusterID] = [:]
  func root(_ cluster: ClusterID) -> ClusterID {
    var current = cluster
    while let parent = parents[current] { current = parent }
    // Shortens the way for the next time.
    var step = cluster
    while let parent = parents[step], parent != current {
      parents[step] = current
      step = parent
    }
    return current
  }
  for move in moves {
    guard let from = move.from, let to = move.to else { continue }
    let (a, b) = (root(from), root(to))
    if a != b { parents[max(a, b)] = min(a, b) }
  }
  var parts: [ClusterID: [RegroupedFigure]] = [:]
  for move in moves {
    guard let cluster = move.from ?? move.to else { continue }
    parts[root(cluster), default: []].append(move)
  }
  return Array(parts.values)
}
