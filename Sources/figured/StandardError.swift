import Glibc

/// Where the program speaks before there is a log.
enum StandardError {
  /// Writes `message` and a newline.
  static func write(_ message: String) {
    let bytes = Array((message + "\n").utf8)
    // Nobody could be told that this fails.
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}
