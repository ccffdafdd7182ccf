internal import Glibc

/// A file that appears under its name complete, or not at all.
///
/// Until ``commit()`` the bytes lie in a file beside it, which only the user may read and which
/// goes away with this value.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let number: Int32
  private let mayReplace: Bool
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 18

  /// Starts the file that will be called `path`.
  ///
  /// - Parameters:
  ///   - path: what the file will be called.
  ///   - mayReplace: whether a file of that name may be replaced.
  /// - Throws: if it may not be replaced, or cannot be written.
  package init(path: String, mayReplace: Bool) throws(CommandFailure) {
    if !mayReplace, unsafe access(path, F_OK) == 0 { throw Self.exists(path) }
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard !name.isEmpty else {
      throw CommandFailure("\(path) is a folder.", hint: "Name a file in it.", code: .usage)
    }
    let temporaryPath = "\(directory).\(name).\(getpid()).tmp"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let number = unsafe open(temporaryPath, flags, 0o600)
    guard number >= 0 else { throw Self.failure(path) }
    self.init(
      path: path, temporaryPath: temporaryPath, number: number, mayReplace: mayReplace)
  }

  private init(path: String, temporaryPath: String, number: Int32, mayReplace: Bool) {
    self.path = path
    self.temporaryPath = temporaryPath
    self.number = number
    self.mayReplace = mayReplace
  }

  deinit {
    close(number)
    // After a commit nothing has this name any more.
    unsafe unlink(temporaryPath)
  }

  package mutating func write(_ text: String) throws(CommandFailure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Gives the file its name, once its content is on the disk.
  package mutating func commit() throws(CommandFailure) {
    try flush()
    guard fsync(number) == 0 else { throw Self.failure(path) }
    if mayReplace {
      guard unsafe rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
    } else if unsafe link(temporaryPath, path) != 0 {
      // Unlike `rename`, `link` never replaces what has come there meanwhile.
      throw errno == EEXIST ? Self.exists(path) : Self.failure(path)
    }
  }

  private mutating func flush() throws(CommandFailure) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(number, $0.baseAddress, $0.count)
      }
      if count < 0 {
        guard errno == EINTR else { throw Self.failure(path) }
      } else {
        rest.removeFirst(count)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func exists(_ path: String) -> CommandFailure {
    CommandFailure("\(path) exists already.", hint: "Add --force to replace it.")
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure("\(path) cannot be written: \(SystemCall.lastErrorText()).")
  }
}
