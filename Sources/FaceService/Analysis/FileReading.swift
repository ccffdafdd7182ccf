internal import ContentHash
internal import FaceTypes
internal import Glibc

/// Why the bytes of a file could not be had.
enum FileReadingError: Error, Equatable, CustomStringConvertible {
  /// The system's own number and words.
  case system(Int32, path: String)
  /// A folder, device, pipe or socket.
  case notRegular(path: String)
  case tooLarge(bytes: Int, limit: Int)
  /// It became shorter or longer while it was read.
  case changing(path: String)

  /// Whether the system refused for want of rights.
  static func isPermission(_ number: Int32) -> Bool { number == EACCES || number == EPERM }

  var description: String {
    switch self {
    case .system(let number, let path):
      "\(path): \(systemMessage(number))"
    case .notRegular(let path): "\(path) is not a regular file"
    case .tooLarge(let bytes, let limit): "\(bytes) bytes, more than the limit of \(limit)"
    case .changing(let path): "\(path) changed while it was read"
    }
  }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// What identifies a state of a file without reading it.
struct FileFacts: Equatable, Sendable {
  let byteCount: Int
  let modified: Timestamp
}

/// An open regular file, which is closed when it goes out of scope.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  let facts: FileFacts

  /// Opens the file at `path`; a pipe or device is refused without waiting for its other end.
  init(path: String, followLink: Bool) throws(FileReadingError) {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (followLink ? 0 : O_NOFOLLOW)
    let descriptor = unsafe open(path, flags)
    guard descriptor >= 0 else { throw .system(errno, path: path) }
    try self.init(descriptor: descriptor, path: path)
  }

  /// Takes over `descriptor`, which another process passed.
  init(descriptor: Int32, path: String) throws(FileReadingError) {
    var status = stat()
    let failure = unsafe fstat(descriptor, &status) == 0 ? 0 : errno
    guard failure == 0 else {
      close(descriptor)
      throw .system(failure, path: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notRegular(path: path)
    }
    self.descriptor = descriptor
    self.path = path
    facts = FileFacts(
      byteCount: Int(status.st_size),
      modified: Timestamp(
        milliseconds: Int64(status.st_mtim.tv_sec) * 1000
          + Int64(status.st_mtim.tv_nsec) / 1_000_000))
  }

  deinit { close(descriptor) }

  /// Where the open file really lies, every symbolic link followed; `nil` if it has no path.
  var resolvedPath: String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(validating: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The first line of a file whose size the system does not tell, such as those of `/proc`.
  func firstLine() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
  }

  /// The first bytes, `count` at most.
  func header(_ count: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let read = unsafe pread(descriptor, &buffer, count, 0)
    return Array(buffer.prefix(max(0, read)))
  }

  /// The SHA-256 digest of the whole content: 32 bytes.
  ///
  /// - Parameter isCancelled: Asked for every megabyte; the digest is of no use then.
  /// - Returns: The digest.
  /// - Throws: ``FileReadingError``.
  func digest(isCancelled: () -> Bool) throws(FileReadingError) -> [UInt8] {
    var digest = SHA256Stream()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while offset < facts.byteCount, !isCancelled() {
      let count = unsafe pread(descriptor, &buffer, buffer.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw count < 0 ? .system(errno, path: path) : .changing(path: path) }
      digest.append(buffer.span.extracting(0..<count))
      offset += count
    }
    return digest.finish().bytes
  }

  /// Hands the descriptor to what reads the file by itself; it stays ours.
  func withDescriptor<Result>(_ body: (Int32) throws -> Result) rethrows -> Result {
    try body(descriptor)
  }

  /// The whole content, from the start whatever the descriptor's position.
  func read(limit: Int) throws(FileReadingError) -> [UInt8] {
    guard facts.byteCount <= limit else { throw .tooLarge(bytes: facts.byteCount, limit: limit) }
    var failure: FileReadingError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: facts.byteCount) { buffer, count in
      while count < facts.byteCount {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let read = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(count))
        if read < 0 && errno == EINTR { continue }
        guard read > 0 else {
          failure = read < 0 ? .system(errno, path: path) : .changing(path: path)
          return
        }
        count += read
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
