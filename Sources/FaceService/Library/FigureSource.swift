internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import VectorIndex

/// A library's figures, as the clusterer takes them in at the start.
struct FigureSource {
  let snapshot: Snapshot
  let library: LibraryID
  /// Of the model by whose embeddings they are compared.
  let fingerprint: ModelFingerprint
  /// Those of which users said that they are no faces.
  let notFaces: Set<FigureID>

  /// Calls `take` with each figure and its cluster.
  ///
  /// - Throws: ``StoreError``.
  func forEach(_ take: (ClusterableFigure, ClusterID?) -> Void) throws {
    try snapshot.forEachEmbeddedFigure(in: library, fingerprint: fingerprint) { figure in
      if !notFaces.contains(figure.figure) { take(ClusterableFigure(figure), figure.cluster) }
    }
  }

  /// Reads what was saved, and from the store what changed since.
  ///
  /// - Parameters:
  ///   - empty: a clusterer without figures.
  ///   - index: where they may have been saved.
  ///   - file: where rows that change go.
  /// - Returns: the clusterer with all figures, and the file; `nil` if there is none or it does not
  ///   agree with the store.
  /// - Throws: ``StoreError``.
  func restored(
    _ empty: IncrementalClusterer, from index: SavedIndex, file: RowFile?
  ) throws -> (IncrementalClusterer, SectionFile)? {
    guard let stamp = try snapshot.savedIndexStamp(of: library) else { return nil }
    var clusterer = empty
    do {
      let saved = try SectionFile(
        path: index.path,
        signature: SavedIndex.signature(
          stamp: stamp, fingerprint: fingerprint, form: empty.savedForm))
      let changed = try snapshot.figuresSinceSaved(in: library)
      var gone: [FigureID] = []
      try clusterer.restore(saved: saved, changed: Set(changed), file: file) { figure in
        guard let found = try self.figure(figure) else {
          gone.append(figure)
          return nil
        }
        return found
      }
      try clusterer.erase(gone, from: saved)
      guard try agrees(clusterer) else { return nil }
      return (clusterer, saved)
    } catch is SectionFileError {
      return nil
    }
  }

  private func figure(_ figure: FigureID) throws -> (ClusterableFigure, ClusterID?)? {
    guard !notFaces.contains(figure),
      let found = try snapshot.embeddedFigure(figure, fingerprint: fingerprint)
    else { return nil }
    return (ClusterableFigure(found), found.cluster)
  }

  /// Whether a sample of the figures is what the store says.
  private func agrees(_ clusterer: IncrementalClusterer) throws -> Bool {
    try clusterer.sample(Self.sampleCount).allSatisfy { known in
      guard let (figure, cluster) = try figure(known) else { return false }
      return clusterer.holds(figure, in: cluster)
    }
  }

  private static let sampleCount = 256
}
