public import FaceTypes

/// What somebody else decided: a user, or the log when something is taken back.
public struct Imposition: Sendable {
  /// Where figures go; `nil` lets them wait.
  public var placements: [FigureID: ClusterID?]
  public var released: [Constraint]
  public var stated: [Constraint]
  /// Whether these clusters are users' now.
  public var protection: [ClusterID: Bool]
  /// Before when no face shows the person of a protected cluster; `nil` takes that back.
  public var births: [ClusterID: Timestamp?]

  public init(
    placements: [FigureID: ClusterID?] = [:], released: [Constraint] = [],
    stated: [Constraint] = [], protection: [ClusterID: Bool] = [:],
    births: [ClusterID: Timestamp?] = [:]
  ) {
    self.placements = placements
    self.released = released
    self.stated = stated
    self.protection = protection
    self.births = births
  }
}

extension IncrementalClusterer {
  /// Puts everything where somebody else decided, and decides nothing.
  ///
  /// Clusters that do not exist are made under their identifiers. Figures that are unknown are
  /// passed over. Nothing is looked at again because of it, so that what is taken back stays as it
  /// was.
  ///
  /// - Parameter imposition: what was decided.
  /// - Returns: the clusters that ended because nothing is left in them, in ascending order, and
  ///   the statements that contradict others; those are not taken.
  public mutating func impose(
    _ imposition: Imposition
  ) -> (ended: [ClusterID], conflicts: [ConstraintConflict]) {
    for statement in imposition.released { _ = constraints.remove(statement) }
    let conflicts = imposition.stated.compactMap { constraints.add($0) }
    for (cluster, isProtected) in imposition.protection.sorted(by: { $0.key < $1.key }) {
      guard isProtected || state.placeOf[cluster] != nil else { continue }
      state.setProtected(state.placeOf[cluster] ?? makeCluster(cluster), isProtected)
    }
    for (cluster, birth) in imposition.births {
      if let place = state.placeOf[cluster] { state.setBirth(place, birth) }
    }
    var sources = Set(imposition.protection.keys)
    sources.formUnion(imposition.released.compactMap(\.cluster))
    for (figure, cluster) in imposition.placements.sorted(by: { $0.key < $1.key }) {
      guard let position = state.figures.position(of: figure) else { continue }
      if let old = state.figure(at: position).cluster { sources.insert(state.cluster(at: old).id) }
      state.move(position, to: cluster.map { state.placeOf[$0] ?? makeCluster($0) })
    }
    var ended: [ClusterID] = []
    for cluster in sources.sorted() {
      guard let place = state.placeOf[cluster] else { continue }
      let left = state.cluster(at: place)
      guard left.isEmpty, !left.isProtected, !constraints.anchoredClusters.contains(cluster)
      else { continue }
      state.removeCluster(at: place)
      ended.append(cluster)
    }
    journal = Journal()
    return (ended, conflicts)
  }

  /// Takes in a figure that waits until somebody says where it belongs; nothing is decided.
  ///
  /// - Precondition: it is not there already.
  public mutating func insertWaiting(_ figure: ClusterableFigure) { _ = state.insert(figure) }

  /// Forgets figures and what was said of them, and decides nothing; unknown ones are passed over.
  public mutating func forget(_ figures: [FigureID]) {
    for figure in figures {
      guard let position = state.figures.position(of: figure) else { continue }
      state.move(position, to: nil)
      state.removeFigure(at: position)
    }
    constraints.forget(Set(figures))
  }
}

extension Constraint {
  /// The cluster that the statement is about.
  fileprivate var cluster: ClusterID? {
    switch self {
    case .pin(_, let cluster), .exclude(_, let cluster): cluster
    case .mustLink, .cannotLink: nil
    }
  }
}
