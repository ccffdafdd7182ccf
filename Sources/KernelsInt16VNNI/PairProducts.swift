internal import VNNI

// In the words of VNNI, whose functions are these instructions.

/// Multiplies the two 16-bit integers of each word and adds both products to a sum.
///
/// A sum that would overflow stays at the largest or smallest number instead.
@inline(__always) func addPairProducts(_ a: Words, _ b: Words, to sum: Words) -> Words {
  VNNI.addPairProducts(a, b, to: sum)
}

/// The nearest floats.
@inline(__always) func floats(_ words: Words) -> Vector { VNNI.floats(words) }

/// Stores the lower 16 bits of each word, one after the other.
@inline(__always) func storeLowHalves(_ words: Words, _ output: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(output).storeBytes(
    of: VNNI.lowHalves(words), as: SIMD16<Int16>.self)
}
