public import FaceTypes
public import VectorIndex

extension IncrementalClusterer {
  /// What must be the same in a program for it to read what another one saved: how faces are compared,
  /// and what is written.
  public var savedForm: UInt64 {
    let numbers = policy.center + policy.blurDirections.joined()
    return sectionSum(
      of: [Self.savedVersion, UInt64(state.dimension)] + numbers.map { UInt64($0.bitPattern) })
  }

  private static let savedVersion: UInt64 = 1

  /// Saves where every figure is and how it is compared, so that it can be read at once.
  ///
  /// Users' marks, statements, and what waits to be looked at again are not saved.
  ///
  /// - Parameter file: gets all of its sections.
  /// - Throws: ``SectionFileError``.
  public func save(to file: SectionFileWriter) throws(SectionFileError) {
    try state.save(to: file)
  }

  /// Takes in what was saved, but for figures that changed since then; nothing is decided.
  ///
  /// As with ``restore(_:)``, the clusterer goes on as if it had never stopped.
  ///
  /// - Parameters:
  ///   - saved: by ``save(to:)`` of a clusterer with the same ``savedForm``.
  ///   - changed: figures that came, went or changed; of those that were erased from `saved` it is
  ///     found out.
  ///   - file: where rows that change go.
  ///   - reread: tells what such a figure is like now, with its cluster; `nil` if it is gone.
  /// - Throws: ``SectionFileError``, or what `reread` throws; the clusterer is of no use then.
  /// - Precondition: the clusterer is empty.
  public mutating func restore(
    saved: SectionFile, changed: Set<FigureID>, file: RowFile?,
    reread: (FigureID) throws -> (ClusterableFigure, ClusterID?)?
  ) throws {
    precondition(figureCount == 0, "only an empty clusterer is restored")
    let erased = try state.load(saved: saved, file: file)
    var places: Set<Int> = []
    let outdated = changed.union(erased.map { state.figure(at: $0).figure }).sorted()
    for figure in outdated {
      guard let position = state.figures.position(of: figure) else { continue }
      if let place = state.figure(at: position).cluster { places.insert(place) }
      state.move(position, to: nil)
      state.removeFigure(at: position)
    }
    for figure in outdated {
      guard let (figure, cluster) = try reread(figure) else { continue }
      let position = state.insert(figure)
      guard let cluster else { continue }
      state.move(position, to: state.placeOf[cluster] ?? state.makeCluster(cluster))
    }
    for place in places.sorted() where state.exists(place) && state.cluster(at: place).isEmpty {
      state.removeCluster(at: place)
    }
    let last = state.placeOf.keys.max()?.rawValue ?? .min
    if last >= nextCluster.rawValue { nextCluster = ClusterID(rawValue: last + 1) }
    level = currentLevel()
    for place in state.clusters.indices
    where state.clusters[place]?.founders.isEmpty == false { unassessed.append(place) }
  }

  /// Some figures, spread evenly over all.
  public func sample(_ count: Int) -> [FigureID] { state.figures.sample(count) }

  /// Whether a figure is where it is said to be, and is compared by what it is said to be like.
  public func holds(_ figure: ClusterableFigure, in cluster: ClusterID?) -> Bool {
    guard let position = state.figures.position(of: figure.figure),
      self.cluster(of: figure.figure) == cluster
    else { return false }
    let known = state.figure(at: position)
    return known.media == figure.media && known.mayFound == figure.mayFound
      && known.interval == figure.interval && known.captureTime == figure.captureTime
      && state.embeddings[position] == state.centered(figure.embedding).0
      && state.modelCodes.holds(figure.embedding, row: position)
  }

  /// Overwrites what was saved of some figures with zeros, in the file; unknown ones are passed over.
  ///
  /// - Parameters:
  ///   - figures: which are erased.
  ///   - file: written by ``save(to:)`` of a clusterer with the same ``savedForm``.
  /// - Throws: ``SectionFileError``.
  public func erase(
    _ figures: [FigureID], from file: SectionFile
  ) throws(SectionFileError) {
    let numbers = Set(figures.map(\.rawValue))
    guard !numbers.isEmpty else { return }
    for row in try file.positions(of: numbers, in: 0) {
      // First of all, so that nobody takes zeros for a face.
      try file.overwrite(SavedSections.erased, at: row, [1])
      try DenseRows.erase(
        row: row, dimension: state.dimension, in: file, section: SavedSections.embeddings)
      try DenseRows.erase(
        row: row, dimension: CenterShare.numberCount, in: file, section: SavedSections.centerShares)
      try CodedMatrix.erase(
        row: row, dimension: state.dimension, in: file, section: SavedSections.modelCodes)
      let place = Int(try file.number(FigureTable.clusterSection, at: row, Int32.self))
      guard place >= 0 else { continue }
      // The sum and the mean of few faces tell much of each.
      try file.overwrite(SavedSections.outdatedClusters, at: place, [1])
      try DenseRows.erase(
        row: place, dimension: state.dimension, in: file, section: SavedSections.sums)
      try EmbeddingMatrix.erase(
        row: place, dimension: state.dimension, in: file, section: SavedSections.means)
    }
    try FlatIndex.erase(
      numbers, dimension: state.dimension, in: file, section: SavedSections.unclear)
    try file.synchronize()
  }
}
