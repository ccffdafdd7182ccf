public import FaceTypes

/// What kind of object an error speaks of.
public enum StoredObject: String, Hashable, Sendable {
  case library, media, figure, cluster, task, plan, entity
  case recognitionLibrary = "recognition library"
}

/// Why the store could not do what it was asked to.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such object; `key` is what was looked for.
  case notFound(StoredObject, key: String)
  /// An object with this key exists already.
  case alreadyExists(StoredObject, key: String)
  /// Someone else changed the cluster since the caller read it.
  case lockVersionConflict(ClusterID, expected: Int64, actual: Int64)
  /// The event of the identity log was taken back by another.
  case alreadyReversed(by: PublicIdentifier)
  /// A value that cannot be stored.
  case invalidValue(field: String, reason: String)
  /// A page cursor that was made for another order, or by someone else.
  case invalidCursor
  /// Another process uses the state directory.
  case inUse(directory: String, processID: Int32?)
  /// The database was written by a later release.
  case newerSchema(found: Int, known: Int)
  /// The file is the database of another program.
  case foreignFile(path: String)
  /// SQLite found the file damaged.
  case corrupt(path: String, SQLiteError)
  /// A row holds what this module never writes.
  case damaged(String)
  /// A system call on the state directory failed.
  case system(operation: String, path: String, errorNumber: Int32)
  /// Any other failure of SQLite, such as a full disk.
  case database(SQLiteError)

  /// Sorts out damage and values beyond the limit from SQLite's failures.
  init(_ error: SQLiteError, path: String) {
    if error.isCorruption {
      self = .corrupt(path: path, error)
    } else if error.isTooBig {
      self = .invalidValue(field: "row", reason: "larger than the store accepts")
    } else {
      self = .database(error)
    }
  }

  public var description: String {
    switch self {
    case .notFound(let object, let key): "there is no \(object.rawValue) \(key)"
    case .alreadyExists(let object, let key): "there is a \(object.rawValue) \(key) already"
    case .lockVersionConflict(let cluster, let expected, let actual):
      "cluster \(cluster) was changed meanwhile: its lock version is \(actual), not \(expected)"
    case .alreadyReversed(let event): "the change was undone already, by \(event.uuid)"
    case .invalidValue(let field, let reason): "\(field) cannot be stored: \(reason)"
    case .invalidCursor: "the page cursor does not belong to this query"
    case .inUse(let directory, let processID):
      "\(directory) is in use by another process"
        + (processID.map { " (\($0))" } ?? "") + "; stop it first"
    case .newerSchema(let found, let known):
      "the database has schema \(found), this release knows \(known): install a later release"
    case .foreignFile(let path): "\(path) is not a database of figured"
    case .corrupt(let path, let error):
      "\(path) is damaged (\(error.message)): restore a backup, or stop the daemon and save what"
        + " can be saved with `sqlite3 \(path) .recover`"
    case .damaged(let what):
      "the database holds what figured never writes: \(what); restore a backup"
    case .system(let operation, let path, let errorNumber):
      "cannot \(operation) \(path): \(systemErrorMessage(errorNumber))"
    case .database(let error):
      error.isDiskFull ? "no space left for the database" : error.description
    }
  }
}
