internal import CCrypto

/// Computes the SHA-256 digest of content that comes in parts.
@safe
public struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  public init() {
    guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
    unsafe self.context = unsafe context
    let status = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
    precondition(status == 1, "OpenSSL always has SHA-256")
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Takes in the next part.
  public mutating func append(_ part: Span<UInt8>) {
    let status = unsafe part.withUnsafeBufferPointer { part in
      unsafe EVP_DigestUpdate(context, part.baseAddress, part.count)
    }
    precondition(status == 1, "hashing needs nothing that could be missing")
  }

  /// The digest of all parts.
  public consuming func finish() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let status = unsafe EVP_DigestFinal_ex(context, &bytes, nil)
    guard status == 1, let digest = SHA256Digest(bytes: bytes) else {
      preconditionFailure("OpenSSL always has SHA-256")
    }
    return digest
  }
}
