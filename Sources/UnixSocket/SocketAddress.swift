internal import CLinux
internal import Glibc

/// The kernel's form of a path in the file system (`sockaddr_un`).
struct SocketAddress {
  /// Room in `sun_path`, less the terminating zero.
  static let pathLimit = 107

  private var address: sockaddr_un

  init(path: String) throws(SocketError) {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else { throw .invalidPath(path) }
    guard bytes.count <= Self.pathLimit else { throw .pathTooLong(path, limit: Self.pathLimit) }
    address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
  }

  /// Calls `body` with what `bind` and `connect` take.
  func withPointer<Result>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

/// A fresh Unix stream socket, closed on `exec`.
func makeStreamSocket(nonBlocking: Bool) throws(SocketError) -> FileDescriptor {
  var type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
  if nonBlocking { type |= Int32(SOCK_NONBLOCK.rawValue) }
  let number = socket(AF_UNIX, type, 0)
  guard number >= 0 else { throw .lastCall("socket") }
  return FileDescriptor(owning: number)
}
