public import FaceTypes

extension IncrementalClusterer {
  /// Takes in figures as a new analysis has them, in the places that they had.
  ///
  /// What users said holds on. A figure whose place nobody but the machine chose is placed anew if
  /// it waited, or if it no longer resembles its cluster enough.
  ///
  /// - Parameter figures: with the cluster that each was saved in, which counts for those that are
  ///   not in memory yet.
  /// - Returns: what changed besides.
  public mutating func replace(
    _ figures: [(figure: ClusterableFigure, saved: ClusterID?)]
  ) -> [ClusterChange] {
    var inPlace: [Int] = []
    var adrift: [Int] = []
    for (figure, saved) in figures {
      var cluster = saved
      if let position = state.figures.position(of: figure.figure) {
        cluster = self.cluster(of: figure.figure)
        state.move(position, to: nil)
        state.removeFigure(at: position)
      }
      let position = state.insert(figure)
      if let cluster {
        state.move(position, to: state.placeOf[cluster] ?? state.makeCluster(cluster))
        inPlace.append(position)
      } else {
        journal.touch(figure.figure, in: nil)
        adrift.append(position)
      }
    }
    var touched: [Int] = []
    for position in inPlace {
      guard let place = state.figure(at: position).cluster else { continue }
      touched.append(place)
      guard !isPlacedByUser(position), !fits(position) else { continue }
      journal.touch(state.figure(at: position).figure, in: state.cluster(at: place).id)
      state.move(position, to: nil)
      adrift.append(position)
    }
    for position in adrift {
      if state.figure(at: position).mayFound {
        placeClear(position)
      } else {
        placeUnclear(position)
      }
    }
    for place in touched where state.exists(place) {
      endIfEmpty(place)
      if state.exists(place) { unsettled.append(place) }
    }
    reviewUnclear(after: touched)
    settleQueue(limit: policy.reconsiderationLimit)
    return takeChanges()
  }

  /// Whether a user said where the figure belongs, by itself or through its cluster.
  private func isPlacedByUser(_ position: Int) -> Bool {
    let figure = state.figure(at: position)
    return constraints.pin(of: figure.figure) != nil
      || constraints.group(of: figure.figure).count > 1
      || figure.cluster.map { state.cluster(at: $0).isProtected } ?? false
  }

  /// Whether the figure is as similar to the others of its cluster as one that would join it.
  private func fits(_ position: Int) -> Bool {
    let figure = state.figure(at: position)
    guard let place = figure.cluster else { return true }
    let cluster = state.cluster(at: place).id
    guard let standing = standing(of: figure.figure, in: cluster, exemplarCount: 0),
      standing.comparedCount > 0
    else { return true }
    return standing.gain > 0
  }
}
