public import FaceTypes
public import VectorIndex

/// Groups the faces of one library into people, one face at a time.
///
/// A pure state machine: no clock, no randomness. The same calls give the same changes. Files are
/// where memory goes at most, and change nothing.
///
/// A face is compared with the *mean* of every cluster: the inner product of two means is the
/// average similarity over all pairs of their faces, so no table of pairs is kept. A new face and
/// the clusters near it are then grouped anew together, as the full clustering would group them
/// (``Agglomeration``), which is why the outcome depends so little on the order of arrival.
///
/// Clusters a user named (``setProtected(_:_:)``) only ever grow. Faces too unclear to found a
/// cluster may join one, or wait; they never change what a cluster looks like.
public struct IncrementalClusterer: Sendable {
  public let policy: ClusteringPolicy
  /// The identifier that the next founded cluster gets; none is ever used twice.
  public internal(set) var nextCluster: ClusterID
  var state: LibraryState
  var constraints = ConstraintSet()
  var level: LibraryLevel
  /// Clusters to be looked at again, in the order of their asking.
  var unsettled = PlaceQueue()
  /// Clusters that the library's growth made doubtful; they wait for idle times, so that a new face
  /// moves only what it concerns.
  var doubtful = PlaceQueue()
  /// Large clusters that newcomers came near to and that were not opened for them; they too wait for
  /// idle times.
  var postponed = PlaceQueue()
  /// Clusters whose unclear figures the library's growth made doubtful.
  var unclearDoubtful = PlaceQueue()
  /// Positions of waiting figures that may be near enough to somebody now that less is demanded.
  var hopeful = PlaceQueue()
  /// Restored clusters of which nobody knows yet how strongly they hold together.
  var unassessed = PlaceQueue()
  var exemplarMemory = ExemplarMemory()
  var journal = Journal()

  /// - Parameters:
  ///   - policy: the numbers to decide by.
  ///   - dimension: of the embeddings.
  ///   - nextCluster: larger than any identifier ever used in the library.
  ///   - file: where the embeddings of large libraries go; without one all are in memory.
  public init(
    policy: ClusteringPolicy, dimension: Int, nextCluster: ClusterID, file: RowFile? = nil
  ) {
    self.policy = policy
    self.nextCluster = nextCluster
    state = LibraryState(
      dimension: dimension, center: policy.center, blurDirections: policy.blurDirections,
      eraClock: EraClock(yearsPerEra: policy.yearsPerEra), file: file)
    level = LibraryLevel(figureCount: 0, peopleCount: 0, policy: policy)
  }

  public var figureCount: Int { state.figures.count }
  public var clusterCount: Int { state.placeOf.count }
  /// In ascending order.
  public var clusters: [ClusterID] { state.placeOf.keys.sorted() }

  /// In ascending order.
  public var figures: [FigureID] { state.figures.identifiers.sorted() }

  public func contains(_ figure: FigureID) -> Bool { state.figures.position(of: figure) != nil }

  /// The cluster that a figure is in; `nil` if it waits or is unknown.
  public func cluster(of figure: FigureID) -> ClusterID? {
    guard let position = state.figures.position(of: figure) else { return nil }
    return state.figure(at: position).cluster.map { state.cluster(at: $0).id }
  }

  /// The figures of a cluster in ascending order; empty for an unknown cluster.
  public func figures(of cluster: ClusterID) -> [FigureID] {
    guard let place = state.placeOf[cluster] else { return [] }
    let members = state.cluster(at: place)
    return (members.founders + members.joiners).map { state.figure(at: $0).figure }.sorted()
  }

  public func isProtected(_ cluster: ClusterID) -> Bool {
    state.placeOf[cluster].map { state.cluster(at: $0).isProtected } ?? false
  }

  /// Takes in what was saved, as it was saved: nothing is decided.
  ///
  /// Costs each figure once; how strongly each cluster holds together is found out later. The
  /// clusterer goes on as if it had never stopped, but for two things that are not saved: clusters
  /// still waiting to be looked at again are looked at when next touched, and sums are added up
  /// anew, which may turn a decision that hangs on the last digit.
  ///
  /// - Precondition: the clusterer is empty, and no figure comes twice.
  public mutating func restore(_ figures: [(ClusterableFigure, ClusterID?)]) {
    restore { take in for (figure, cluster) in figures { take(figure, cluster) } }
  }

