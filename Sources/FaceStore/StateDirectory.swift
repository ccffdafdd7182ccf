internal import Glibc

/// The directory with the database, which one process uses at a time.
///
/// Holds an advisory lock (`flock`) on a file in it until it goes out of scope, or the process ends
/// in whatever way.
struct StateDirectory: ~Copyable {
  let path: String
  let databasePath: String
  private let lock: Int32
  /// The database file itself; open as long as SQLite's connections are, since closing any
  /// descriptor of a file ends all the locks that the process has on it.
  let database: Int32

  /// Creates what is missing, readable by the owner alone, and locks it.
  ///
  /// - Throws: ``StoreError/inUse(directory:processID:)`` if another process holds the lock.
  init(path: String) throws(StoreError) {
    self.path = path
    databasePath = Self.databasePath(in: path)
    try Self.createDirectory(path)
    (lock, database) = try Self.lock(path)
    Self.writeProcessID(lock)
  }

  deinit {
    close(database)
    close(lock)
  }

  private static func createDirectory(_ path: String) throws(StoreError) {
    guard unsafe mkdir(path, 0o700) != 0 else { return }
    let errorNumber = errno
    guard errorNumber == EEXIST else {
      throw .system(operation: "create", path: path, errorNumber: errorNumber)
    }
  }

  /// Takes the lock, and only then touches the database.
  private static func lock(
    _ path: String
  ) throws(StoreError) -> (lock: Int32, database: Int32) {
    let lockPath = path + "/figured.lock"
    let descriptor = try openPrivateFile(lockPath)
    do throws(StoreError) {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let errorNumber = errno
        guard errorNumber == EWOULDBLOCK else {
          throw .system(operation: "lock", path: lockPath, errorNumber: errorNumber)
        }
        throw .inUse(directory: path, processID: readProcessID(descriptor))
      }
      // SQLite gives its log and its shared memory the mode of the database itself.
      return (descriptor, try openPrivateFile(databasePath(in: path)))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func databasePath(in path: String) -> String { path + "/figured.sqlite" }

  private static func readProcessID(_ descriptor: Int32) -> Int32? {
    var digits = [UInt8](repeating: 0, count: 16)
    let count = unsafe pread(descriptor, &digits, digits.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: digits[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
  }

  /// Leaves a hint for the error message of whoever finds the directory locked.
  private static func writeProcessID(_ descriptor: Int32) {
    let digits = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 {
      _ = unsafe pwrite(descriptor, digits, digits.count, 0)
    }
  }
}
