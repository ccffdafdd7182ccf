internal import Clustering
internal import EventLog
internal import FaceStore
internal import FaceTypes
internal import Synchronization
internal import VectorIndex

extension FaceLibraries {
  /// Saves the faces of large libraries of which much changed since they were saved, so that the next
  /// start need not read each of them.
  ///
  /// Searches and changes go on meanwhile. What cannot be saved is left, with a line in the log.
  ///
  /// - Parameter isCancelled: asked often; once it is `true`, nothing is saved.
  /// - Throws: ``StoreError``.
  func saveIndexes(isCancelled: @escaping () -> Bool) throws {
    guard !isSaving.exchange(true, ordering: .acquiring) else { return }
    defer { isSaving.store(false, ordering: .releasing) }
    for library in try store.read({ try $0.libraries() }).map(\.id) where !isCancelled() {
      guard try isWorthSaving(library) else { continue }
      do {
        try saveIndex(of: library, isCancelled: isCancelled)
      } catch let error as SectionFileError {
        try store.write { try $0.removeSavedIndexStamp(of: library) }
        guard error != .cancelled else { return }
        reportUnsaved(library, error)
      }
    }
  }

  private func isWorthSaving(_ library: LibraryID) throws -> Bool {
    let faces = try faces(of: library)
    let count = faces.read(\.figureCount)
    guard count >= Self.fewestFiguresToSave, canSave(library) else { return false }
    guard faces.isSaved else { return true }
    return try store.read {
      try $0.countOfFiguresSinceSaved(in: library) > count / Self.shareOfChanges
    }
  }

  /// A library of so many faces is read within half a second.
  private static let fewestFiguresToSave = 50_000
  /// One in so many figures may have changed before they are all saved anew: to read these takes
  /// about as long as to read what was saved.
  private static let shareOfChanges = 32

  private func saveIndex(of library: LibraryID, isCancelled: @escaping () -> Bool) throws {
    var random = SystemRandomNumberGenerator()
    let stamp = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    // From here on changes are noted, and these are the faces before them.
    let (copy, fingerprint) = try change(library) { transaction, faces in
      try transaction.setSavedIndexStamp(of: library, stamp)
      return (faces.read { $0 }, model.fingerprint)
    }
    let index = SavedIndex(of: library, in: store)
    let signature = SavedIndex.signature(
      stamp: stamp, fingerprint: fingerprint, form: copy.savedForm)
    let writer = try SectionFileWriter(
      path: index.path, signature: signature, isCancelled: isCancelled)
    try copy.save(to: writer)
    try writer.finish()
    let saved = try SectionFile(path: index.path, signature: signature)
    // Those that were erased while the file was written are among them.
    try change(library) { transaction, faces in
      try faces.use(saved, erasing: transaction.figuresSinceSaved(in: library))
    }
    log.info("faces saved for the next start", ["library": library, "count": copy.figureCount])
  }

  /// Erases from what is saved what is no more; if that fails, the file goes.
  func eraseRemoved(_ faces: LibraryFaces) {
    do {
      try faces.eraseRemoved()
    } catch {
      SavedIndex(of: faces.library, in: store).remove()
    }
  }
}
