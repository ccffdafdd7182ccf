public import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// What users said, in the order in which it was taken.
  public var acceptedConstraints: [Constraint] { constraints.accepted }

  /// Whether a figure may be in a cluster, or wait, by what users said of it and those linked with it.
  public func mayBe(_ figure: FigureID, in cluster: ClusterID?) -> Bool {
    if let pin = constraints.pin(of: figure), pin != cluster { return false }
    return cluster.map { !constraints.isExcluded(figure, from: $0) } ?? true
  }

  /// Takes users' statements and does at once what follows from them.
  ///
  /// A statement that contradicts an earlier one, or what follows from several, is refused and
  /// reported; the others count. A cluster that a figure is pinned to is made if there is none.
  public mutating func constrain(
    _ statements: [Constraint]
  ) -> (changes: [ClusterChange], conflicts: [ConstraintConflict]) {
    var conflicts: [ConstraintConflict] = []
    for statement in statements {
      if let conflict = constraints.add(statement) {
        conflicts.append(conflict)
      } else {
        enforce(statement)
      }
    }
    settleQueue(limit: policy.reconsiderationLimit)
    return (takeChanges(), conflicts)
  }

  /// Takes statements as they were saved, before or after ``restore(_:)``: nothing is decided.
  public mutating func restore(_ statements: [Constraint]) -> [ConstraintConflict] {
    statements.compactMap { constraints.add($0) }
  }

  /// Takes back statements; figures stay where they are until there is another reason to move.
  public mutating func release(_ statements: [Constraint]) -> [ClusterChange] {
    for statement in statements where constraints.remove(statement) {
      for figure in statement.figures {
        guard
          let place = state.figures.position(of: figure).flatMap({ state.figure(at: $0).cluster })
        else {
          continue
        }
        unsettled.append(place)
      }
    }
    settleQueue(limit: policy.reconsiderationLimit)
    return takeChanges()
  }

  /// Takes figures out of their clusters and lets each find its place anew, as if it had just come.
  ///
  /// What users said of them goes on holding. Unknown ones are passed over.
  public mutating func replace(_ figures: [FigureID]) -> [ClusterChange] {
    for figure in figures {
      if let place = place(of: figure) {
        expel([figure], from: place)
      } else if let position = state.figures.position(of: figure) {
        findPlace(position)
      }
    }
    settleQueue(limit: policy.reconsiderationLimit)
    return takeChanges()
  }

  private mutating func enforce(_ statement: Constraint) {
    switch statement {
    case .pin(let figure, let cluster):
      gather(figure, into: state.placeOf[cluster] ?? makeCluster(cluster))
    case .mustLink(let a, let b):
      if let place = commonPlace(of: a, b) { gather(a, into: place) }
      // What one was excluded from holds for both now.
      for member in constraints.group(of: a) {
        guard let place = self.place(of: member),
          constraints.isExcluded(member, from: state.cluster(at: place).id)
        else { continue }
        expel(constraints.group(of: a), from: place)
      }
    case .exclude(let figure, let cluster):
      guard let place = state.placeOf[cluster] else { return }
      expel(constraints.group(of: figure), from: place)
    case .cannotLink(let a, let b):
      guard let left = place(of: a), left == place(of: b) else { return }
      // The one that fits worse goes, unless a user pinned it.
      let goers = [a, b].filter { constraints.pin(of: $0) == nil }
      guard let goer = goers.min(by: { fit($0, in: left) < fit($1, in: left) }) else { return }
      expel(constraints.group(of: goer), from: left)
    }
  }

  /// Where two figures that are one person should be: where a user pinned them, else the cluster
  /// of more faces.
  private func commonPlace(of a: FigureID, _ b: FigureID) -> Int? {
    if let pinned = constraints.pin(of: a).flatMap({ state.placeOf[$0] }) { return pinned }
    let places = [place(of: a), place(of: b)].compactMap(\.self).filter {
      !constraints.isExcluded(a, from: state.cluster(at: $0).id)
    }
    return places.max { left, right in
      let (one, other) = (state.cluster(at: left), state.cluster(at: right))
      if one.isProtected != other.isProtected { return other.isProtected }
      let counts = (one.founders.count, other.founders.count)
      return counts.0 != counts.1 ? counts.0 < counts.1 : one.id > other.id
    }
  }

  private func place(of figure: FigureID) -> Int? {
    state.figures.position(of: figure).flatMap { state.figure(at: $0).cluster }
  }

  private func fit(_ figure: FigureID, in place: Int) -> Float {
    guard let position = state.figures.position(of: figure) else { return 0 }
    return state.embeddings.withRow(position) { state.means.dot($0, row: place) }
  }

  /// Brings a figure and all that must be with it into a cluster.
  private mutating func gather(_ figure: FigureID, into place: Int) {
    let group = constraints.group(of: figure)
    let rivals = group.flatMap { constraints.keptApart(from: $0) }
      .flatMap { constraints.group(of: $0) }
    expel(rivals.filter { self.place(of: $0) == place }, from: place)
    for member in group { relocate(member, to: place) }
    reviewUnclear(after: [place])
    unsettled.append(place)
  }

  /// Takes figures out of a cluster and lets each find another place.
  mutating func expel(_ figures: [FigureID], from place: Int) {
    let leaving = figures.filter { self.place(of: $0) == place }
    guard !leaving.isEmpty else { return }
    for figure in leaving { relocate(figure, to: nil) }
    for figure in leaving {
      guard let position = state.figures.position(of: figure), self.place(of: figure) == nil else {
        continue
      }
      findPlace(position)
    }
    if state.exists(place) { unsettled.append(place) }
  }

  /// Clusters a figure that is in no cluster.
  private mutating func findPlace(_ position: Int) {
    if state.figure(at: position).mayFound {
      placeClear(position)
    } else {
      placeUnclear(position)
    }
  }

  private mutating func relocate(_ figure: FigureID, to place: Int?) {
    guard let position = state.figures.position(of: figure) else { return }
    let old = state.figure(at: position).cluster
    guard old != place else { return }
    journal.touch(figure, in: old.map { state.cluster(at: $0).id })
    state.move(position, to: place)
    if let old {
      endIfEmpty(old)
      if state.exists(old) { unsettled.append(old) }
    }
  }
}

extension Constraint {
  /// The figures that the statement is about.
  var figures: [FigureID] {
    switch self {
    case .pin(let figure, _), .exclude(let figure, _): [figure]
    case .mustLink(let a, let b), .cannotLink(let a, let b): [a, b]
    }
  }
}
