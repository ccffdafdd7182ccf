internal import FaceTypes
internal import VectorIndex

extension IncrementalClusterer {
  /// What is wrong with the inner books, for tests; `nil` if nothing is.
  package var soundnessFault: String? {
    for (place, cluster) in state.clusters.enumerated() {
      guard let cluster else {
        if state.means[place].contains(where: { $0 != 0 }) { return "a mean outlives its cluster" }
        continue
      }
      if state.placeOf[cluster.id] != place { return "cluster \(cluster.id) is not where it is" }
      if cluster.id >= nextCluster { return "cluster \(cluster.id) is from the future" }
      if cluster.isEmpty, !cluster.isProtected, !constraints.anchoredClusters.contains(cluster.id) {
        return "cluster \(cluster.id) is empty"
      }
      var sum = [Float](repeating: 0, count: state.dimension)
      for position in cluster.founders {
        guard state.figure(at: position).cluster == place else {
          return "a founder of \(cluster.id) is elsewhere"
        }
        state.embeddings.add(row: position, to: &sum)
      }
      // Additions and removals round differently than adding up anew.
      if zip(sum, state.sum(of: place)).contains(where: { abs($0 - $1) > 1e-4 }) {
        return "the sum of \(cluster.id) is off"
      }
      if let fault = faultOfEras(place) { return fault }
      for position in cluster.joiners where state.figure(at: position).cluster != place {
        return "a joiner of \(cluster.id) is elsewhere"
      }
    }
    for (position, figure) in state.figures.enumerated {
      if state.figures.position(of: figure.figure) != position {
        return "figure \(figure.figure) is not where it is"
      }
      if !state.figures.positions(of: figure.media).contains(position) {
        return "figure \(figure.figure) is not in its medium"
      }
      guard let place = figure.cluster else { continue }
      let cluster = state.cluster(at: place)
      let list = figure.mayFound ? cluster.founders : cluster.joiners
      if !list.contains(position) { return "figure \(figure.figure) is not listed in its cluster" }
    }
    return nil
  }

  private func faultOfEras(_ place: Int) -> String? {
    let cluster = state.cluster(at: place)
    let known = Set(cluster.founders.map { state.era(of: $0) })
    if known.count > 1, cluster.span != .several { return "\(cluster.id) spans more eras" }
    if known.count == 1, cluster.span != .several, cluster.span != EraSpan(known.first ?? nil) {
      return "\(cluster.id) is of another era"
    }
    if state.spansEras(place) != (cluster.span == .several) { return "\(cluster.id) is misfiled" }
    guard let kept = state.eraSums[place] else { return nil }
    guard case .several(let sums) = state.eras(ofFiguresAt: cluster.founders),
      sums.eras == kept.eras,
      sums.counts == kept.counts,
      !zip(sums.sums, kept.sums).contains(where: { abs($0 - $1) > 1e-4 })
    else { return "the sums by era of \(cluster.id) are off" }
    return nil
  }
}
