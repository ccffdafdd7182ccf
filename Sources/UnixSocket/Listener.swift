internal import CLinux
internal import Glibc

/// A listening Unix stream socket.
///
/// One that ``bind(path:mode:group:backlog:)`` made removes its path when it goes out of scope,
/// unless something else lies there by then. One that the service manager made is left in place.
public struct Listener: ~Copyable, Sendable {
  /// Who may do what with the socket's path.
  public static let defaultMode: UInt32 = 0o660
  /// Connections that wait for ``accept()``; the kernel caps it at `net.core.somaxconn`.
  public static let defaultBacklog: Int32 = 128

  /// Non-blocking and closed on `exec`.
  public let descriptor: FileDescriptor
  /// Where it was bound; `nil` for a socket that was handed over.
  public let path: String?
  private let identity: FileIdentity?

  private init(descriptor: consuming FileDescriptor, path: String?, identity: FileIdentity?) {
    self.descriptor = descriptor
    self.path = path
    self.identity = identity
  }

  deinit {
    guard let path, let identity, FileIdentity(ofSocket: path) == identity else { return }
    _ = unsafe unlink(path)
  }

  /// Takes over a listening socket, such as systemd passes.
  public init(adopting descriptor: consuming FileDescriptor) throws(SocketError) {
    let number = descriptor.rawValue
    guard
      integerOption(SO_DOMAIN, of: number) == AF_UNIX,
      integerOption(SO_TYPE, of: number) == Int32(SOCK_STREAM.rawValue),
      integerOption(SO_ACCEPTCONN, of: number) == 1
    else { throw .notAListener(descriptor: number) }
    try descriptor.setNonBlocking()
    guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else { throw .lastCall("fcntl") }
    self.init(descriptor: descriptor, path: nil, identity: nil)
  }

  /// Listens at a path, removing what a crashed process has left there.
  ///
  /// A socket that somebody answers at, and anything that is not a socket, is never removed. Two
  /// processes that start at once are kept apart by a lock on the directory, held for the moment.
  /// The directory must be writable by trusted users only.
  ///
  /// - Parameters:
  ///   - path: at most 107 bytes.
  ///   - mode: permission bits; connecting takes write permission. The umask does not apply.
  ///   - group: the owning group; `nil` leaves the process's own.
  ///   - backlog: connections that may wait to be accepted.
  /// - Returns: the listener, to which clients can connect already.
  /// - Throws: ``SocketError``, naming the path.
  public static func bind(
    path: String, mode: UInt32 = defaultMode, group: UInt32? = nil, backlog: Int32 = defaultBacklog
  ) throws(SocketError) -> Listener {
    let address = try SocketAddress(path: path)
    let directory = try lockDirectory(of: path)
    defer { _ = flock(directory.rawValue, LOCK_UN) }
    try removeStaleSocket(path: path, address: address)

    let descriptor = try makeStreamSocket(nonBlocking: true)
    // Before `bind`, so that the path never exists with wider permissions than asked for.
    guard fchmod(descriptor.rawValue, mode & 0o600) == 0 else { throw .lastCall("fchmod") }
    let bound = unsafe address.withPointer { unsafe Glibc.bind(descriptor.rawValue, $0, $1) }
    guard bound == 0 else { throw .lastCall("bind", path: path) }
    let listener = Listener(
      descriptor: descriptor, path: path, identity: FileIdentity(ofSocket: path))
    if let group, unsafe lchown(path, uid_t.max, group) != 0 {
      throw .lastCall("chown", path: path)
    }
    guard unsafe chmod(path, mode) == 0 else { throw .lastCall("chmod", path: path) }
    guard listen(listener.descriptor.rawValue, backlog) == 0 else {
      throw .lastCall("listen", path: path)
    }
    return listener
  }

  /// What ``accept()`` found.
  public enum Acceptance: ~Copyable {
    case connection(FileDescriptor)
    /// Nobody is waiting.
    case none
    /// No descriptor or memory is free: try again a little later.
    case exhausted(errno: Int32)
  }

  /// The next waiting connection, non-blocking and closed on `exec`; never blocks.
  public borrowing func accept() throws(SocketError) -> Acceptance {
    let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    while true {
      let number = accept4(descriptor.rawValue, nil, nil, flags)
      if number >= 0 { return .connection(FileDescriptor(owning: number)) }
      switch errno {
      case EINTR, ECONNABORTED: continue
      case EAGAIN, EWOULDBLOCK: return .none
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(errno: errno)
      default: throw .lastCall("accept")
      }
    }
  }
}

/// Tells a file from another that took its path.
private struct FileIdentity: Equatable {
  let device: UInt64
  let inode: UInt64

  /// `nil` unless a socket lies at the path.
  init?(ofSocket path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, isSocket(status.st_mode) else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}

private func isSocket(_ mode: mode_t) -> Bool {
  // S_IFMT and S_IFSOCK, which are ambiguous in Swift.
  mode & 0o170000 == 0o140000
}

private func integerOption(_ option: Int32, of number: Int32) -> Int32? {
  var value: Int32 = 0
  var length = socklen_t(MemoryLayout<Int32>.size)
  guard unsafe getsockopt(number, SOL_SOCKET, option, &value, &length) == 0 else { return nil }
  return value
}

/// Opens and locks the directory of a path; the lock ends with the descriptor.
private func lockDirectory(of path: String) throws(SocketError) -> FileDescriptor {
  let directory: String
  if let slash = path.lastIndex(of: "/") {
    directory = slash == path.startIndex ? "/" : String(path[..<slash])
  } else {
    directory = "."
  }
  let number = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard number >= 0 else { throw .lastCall("open", path: directory) }
  let descriptor = FileDescriptor(owning: number)
  // Held for moments only, so a second is long; somebody who keeps it must not hang us.
  for attempt in 0..<20 {
    if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw .lastCall("flock", path: directory) }
    if attempt < 19 { _ = usleep(50_000) }
  }
  throw .directoryLocked(path: path)
}

private func removeStaleSocket(path: String, address: SocketAddress) throws(SocketError) {
  var status = stat()
  guard unsafe lstat(path, &status) == 0 else {
    guard errno == ENOENT else { throw .lastCall("stat", path: path) }
    return
  }
  guard isSocket(status.st_mode) else { throw .notASocket(path: path) }
  let probe = try makeStreamSocket(nonBlocking: true)
  let answer = unsafe address.withPointer { unsafe Glibc.connect(probe.rawValue, $0, $1) }
  if answer == 0 { throw .alreadyInUse(path: path) }
  switch errno {
  case ECONNREFUSED: break  // Nobody has it open any more.
  case ENOENT: return
  case EAGAIN, EPROTOTYPE: throw .alreadyInUse(path: path)
  default: throw .lastCall("connect", path: path)
  }
  guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .lastCall("unlink", path: path) }
}
