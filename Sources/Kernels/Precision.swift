internal import CProcessor
internal import Glibc

/// What numbers a network's large products are made of.
public enum Precision: String, Sendable, CaseIterable {
  case float32
  /// Activations and weights of the pointwise convolutions are rounded to 16-bit integers, where a
  /// model says what range they have; everything else stays in single precision.
  case int16

  /// The environment variable that raises ``best(for:)`` to single precision, for tests and for
  /// comparisons.
  public static let environmentVariable = "FIGURED_PRECISION"

  /// Whether this processor adds up products of 16-bit integers by instructions of its own
  /// (AVX512_VNNI): without them single precision is faster.
  public static let hasIntegerProducts = figured_has_vnni() != 0

  /// The faster one of those that are good enough; single precision where the environment asks for it.
  public static func best(for level: ProcessorLevel) -> Precision {
    if let text = unsafe getenv(environmentVariable), unsafe String(cString: text) == "float32" {
      return .float32
    }
    return level >= .avx512 && hasIntegerProducts ? .int16 : .float32
  }
}
