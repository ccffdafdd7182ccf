internal import Glibc

/// What the C library says of its calls.
enum SystemCall {
  /// Words for the error that the last call has left in `errno`.
  static func lastErrorText() -> String {
    let code = errno
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