  /// The same as ``restore(_:)`` with figures that are not all in memory at a time.
  ///
  /// - Parameter source: calls what it gets with each figure and the cluster that it is in.
  /// - Throws: what `source` throws; the clusterer is of no use then.
  public mutating func restore(
    _ source: (_ take: (ClusterableFigure, ClusterID?) -> Void) throws -> Void
  ) rethrows {
    precondition(figureCount == 0, "only an empty clusterer is restored")
    var members: [Int: [Int]] = [:]
    try source { figure, cluster in
      let position = state.insert(figure)
      guard let cluster else { return }
      let place = state.placeOf[cluster] ?? state.makeCluster(cluster)
      if cluster.rawValue >= nextCluster.rawValue {
        nextCluster = ClusterID(rawValue: cluster.rawValue + 1)
      }
      if figure.mayFound {
        members[place, default: []].append(position)
      } else {
        state.move(position, to: place)
      }
    }
    level = currentLevel()
    for (place, founders) in members {
      state.setFounders(of: place, to: founders)
    }
    for place in members.keys.sorted() { unassessed.append(place) }
  }

  /// Takes in new figures, in this order.
  ///
  /// - Precondition: none of them is there already.
  public mutating func add(_ figures: [ClusterableFigure]) -> [ClusterChange] {
    for figure in figures {
      let position = state.insert(figure)
      journal.touch(figure.figure, in: nil)
      if figure.mayFound {
        followGrowth()
        placeClear(position)
      } else {
        placeUnclear(position)
      }
      settleQueue(limit: policy.reconsiderationLimit)
    }
    return takeChanges()
  }

  /// Forgets figures; unknown ones are passed over.
  ///
  /// A cluster without figures ends unless it is protected. No change is listed for the removed
  /// figures themselves. What was said of them is forgotten too.
  public mutating func remove(_ figures: [FigureID]) -> [ClusterChange] {
    var touched: [Int] = []
    for figure in figures {
      guard let position = state.figures.position(of: figure) else { continue }
      if let place = state.figure(at: position).cluster {
        state.move(position, to: nil)
        touched.append(place)
      }
      state.removeFigure(at: position)
      journal.drop(figure)
    }
    constraints.forget(Set(figures))
    for place in touched where state.exists(place) {
      endIfEmpty(place)
      if state.exists(place) { unsettled.append(place) }
    }
    reviewUnclear(after: touched)
    settleQueue(limit: policy.reconsiderationLimit)
    return takeChanges()
  }

  /// Says whether a user named the cluster: if so, the machine adds figures to it, but takes none
  /// out, and neither ends it nor joins it to another protected one.
  ///
  /// A cluster that does not exist is made when it is to be protected, so that it may be empty.
  @discardableResult
  public mutating func setProtected(_ cluster: ClusterID, _ isProtected: Bool) -> [ClusterChange] {
    guard isProtected || state.placeOf[cluster] != nil else { return [] }
    let place = state.placeOf[cluster] ?? makeCluster(cluster)
    state.setProtected(place, isProtected)
    if !isProtected {
      endIfEmpty(place)
      if state.exists(place) { unsettled.append(place) }
      settleQueue(limit: policy.reconsiderationLimit)
    }
    return takeChanges()
  }

  // MARK: Shared steps

  mutating func makeCluster(_ id: ClusterID? = nil) -> Int {
    let id = id ?? nextCluster
    if id.rawValue >= nextCluster.rawValue { nextCluster = ClusterID(rawValue: id.rawValue + 1) }
    journal.found(id)
    return state.makeCluster(id)
  }

  mutating func endIfEmpty(_ place: Int) {
    let cluster = state.cluster(at: place)
    guard cluster.founders.isEmpty, !cluster.isProtected,
      !constraints.anchoredClusters.contains(cluster.id)
    else { return }
    for position in cluster.joiners {
      journal.touch(state.figure(at: position).figure, in: cluster.id)
      state.move(position, to: nil)
    }
    journal.end(cluster.id)
    state.removeCluster(at: place)
    for position in cluster.joiners { placeUnclear(position) }
  }
}
