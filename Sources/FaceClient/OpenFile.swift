internal import Glibc
internal import UnixSocket

/// An open file that can travel with requests; closed when nothing refers to it any more.
///
/// The daemon reads through the descriptor, so it needs no right to the file's path.
public final class OpenFile: Sendable {
  let descriptor: FileDescriptor

  /// Why a file could not be opened.
  public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String
    public var description: String { "\(path): \(reason)" }
  }

  /// Opens a regular file to be read.
  ///
  /// Maturity: stable.
  public init(path: String) throws(Failure) {
    // Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard number >= 0 else { throw Failure(path: path, reason: lastErrorText()) }
    descriptor = FileDescriptor(owning: number)
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else {
      throw Failure(path: path, reason: lastErrorText())
    }
    // S_IFMT, S_IFDIR and S_IFREG, which are ambiguous in Swift.
    switch status.st_mode & 0o170000 {
    case 0o100000: break
    case 0o040000: throw Failure(path: path, reason: "it is a folder")
    default: throw Failure(path: path, reason: "it is not a regular file")
    }
  }

  /// Takes over an open descriptor, such as that of a memory file.
  ///
  /// Maturity: stable.
  ///
  /// - Precondition: `number` is open and nobody else closes it.
  public init(owning number: Int32) { descriptor = FileDescriptor(owning: number) }
}

/// The C library's words for what the last call has left in `errno`.
private func lastErrorText() -> String {
  let code = errno
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
