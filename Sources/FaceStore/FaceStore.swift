public import FaceTypes
internal import Glibc
internal import Synchronization

/// Everything the daemon remembers, in one SQLite file of a directory of its own.
///
/// It saves decisions and takes none. Changes are made by one transaction at a time, which is on
/// disk when ``write(_:)`` returns; reads run beside it, each on a consistent snapshot. Both may be
/// called from any thread and block it.
public final class FaceStore: Sendable {
  /// The bounds within which the store works.
  public struct Options: Sendable {
    /// How many snapshots can be read at once, at least 1; more threads wait.
    public var readerLimit = 4
    /// The page cache of the writing connection, in KiB.
    public var writerCacheKibibytes = 8 * 1024
    /// The page cache of each reading connection, in KiB.
    public var readerCacheKibibytes = 2 * 1024
    /// Reads the whole file at the start to find damage early; seconds for a large one.
    public var checksIntegrityAtOpen = false
    /// The clock that dates what is written.
    public var clock: @Sendable () -> Timestamp = Timestamp.systemNow

    public init() {}
  }

  let directory: StateDirectory
  private let writers: ConnectionPool
  private let readers: ConnectionPool
  private let clock: @Sendable () -> Timestamp
  /// Rows erased since the log, which still holds them, was last emptied.
  private let erasedRows = Mutex(0)

  /// The thread within ``write(_:)``; 0 if there is none.
  private let writingThread = Atomic<pthread_t>(0)

  /// So many erased rows make a commit empty the log at once.
  private static let erasedRowsBeforeCheckpoint = 1000

  /// Opens the store in `directory`, which is created if missing, and brings it up to date.
  ///
  /// - Throws: ``StoreError/inUse(directory:processID:)``, ``StoreError/newerSchema(found:known:)``,
  ///   ``StoreError/foreignFile(path:)``, ``StoreError/corrupt(path:_:)`` and others.
  public static func open(
    directory path: String, options: Options = Options()
  ) throws(StoreError) -> FaceStore {
    try open(directory: path, options: options, migrations: Migration.all)
  }

  /// Opens the store with another history of the schema, as tests of migrations do.
  package static func open(
    directory path: String, options: Options = Options(), migrations: [Migration]
  ) throws(StoreError) -> FaceStore {
    let store = try FaceStore(
      directory: StateDirectory(path: path), options: options, migrations: migrations)
    if migrations.count >= Migration.all.count { try store.completeWords() }
    return store
  }

  private init(
    directory: consuming StateDirectory, options: Options, migrations: [Migration]
  ) throws(StoreError) {
    let path = directory.databasePath
    self.directory = directory
    clock = options.clock
    var writing = Connection.Options()
    writing.cacheKibibytes = options.writerCacheKibibytes
    var reading = Connection.Options()
    reading.isReadOnly = true
    reading.cacheKibibytes = options.readerCacheKibibytes
    writers = ConnectionPool(path: path, options: writing, limit: 1)
    readers = ConnectionPool(path: path, options: reading, limit: max(1, options.readerLimit))
    try withWriter { connection in
      let version = try connection.schemaVersion(migrations)
      // Has an effect on an empty file only: erased pages can later be given back piecemeal.
      try connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
      try connection.execute("PRAGMA journal_mode = WAL")
      try connection.migrate(from: version, migrations)
      if options.checksIntegrityAtOpen {
        let findings = try connection.texts("PRAGMA quick_check(1)")
        guard findings == ["ok"] else {
          throw SQLiteError.corruption(findings.joined(separator: "; "))
        }
      }
    }
  }

  deinit {
    // Before the directory's lock and descriptors go.
    readers.close()
    writers.close()
  }

  /// The path of the directory that the database is in, which no other process uses.
  public var directoryPath: String { directory.path }

  /// The path of the database file.
  public var databasePath: String { directory.databasePath }

