import Glibc

/// The content of a file whose size is checked before memory is taken.
@safe
enum BoundedFile {
  /// Reads a whole regular file.
  ///
  /// - Throws: ``ModelBundleError`` with the system's own words, or if the file is too large.
  static func content(path: String, byteLimit: Int) throws(ModelBundleError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    let byteCount = Int(status.st_size)
    guard byteCount <= byteLimit else {
      throw .tooLarge(path: path, byteCount: byteCount, limit: byteLimit)
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var filled = 0
    while filled < byteCount {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress?.advanced(by: filled), byteCount - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      guard count > 0 else {
        throw .unreadable(path: path, reason: "it became shorter while it was read")
      }
      filled += count
    }
    return bytes
  }

  private static func failure(_ path: String) -> ModelBundleError {
    .unreadable(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
