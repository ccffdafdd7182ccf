internal import FaceTypes

/// The users' statements with everything that follows from them.
///
/// Must-links make groups of figures (union–find, the smallest figure stands for its group); what
/// is said of one figure holds for its group. A statement that contradicts the others is refused.
struct ConstraintSet: Sendable {
  private var parents: [FigureID: FigureID] = [:]
  private(set) var groups: [FigureID: [FigureID]] = [:]
  private var pins: [FigureID: ClusterID] = [:]
  private var exclusions: [FigureID: Set<ClusterID>] = [:]
  private var apart: [FigureID: Set<FigureID>] = [:]
  /// In the order in which they were accepted.
  private(set) var accepted: [Constraint] = []
  private(set) var anchoredClusters: Set<ClusterID> = []

  /// The figure that stands for all that must be with this one.
  func representative(of figure: FigureID) -> FigureID {
    var current = figure
    while let parent = parents[current] { current = parent }
    return current
  }

  /// All figures that must be with this one, itself included, in ascending order.
  func group(of figure: FigureID) -> [FigureID] {
    groups[representative(of: figure)] ?? [figure]
  }

  func pin(of figure: FigureID) -> ClusterID? { pins[representative(of: figure)] }

  func isExcluded(_ figure: FigureID, from cluster: ClusterID) -> Bool {
    exclusions[representative(of: figure)]?.contains(cluster) ?? false
  }

  /// The groups that this figure's group must be kept apart from, by representative.
  func keptApart(from figure: FigureID) -> Set<FigureID> {
    apart[representative(of: figure)] ?? []
  }

  func areKeptApart(_ a: FigureID, _ b: FigureID) -> Bool {
    keptApart(from: a).contains(representative(of: b))
  }

  /// Whether anything was said of this figure or of one linked with it.
  func concerns(_ figure: FigureID) -> Bool {
    let group = representative(of: figure)
    return groups[group] != nil || pins[group] != nil || exclusions[group] != nil
      || apart[group] != nil
  }

  /// Takes a statement, or says what it contradicts and leaves everything as it was.
  mutating func add(_ constraint: Constraint) -> ConstraintConflict? {
    if let reason = contradiction(constraint) {
      return ConstraintConflict(refused: constraint, reason: reason)
    }
    guard !accepted.contains(constraint) else { return nil }
    accepted.append(constraint)
    apply(constraint)
    return nil
  }

  /// Takes back a statement; everything that follows only from it goes with it.
  ///
  /// - Returns: whether it had been made.
  mutating func remove(_ constraint: Constraint) -> Bool {
    guard let position = accepted.firstIndex(of: constraint) else { return false }
    var rest = accepted
    rest.remove(at: position)
    self = ConstraintSet()
    for constraint in rest {
      accepted.append(constraint)
      apply(constraint)
    }
    return true
  }

  /// Forgets what was said of a figure that is no more; what follows for others goes with it.
  mutating func forget(_ figures: Set<FigureID>) {
    let rest = accepted.filter { constraint in
      switch constraint {
      case .pin(let figure, _), .exclude(let figure, _): !figures.contains(figure)
      case .mustLink(let a, let b), .cannotLink(let a, let b):
        !figures.contains(a) && !figures.contains(b)
      }
    }
    guard rest.count != accepted.count else { return }
    self = ConstraintSet()
    for constraint in rest {
      accepted.append(constraint)
      apply(constraint)
    }
  }

  private func contradiction(_ constraint: Constraint) -> ConstraintConflict.Reason? {
    switch constraint {
    case .pin(let figure, let cluster):
      if let pinned = pin(of: figure), pinned != cluster { return .pinnedApart(pinned, cluster) }
      if isExcluded(figure, from: cluster) { return .pinnedAndExcluded(cluster) }
      let rivals = keptApart(from: figure)
      if rivals.contains(where: { pins[$0] == cluster }) { return .linkedAndKeptApart }
    case .exclude(let figure, let cluster):
      if pin(of: figure) == cluster { return .pinnedAndExcluded(cluster) }
    case .mustLink(let a, let b):
      if areKeptApart(a, b) { return .linkedAndKeptApart }
      switch (pin(of: a), pin(of: b)) {
      case (let left?, let right?) where left != right: return .pinnedApart(left, right)
      case (let left?, _) where isExcluded(b, from: left): return .pinnedAndExcluded(left)
      case (_, let right?) where isExcluded(a, from: right): return .pinnedAndExcluded(right)
      case (let left?, nil) where keptApart(from: b).contains(where: { pins[$0] == left }):
        return .linkedAndKeptApart
      case (nil, let right?) where keptApart(from: a).contains(where: { pins[$0] == right }):
        return .linkedAndKeptApart
      default: break
      }
    case .cannotLink(let a, let b):
      if representative(of: a) == representative(of: b) { return .linkedAndKeptApart }
      if let pinned = pin(of: a), pin(of: b) == pinned { return .linkedAndKeptApart }
    }
    return nil
  }

  private mutating func apply(_ constraint: Constraint) {
    switch constraint {
    case .pin(let figure, let cluster):
      pins[representative(of: figure)] = cluster
      anchoredClusters.insert(cluster)
    case .exclude(let figure, let cluster):
      exclusions[representative(of: figure), default: []].insert(cluster)
      anchoredClusters.insert(cluster)
    case .mustLink(let a, let b):
      union(representative(of: a), representative(of: b))
    case .cannotLink(let a, let b):
      let (left, right) = (representative(of: a), representative(of: b))
      apart[left, default: []].insert(right)
      apart[right, default: []].insert(left)
    }
  }

  private mutating func union(_ a: FigureID, _ b: FigureID) {
    guard a != b else { return }
    let (kept, gone) = (min(a, b), max(a, b))
    groups[kept] = ((groups[kept] ?? [kept]) + (groups.removeValue(forKey: gone) ?? [gone]))
      .sorted()
    parents[gone] = kept
    if let pin = pins.removeValue(forKey: gone) { pins[kept] = pin }
    if let clusters = exclusions.removeValue(forKey: gone) {
      exclusions[kept, default: []].formUnion(clusters)
    }
    for rival in apart.removeValue(forKey: gone) ?? [] {
      apart[rival]?.remove(gone)
      apart[rival]?.insert(kept)
      apart[kept, default: []].insert(rival)
    }
  }
}