  /// Makes changes in one transaction, which is on disk when this returns.
  ///
  /// Transactions wait for one another.
  ///
  /// - Throws: what `body` throws, which takes everything back; otherwise a ``StoreError``.
  /// - Precondition: not called from within another `write`, which would wait for itself.
  @discardableResult
  public func write<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    do {
      return try lendWriter { connection in try transact(connection, body) }
    } catch let error as SQLiteError {
      throw StoreError(error, path: databasePath)
    }
  }

  /// Makes changes and takes them back: what ``write(_:)`` would do, without doing it.
  ///
  /// - Throws: what `body` throws; otherwise a ``StoreError``.
  /// - Precondition: not called from within `write`.
  public func rehearse<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    do {
      return try lendWriter { connection in
        try connection.execute("BEGIN IMMEDIATE")
        let transaction = Transaction(connection, now: clock())
        defer {
          transaction.close()
          if connection.isInTransaction { try? connection.execute("ROLLBACK") }
        }
        return try body(transaction)
      }
    } catch let error as SQLiteError {
      throw StoreError(error, path: databasePath)
    }
  }

  /// Reads from a snapshot that later changes do not touch.
  ///
  /// Keep it short: as long as a snapshot is open, the log of changes cannot be emptied. A read
  /// within a read has a snapshot, and takes up a connection, of its own.
  ///
  /// - Throws: what `body` throws; otherwise a ``StoreError``.
  public func read<Result>(_ body: (Snapshot) throws -> Result) throws -> Result {
    do {
      return try readers.withConnection { connection in try look(connection, body) }
    } catch let error as SQLiteError {
      throw StoreError(error, path: databasePath)
    }
  }

  /// Lends the writing connection, for which threads wait in turn.
  private func lendWriter<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    precondition(
      writingThread.load(ordering: .relaxed) != pthread_self(), "a write within a write")
    return try writers.withConnection { connection in
      writingThread.store(pthread_self(), ordering: .relaxed)
      defer { writingThread.store(0, ordering: .relaxed) }
      return try body(connection)
    }
  }

  private func transact<Result>(
    _ connection: Connection, _ body: (Transaction) throws -> Result
  ) throws -> Result {
    try connection.execute("BEGIN IMMEDIATE")
    let transaction = Transaction(connection, now: clock())
    defer { transaction.close() }
    do {
      let result = try body(transaction)
      if transaction.erasedRows > 0 { try transaction.noteTraces() }
      try connection.execute("COMMIT")
      noteErasure(of: transaction.erasedRows, connection)
      return result
    } catch {
      // A full disk or a failed read has ended the transaction already.
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
  }

  private func look<Result>(
    _ connection: Connection, _ body: (Snapshot) throws -> Result
  ) throws -> Result {
    try connection.execute("BEGIN")
    let snapshot = Snapshot(connection)
    defer {
      snapshot.close()
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
    }
    return try body(snapshot)
  }

  /// Empties the log once it holds much that was erased; a reader in the way delays it.
  private func noteErasure(of rows: Int, _ connection: Connection) {
    guard rows > 0 else { return }
    let isDue = erasedRows.withLock { erasedRows in
      erasedRows += rows
      return erasedRows >= Self.erasedRowsBeforeCheckpoint
    }
    if isDue { _ = try? checkpoint(connection, waiting: false) }
  }
}

extension FaceStore {
  /// Makes changes with operations of the store alone, so that nothing else can be thrown.
  func change<Result>(
    _ body: (Transaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try translating(path: databasePath) { try write(body) }
  }

  /// Runs `body` with the writing connection and says its failures in the store's words.
  func withWriter<Result>(_ body: (Connection) throws -> Result) throws(StoreError) -> Result {
    try translating(path: databasePath) { try lendWriter(body) }
  }

  /// Runs `body` with a reading connection and says its failures in the store's words.
  func withReader<Result>(_ body: (Connection) throws -> Result) throws(StoreError) -> Result {
    try translating(path: databasePath) { try readers.withConnection(body) }
  }

  /// Copies the log into the database and empties it, so that nothing erased is left in it.
  ///
  /// - Returns: whether the log is empty; a reader with an older snapshot can prevent it.
  func checkpoint(_ connection: Connection, waiting: Bool) throws -> Bool {
    if !waiting { try connection.execute("PRAGMA busy_timeout = 0") }
    defer { if !waiting { try? connection.execute("PRAGMA busy_timeout = 10000") } }
    let isBlocked = try connection.integer("PRAGMA wal_checkpoint(TRUNCATE)") != 0
    if !isBlocked { erasedRows.withLock { $0 = 0 } }
    return !isBlocked
  }
}

/// Says failures of the generic half in the store's words.
///
/// - Precondition: `body` throws only ``SQLiteError`` and ``StoreError``.
func translating<Result>(
  path: String, _ body: () throws -> Result
) throws(StoreError) -> Result {
  do {
    return try body()
  } catch let error as StoreError {
    throw error
  } catch let error as SQLiteError {
    throw StoreError(error, path: path)
  } catch {
    preconditionFailure("the store throws no \(error)")
  }
}
