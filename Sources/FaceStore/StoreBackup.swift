internal import Glibc

extension FaceStore {
  /// Writes a copy of the database as it is now to a new file, readable by the owner alone.
  ///
  /// Changes go on meanwhile. The file appears under its name only once it is whole and on disk.
  ///
  /// - Throws: ``StoreError/system(operation:path:errorNumber:)`` if there is a file at `path`.
  public func backUp(to path: String) throws(StoreError) {
    let partialPath = path + ".partial"
    let descriptor = try openPrivateFile(partialPath, mustBeNew: true)
    defer {
      unsafe unlink(partialPath)
      close(descriptor)
    }
    try withReader { source in
      try source.execute("BEGIN")
      defer { try? source.execute("ROLLBACK") }
      // A transaction sees the state at its first read.
      _ = try source.integer("SELECT count(*) FROM sqlite_schema")
      let destination = try Connection(path: partialPath, options: Connection.Options())
      try source.copy(to: destination)
      // The copy is one file: it needs no log beside it.
      try destination.execute("PRAGMA journal_mode = DELETE")
    }
    try publishFile(descriptor, from: partialPath, to: path)
  }
}
