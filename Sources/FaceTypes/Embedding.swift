/// What produced an embedding: weights, pre-processing and alignment, as one SHA-256.
///
/// Embeddings with different fingerprints live in different spaces and are never compared.
public struct ModelFingerprint: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let hexadecimal: String

  /// Wraps a digest; `nil` unless it is 64 lower-case hexadecimal digits.
  public init?(hexadecimal: String) {
    let isDigit: (UInt8) -> Bool = { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    guard hexadecimal.utf8.count == 64, hexadecimal.utf8.allSatisfy(isDigit) else { return nil }
    self.hexadecimal = hexadecimal
  }

  public var description: String { hexadecimal }
}

/// The position of a face in the space in which faces of one person lie close together.
public struct Embedding: Hashable, Sendable, Codable {
  /// Unit length; as many numbers as the network's output has (128 for SFace).
  public let values: [Float]
  /// The length of the raw vector before it was made unit: larger for clearer faces.
  ///
  /// Its correlation with the similarity to faces of the same person is 0.64 for SFace on LFW.
  public let norm: Float
  public let fingerprint: ModelFingerprint

  /// Wraps a vector that is unit length already.
  ///
  /// - Precondition: the length of `values` is 1 within 1e-3.
  public init(unitLength values: [Float], norm: Float, fingerprint: ModelFingerprint) {
    let squaredLength = values.reduce(0) { $0 + $1 * $1 }
    precondition(abs(squaredLength - 1) < 2e-3, "an embedding has unit length")
    self.values = values
    self.norm = norm
    self.fingerprint = fingerprint
  }

  /// Scales a network's raw output to unit length; `nil` if it is zero or not finite.
  public init?(raw: [Float], fingerprint: ModelFingerprint) {
    let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm.isFinite, norm > 0 else { return nil }
    self.values = raw.map { $0 / norm }
    self.norm = norm
    self.fingerprint = fingerprint
  }

  /// The cosine similarity in −1…1; `nil` if the fingerprints differ.
  public func cosineSimilarity(_ other: Embedding) -> Float? {
    guard fingerprint == other.fingerprint else { return nil }
    return zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
