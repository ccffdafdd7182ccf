internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// Finds the best cluster for a figure that may not found one, or lets it wait.
  ///
  /// Unclear figures that a user linked with it go where it goes.
  mutating func placeUnclear(_ position: Int) {
    if exemplarMemory.found[position] == nil {
      exemplarMemory.found[position] = exemplars(of: [position])[0]
    }
    let (place, holder) = bestCluster(forUnclear: position)
    exemplarMemory.holders[position] = holder
    for member in constraints.group(of: state.figure(at: position).figure) {
      guard let position = state.figures.position(of: member), !state.figure(at: position).mayFound
      else {
        continue
      }
      journal.touch(member, in: state.figure(at: position).cluster.map { state.cluster(at: $0).id })
      state.move(position, to: place)
    }
  }

  /// Lets unclear figures follow the founders of these clusters that a user linked them with.
  mutating func followLinks(into places: [Int]) {
    guard !constraints.accepted.isEmpty else { return }
    for place in places where state.exists(place) {
      for founder in state.cluster(at: place).founders {
        let figure = state.figure(at: founder).figure
        guard constraints.concerns(figure) else { continue }
        for mate in constraints.group(of: figure) where mate != figure {
          guard let position = state.figures.position(of: mate),
            !state.figure(at: position).mayFound,
            state.figure(at: position).cluster != place
          else { continue }
          placeUnclear(position)
        }
      }
    }
  }

  /// Lets unclear figures follow a change of these clusters.
  ///
  /// One that is in a changed cluster stays while it is similar enough; one that waits, or is
  /// better off, joins.
  mutating func reviewUnclear(after places: [Int]) {
    guard state.unclear.count > 0 else { return }
    for place in places where state.exists(place) {
      state.keepEraSums(of: place)
      var review = Set(state.cluster(at: place).joiners)
      let floor =
        needed(toJoin: place, isUnclear: true)
        * (state.spansEras(place) ? policy.minimumShareOfDemand : 1)
      for neighbor in state.unclear.all(to: state.means[place], minimumSimilarity: floor) {
        guard let position = state.figures.position(of: neighbor.figure), !review.contains(position)
        else {
          continue
        }
        let offered = gain(of: position, in: place)
        guard offered > 0, isAllowed(position, in: place) else { continue }
        if let current = state.figure(at: position).cluster,
          state.cluster(at: current).isProtected || gain(of: position, in: current) >= offered
        {
          continue
        }
        review.insert(position)
      }
      for position in review.sorted(by: {
        state.figure(at: $0).figure < state.figure(at: $1).figure
      }) {
        if let current = state.figure(at: position).cluster, current == place,
          isAllowed(position, in: place),
          state.cluster(at: place).isProtected || gain(of: position, in: place) > 0
        {
          continue
        }
        placeUnclear(position)
      }
    }
  }

  /// Lets go of a cluster's unclear figures for which more is demanded now than they have.
  mutating func reviewJoiners(of place: Int) {
    guard state.exists(place), !state.cluster(at: place).isProtected else { return }
    for position in state.cluster(at: place).joiners
    where !isAllowed(position, in: place) || gain(of: position, in: place) <= 0 {
      placeUnclear(position)
    }
  }

  /// The average similarity from which a face may join a cluster.
  func needed(toJoin place: Int, isUnclear: Bool) -> Float {
    policy.minimumSimilarity(toJoin: tightness(of: place), isUnclear: isUnclear, at: level)
  }

  func tightness(of place: Int) -> Float {
    policy.tightness(ofMeanLength: state.cluster(at: place).meanLength)
  }

  /// The average similarity to a cluster's other founders from which a figure belongs to it.
  func needed(for position: Int, in place: Int) -> Float {
    policy.minimumSimilarity(
      toJoin: policy.tightness(ofMeanLength: meanLength(of: place, without: position)),
      isUnclear: !state.figure(at: position).mayFound, at: level)
  }

  /// The length of the mean of a cluster's founders but for one figure.
  func meanLength(of place: Int, without position: Int) -> Float {
    let cluster = state.cluster(at: place)
    let figure = state.figure(at: position)
    guard figure.mayFound, figure.cluster == place else { return cluster.meanLength }
    var sum = state.sum(of: place)
    state.embeddings.add(row: position, scaledBy: -1, to: &sum)
    return length(of: sum.span) / Float(max(1, cluster.founders.count - 1))
  }

  /// What an unclear figure has beyond what it needs to be in a cluster.
  func gain(of position: Int, in place: Int) -> Float {
    max(averageGain(of: position, in: place), gainFromHolder(of: position, in: place) ?? -.infinity)
  }

  /// The same by all figures of the cluster, or those of about the same time.
  private func averageGain(of position: Int, in place: Int) -> Float {
    gain(
      state.embeddings[position], count: 1, tightness: 1, Eras(state.era(of: position)),
      with: place, allowance: policy.unclearAllowance)
  }

  /// Whether nothing but likeness stands against a figure in a cluster.
  func isAllowed(_ position: Int, in place: Int) -> Bool {
    let figure = state.figure(at: position).figure
    if state.siblings(of: position).contains(where: { state.figure(at: $0).cluster == place }) {
      return false
    }
    if isTooEarly(position, for: place) { return false }
    guard constraints.concerns(figure) else { return true }
    if constraints.isExcluded(figure, from: state.cluster(at: place).id) { return false }
    return !constraints.keptApart(from: figure).contains { rival in
      constraints.group(of: rival).contains { member in
        state.figures.position(of: member).flatMap { state.figure(at: $0).cluster } == place
      }
    }
  }

  /// The best cluster for an unclear figure, and the clear one that it goes there for, if it is one.
  private func bestCluster(forUnclear position: Int) -> (place: Int?, holder: Int?) {
    let figure = state.figure(at: position).figure
    if constraints.concerns(figure) {
      if let pinned = constraints.pin(of: figure).flatMap({ state.placeOf[$0] }) {
        return (pinned, nil)
      }
      for mate in constraints.group(of: figure) {
        guard let other = state.figures.position(of: mate), state.figure(at: other).mayFound else {
          continue
        }
        if let place = state.figure(at: other).cluster { return (place, nil) }
      }
    }
    let best = placesForUnclear(position).first { isAllowed(position, in: $0.place) }
    return (best?.place, best?.holder)
  }

  /// A cluster that is similar enough to an unclear figure for it to join.
  struct PlaceForUnclear {
    let place: Int
    /// What the figure has beyond what it needs.
    let gain: Float
    /// The clear figure that speaks for it; `nil` if they do together.
    let holder: Int?
  }

  /// The clusters that are similar enough to an unclear figure for it to join, by what they have
  /// more than is needed.
  func placesForUnclear(_ position: Int) -> [PlaceForUnclear] {
    var found: [Int: PlaceForUnclear] = [:]
    for exemplar in exemplarMemory.found[position] ?? exemplars(of: [position])[0] {
      guard let place = state.figures[exemplar.position]?.cluster, found[place] == nil,
        let gain = gain(from: exemplar, of: position, in: place)
      else { continue }
      found[place] = PlaceForUnclear(place: place, gain: gain, holder: exemplar.position)
    }
    for place in placesToCompare(withUnclear: position)
    where state.clusters[place]?.founders.isEmpty == false {
      let gain = averageGain(of: position, in: place)
      if gain > 0, gain > found[place]?.gain ?? 0 {
        found[place] = PlaceForUnclear(place: place, gain: gain, holder: nil)
      }
    }
    return found.values.sorted {
      $0.gain != $1.gain
        ? $0.gain > $1.gain : state.cluster(at: $0.place).id < state.cluster(at: $1.place).id
    }
  }

  /// The places whose clusters' averages may be enough for an unclear figure, and some more.
  private func placesToCompare(withUnclear position: Int) -> [Int] {
    let lowest = policy.lowestSimilarity(tightness: 1, at: level) - policy.unclearAllowance
    let isDated = state.era(of: position) != nil
    let floor = isDated ? policy.minimumShareOfDemand * lowest : lowest
    var places: [Int] = []
    state.embeddings.withRow(position) { row in
      state.means.visitBounds(row, floor: floor) { place, bound in
        let maySomeDecide = maySomeDecide(
          bound, tightness: 1, with: place, allowance: policy.unclearAllowance)
        if bound >= lowest || maySomeDecide { places.append(place) }
        return floor
      }
    }
    return places
  }
}
