internal import Glibc

/// Why something could not be done with a socket.
public enum SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A system call failed; `code` is its `errno`.
  case system(call: String, code: Int32, path: String? = nil)
  /// The kernel's address has room for `limit` bytes of path only.
  case pathTooLong(String, limit: Int)
  /// The path is empty or holds a zero byte.
  case invalidPath(String)
  /// Something that is not a socket lies at the path; it is left alone.
  case notASocket(path: String)
  /// Another process is listening at the path.
  case alreadyInUse(path: String)
  /// Another process holds the lock on the socket's directory.
  case directoryLocked(path: String)
  /// A descriptor that was handed over is not a listening Unix stream socket.
  case notAListener(descriptor: Int32)
  /// More descriptors than one message may carry.
  case tooManyDescriptors(count: Int, limit: Int)
  /// The other side has closed the connection.
  case closed
  /// The other side sent a line of more than `limit` bytes.
  case lineTooLong(limit: Int)
  /// Nothing came, or nothing could be sent, in time.
  case timedOut

  public var description: String {
    switch self {
    case .system(let call, let code, let path):
      let reason = errorText(code)
      guard let path else { return "\(call): \(reason)" }
      return "\(path): \(call): \(reason)"
    case .pathTooLong(let path, let limit):
      return "\(path): a socket's path may have at most \(limit) bytes; choose a shorter directory"
    case .invalidPath(let path):
      return "“\(path)” is not a path for a socket"
    case .notASocket(let path):
      return "\(path): exists and is not a socket; remove it or choose another path"
    case .alreadyInUse(let path):
      return "\(path): another process is listening there already"
    case .directoryLocked(let path):
      return "\(path): another process holds a lock on the directory of the socket"
    case .notAListener(let descriptor):
      return "descriptor \(descriptor) is not a listening Unix stream socket"
    case .tooManyDescriptors(let count, let limit):
      return "\(count) descriptors, but one message carries at most \(limit)"
    case .closed:
      return "the other side has closed the connection"
    case .lineTooLong(let limit):
      return "the other side sent a line of more than \(limit) bytes"
    case .timedOut:
      return "the other side did not answer in time"
    }
  }

  /// The failure that the last system call has left in `errno`.
  static func lastCall(_ call: String, path: String? = nil) -> SocketError {
    .system(call: call, code: errno, path: path)
  }
}

/// The C library's words for an error number.
func errorText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  let status = unsafe strerror_r(code, &buffer, buffer.count)
  guard status == 0 else { return "error \(code)" }
  let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: text, as: UTF8.self)
}
