internal import FaceTypes
internal import VectorIndex

/// The sections of a saved library, in their order.
enum SavedSections {
  /// Of the place of each cluster its identifier; ``noCluster`` where none is.
  static let clusters = FigureTable.sectionCount
  static let embeddings = clusters + 1
  static let centerShares = embeddings + 1
  /// Two sections.
  static let modelCodes = centerShares + 1
  /// Four sections.
  static let unclear = modelCodes + 2
  /// For each position whether its figure's numbers were erased, as bytes.
  static let erased = unclear + 4

  static let sums = erased + 1
  /// Three sections.
  static let means = sums + 1
  /// Of the place of each cluster the length of its mean.
  static let meanLengths = means + 3
  /// For each place of a cluster whether figures of it were erased, as bytes.
  static let outdatedClusters = meanLengths + 1

  static let noCluster = Int64.min
}

extension LibraryState {
  /// Everything but what follows from the rest at once.
  ///
  /// - Throws: ``SectionFileError``.
  func save(to file: SectionFileWriter) throws(SectionFileError) {
    try figures.save(to: file)
    try file.writeSection(clusters.map { $0?.id.rawValue ?? SavedSections.noCluster })
    try embeddings.save(to: file)
    try centerShares.save(to: file)
    try modelCodes.save(to: file)
    try unclear.save(to: file)
    try file.append([UInt8](repeating: 0, count: figures.indices.count))
    try file.endSection()
    try sums.save(to: file)
    try means.save(to: file)
    try file.writeSection(clusters.map { ($0?.meanLength ?? 0).bitPattern })
    try file.append([UInt8](repeating: 0, count: clusters.count))
    try file.endSection()
  }

  /// Takes in what was saved.
  ///
  /// Sums of clusters of which figures were erased are added up anew.
  ///
  /// - Parameters:
  ///   - saved: written by ``save(to:)``.
  ///   - file: where rows that change go.
  /// - Returns: the positions of figures whose numbers were erased.
  /// - Throws: ``SectionFileError/unfit``; the state is of no use then.
  /// - Precondition: it is empty.
  mutating func load(
    saved: SectionFile, file: RowFile?
  ) throws(SectionFileError) -> [Int] {
    figures = try FigureTable(saved: saved)
    let count = figures.indices.count
    embeddings = try DenseRows(
      dimension: dimension, file: file, count: count, saved: saved,
      section: SavedSections.embeddings)
    centerShares = try DenseRows(
      dimension: CenterShare.numberCount, file: file, count: count, saved: saved,
      section: SavedSections.centerShares)
    modelCodes = try CodedMatrix(
      dimension: dimension, count: count, saved: saved, section: SavedSections.modelCodes)
    unclear = try FlatIndex(
      dimension: dimension, file: file, saved: saved, section: SavedSections.unclear)
    try loadClusters(saved, file: file)
    let erased = try saved.bytes(SavedSections.erased)
    guard erased.count == count else { throw .unfit }
    return erased.indices.filter { erased[$0] != 0 && figures[$0] != nil }
  }

  private mutating func loadClusters(
    _ saved: SectionFile, file: RowFile?
  ) throws(SectionFileError) {
    let identifiers: [Int64] = try saved.numbers(SavedSections.clusters)
    let lengths: [UInt32] = try saved.numbers(SavedSections.meanLengths)
    let outdated = try saved.bytes(SavedSections.outdatedClusters)
    guard lengths.count == identifiers.count, outdated.count == identifiers.count
    else { throw .unfit }
    sums = try DenseRows(
      dimension: dimension, file: file, count: identifiers.count, saved: saved,
      section: SavedSections.sums)
    means = try EmbeddingMatrix(
      dimension: dimension, file: file, count: identifiers.count, saved: saved,
      section: SavedSections.means)
    let states = try clusterStates(identifiers, lengths)
    placeOf.reserveCapacity(states.count)
    for state in states { appendCluster(state.isEmpty ? nil : state) }
    for place in outdated.indices where outdated[place] != 0 {
      setFounders(of: place, to: clusters[place]?.founders ?? [])
    }
  }

  private mutating func clusterStates(
    _ identifiers: [Int64], _ lengths: [UInt32]
  ) throws(SectionFileError) -> [ClusterState] {
    var states = zip(identifiers, lengths).map { identifier, length in
      var state = ClusterState(id: ClusterID(rawValue: identifier))
      state.meanLength = Float(bitPattern: length)
      return state
    }
    for position in figures.indices {
      guard let figure = figures[position] else { continue }
      if figure.mayFound { founderCount += 1 }
      guard let place = figure.cluster else { continue }
      guard states.indices.contains(place), identifiers[place] != SavedSections.noCluster
      else { throw .unfit }
      if figure.mayFound {
        states[place].founders.append(position)
      } else {
        states[place].joiners.append(position)
      }
    }
    if !figures.isAscending {
      let figures = figures
      for place in states.indices {
        states[place].founders.sort { figures.identifier(at: $0) < figures.identifier(at: $1) }
        states[place].joiners.sort { figures.identifier(at: $0) < figures.identifier(at: $1) }
      }
    }
    return states
  }
}
