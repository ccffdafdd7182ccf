public import FaceTypes

extension Snapshot {
  /// What the saved faces of a library bear if they are what was saved last; `nil` if none were.
  public final func savedIndexStamp(of library: LibraryID) throws(StoreError) -> [UInt8]? {
    try firstRow("SELECT stamp FROM saved_indexes WHERE library = \(library)") { $0.blob() }
  }

  /// The figures that came, went or changed since a library's faces were saved, by id.
  public final func figuresSinceSaved(
    in library: LibraryID
  ) throws(StoreError) -> [FigureID] {
    try rows(
      "SELECT figure FROM figures_since_saved WHERE library = \(library) ORDER BY figure"
    ) { $0.id() }
  }

  /// How many these are.
  public final func countOfFiguresSinceSaved(
    in library: LibraryID
  ) throws(StoreError) -> Int {
    try count("SELECT count(*) FROM figures_since_saved WHERE library = \(library)")
  }
}

extension Transaction {
  /// Notes that a library's faces are saved as they are now; what changes from now on is noted.
  ///
  /// - Parameters:
  ///   - library: whose faces.
  ///   - stamp: 16 random bytes, which the saved faces bear.
  /// - Throws: ``StoreError``.
  public func setSavedIndexStamp(
    of library: LibraryID, _ stamp: [UInt8]
  ) throws(StoreError) {
    try execute("DELETE FROM saved_indexes WHERE library = \(library)")
    try execute(
      "INSERT INTO saved_indexes(library, stamp) VALUES (\(library), \(stamp))")
  }

  /// Forgets that a library's faces were ever saved.
  public func removeSavedIndexStamp(of library: LibraryID) throws(StoreError) {
    try execute("DELETE FROM saved_indexes WHERE library = \(library)")
  }
}
