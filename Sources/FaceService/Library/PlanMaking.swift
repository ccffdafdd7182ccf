internal import Clustering
internal import FaceStore
internal import FaceTypes

extension FaceLibraries {
  /// Finds out what clustering all faces of a library anew would change, and changes nothing.
  ///
  /// The work is done on a copy, which takes the embeddings' memory once more.
  ///
  /// - Parameters:
  ///   - library: to be clustered.
  ///   - progress: told how much is done, in 0…1.
  ///   - isCancelled: asked often.
  /// - Returns: independent changes, the largest first; `nil` if it was cancelled.
  /// - Throws: ``StoreError/notFound(_:key:)`` for a library that was dropped.
  func planReclustering(
    _ library: LibraryID, progress: @escaping @Sendable (Double) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [PlannedChange]? {
    changes(try faces(of: library), progress: progress, isCancelled: isCancelled)
  }

  /// Finds out what clustering all faces of a library anew, as another model sees them, would
  /// change, and changes nothing.
  ///
  /// - Parameters:
  ///   - library: to be clustered.
  ///   - model: by which its faces were embedded too.
  ///   - isCancelled: asked often.
  /// - Returns: independent changes, the largest first; `nil` if it was cancelled.
  /// - Throws: ``StoreError``.
  func planReclustering(
    _ library: LibraryID, by model: Model, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> [PlannedChange]? {
    let faces = try store.read { try readFaces(of: library, by: model, from: $0) }
    return changes(faces, progress: { _ in }, isCancelled: isCancelled)
  }

  private func changes(
    _ faces: LibraryFaces, progress: @escaping @Sendable (Double) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) -> [PlannedChange]? {
    let present = faces.read { $0 }
    var copy = present
    _ = copy.recluster(progress: progress, isCancelled: isCancelled)
    guard !isCancelled() else { return nil }
    let changes = present.changes(to: copy)
    let founded = Set(changes.flatMap(\.founded)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(founded, 1...))
    return changes.map { PlannedChange($0, newClusters: numbers) }
  }
}

extension PlannedChange {
  /// A change as the store keeps it, with its new clusters by their number within the plan.
  fileprivate init(_ change: RegroupingChange, newClusters: [ClusterID: Int]) {
    self.init(
      kind: change.kind.rawValue,
      moves: change.moves.map { move in
        let place: PlannedPlace =
          switch move.to {
          case nil: .waiting
          case let cluster?: newClusters[cluster].map { .new($0) } ?? .cluster(cluster)
          }
        return PlannedMove(figure: move.figure, from: move.from, to: place)
      })
  }
}
