internal import Glibc

extension DaemonConfiguration {
  /// Where the daemon looks when it is told nothing else.
  public static let defaultPath = "/etc/figured/figured.conf"

  /// Bytes that a configuration file may have.
  private static let sizeLimit = 1 << 20

  /// Reads a configuration file.
  ///
  /// - Throws: ``ConfigurationError``, also when the file cannot be read.
  public init(readingFileAt path: String) throws(ConfigurationError) {
    func failure(_ message: String) -> ConfigurationError {
      ConfigurationError(file: path, problems: [.init(line: nil, message: message)])
    }
    // Non-blocking, lest a FIFO in its place hang the daemon.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be opened: \(errorText(errno))") }
    defer { _ = close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("cannot be read: \(errorText(errno))")
      }
      if count == 0 { break }
      content += chunk[..<count]
      guard content.count <= Self.sizeLimit else {
        throw failure("has more than \(ConfigurationValue.text(size: Self.sizeLimit))")
      }
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("is not UTF-8")
    }
    try self.init(parsing: text, file: path)
  }
}

private func errorText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
