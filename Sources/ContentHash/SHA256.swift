internal import CCrypto

/// The SHA-256 digest of some bytes, computed by OpenSSL, which uses the processor's instructions.
public struct SHA256Digest: Hashable, Sendable {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// Takes a digest that was computed before; `nil` unless it has 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Hashes `content`.
  public init(of content: [UInt8]) {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = unsafe content.withUnsafeBytes { content in
      unsafe EVP_Digest(content.baseAddress, content.count, &digest, nil, EVP_sha256(), nil)
    }
    precondition(status == 1, "OpenSSL always has SHA-256")
    bytes = digest
  }

  /// 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A keyed digest that proves that the holder of `key` wrote a message (RFC 2104, SHA-256).
public struct MessageAuthenticationCode: Sendable {
  /// As many bytes as were asked for.
  public let bytes: [UInt8]

  /// Authenticates `message` with `key`.
  ///
  /// - Parameters:
  ///   - message: what is authenticated.
  ///   - key: the secret.
  ///   - count: how many bytes the code has, the first of the digest's 32; RFC 2104 advises against
  ///     fewer than 16.
  public init(of message: [UInt8], key: [UInt8], count: Int = 32) {
    precondition((16...32).contains(count), "a code has 16 to 32 bytes")
    var code = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 32
    let result = unsafe HMAC(
      EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
    precondition(unsafe result != nil && length == 32, "OpenSSL always has HMAC with SHA-256")
    bytes = Array(code.prefix(count))
  }

  /// Compares all bytes, in a time that does not depend on where they differ.
  public func matches(_ other: [UInt8]) -> Bool {
    guard other.count == bytes.count else { return false }
    return unsafe CRYPTO_memcmp(bytes, other, bytes.count) == 0
  }
}
