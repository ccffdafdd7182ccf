public import FaceTypes

/// When a group of faces was photographed first, and since when its person lives.
///
/// A face that was photographed before a person's birth does not show that person.
struct Lifetime: Sendable {
  /// `nil` if nobody knows when any of the faces was photographed.
  var earliest: Timestamp?
  /// `nil` if nobody said.
  var birth: Timestamp?

  /// Whether the two cannot be one person.
  func contradicts(_ other: Lifetime) -> Bool {
    other.isBefore(birth) || isBefore(other.birth)
  }

  /// Whether a face of the group was photographed before a birth.
  func isBefore(_ birth: Timestamp?) -> Bool {
    guard let earliest, let birth else { return false }
    return earliest < birth
  }

  /// That of both groups together.
  func joined(_ other: Lifetime) -> Lifetime {
    Lifetime(
      earliest: [earliest, other.earliest].compactMap(\.self).min(),
      birth: [birth, other.birth].compactMap(\.self).max())
  }
}

extension IncrementalClusterer {
  /// The lifetimes of nodes to be grouped; empty where no birth is known, and so nothing to obey.
  ///
  /// - Parameters:
  ///   - figures: the positions of the nodes that are single figures.
  ///   - whole: the places of the nodes that are clusters; they come after the figures.
  /// - Returns: one for each node, or none.
  func lifetimes(_ figures: [Int], _ whole: [Int]) -> [Lifetime] {
    guard whole.contains(where: { state.cluster(at: $0).birth != nil }) else { return [] }
    return figures.map { Lifetime(earliest: state.figure(at: $0).captureTime) }
      + whole.map { place in
        let cluster = state.cluster(at: place)
        return Lifetime(
          earliest: cluster.founders.compactMap { state.figure(at: $0).captureTime }.min(),
          birth: cluster.birth)
      }
  }

  /// Whether a figure was photographed before the birth of a cluster's person.
  func isTooEarly(_ position: Int, for place: Int) -> Bool {
    guard let birth = state.cluster(at: place).birth else { return false }
    return Lifetime(earliest: state.figure(at: position).captureTime).isBefore(birth)
  }

  /// Lets the figures that were photographed before the birth of their cluster's person find
  /// another place, but for those of which a user said where they belong.
  ///
  /// - Parameter clusters: to be looked through; those without a birth are passed over.
  /// - Returns: what changed.
  public mutating func dismissTooEarly(from clusters: [ClusterID]) -> [ClusterChange] {
    for cluster in clusters {
      guard let place = state.placeOf[cluster], state.cluster(at: place).birth != nil else {
        continue
      }
      let members = state.cluster(at: place).founders + state.cluster(at: place).joiners
      let leaving = members.filter { position in
        isTooEarly(position, for: place)
          && constraints.pin(of: state.figure(at: position).figure) == nil
      }
      expel(leaving.map { state.figure(at: $0).figure }, from: place)
      // Whoever was kept out by another date may belong here.
      unsettled.append(place)
    }
    settleQueue(limit: policy.reconsiderationLimit)
    return takeChanges()
  }
}
