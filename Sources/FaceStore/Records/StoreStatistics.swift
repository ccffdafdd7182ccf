/// How much the whole store holds.
public struct StoreStatistics: Hashable, Sendable {
  public let libraries: Int
  public let media: [MediaStatus.Kind: Int]
  public let figures: Int
  /// Figures in no cluster.
  public let waitingFigures: Int
  public let clusters: Int
  /// Clusters that a user has given a name.
  public let namedClusters: Int
  public let tasks: [TaskStatus: Int]
  /// The size of the database file, in bytes.
  public let databaseBytes: Int64
  /// Bytes in the file that hold nothing, and that ``FaceStore/releaseFreePages()`` gives back.
  public let freeBytes: Int64
  public let schemaVersion: Int
  /// The version of the SQLite library.
  public let sqliteVersion: String
}

/// What a check of the database found.
public struct IntegrityReport: Hashable, Sendable {
  /// In words for the log; empty if all is well.
  public let problems: [String]

  public var isIntact: Bool { problems.isEmpty }
}

/// How thorough a check of the database is.
public enum IntegrityCheck: Hashable, Sendable {
  /// The structure of the file; reads all of it.
  case quick
  /// Also indexes against tables, references between tables, and counts against the truth.
  case full
}
