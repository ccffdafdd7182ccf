// In plain operations: what the instructions of KernelsInt16VNNI are compared with.

/// Multiplies the two 16-bit integers of each word and adds both products to a sum.
///
/// A sum that would overflow stays at the largest or smallest number instead.
@inline(__always) func addPairProducts(_ a: Words, _ b: Words, to sum: Words) -> Words {
  var result = sum
  for lane in 0..<lanes {
    let low = Int64(lowHalf(a[lane])) * Int64(lowHalf(b[lane]))
    let high = Int64(a[lane] >> 16) * Int64(b[lane] >> 16)
    result[lane] = Int32(clamping: Int64(sum[lane]) + low + high)
  }
  return result
}

@inline(__always) private func lowHalf(_ word: Int32) -> Int16 { Int16(truncatingIfNeeded: word) }

/// The nearest floats.
@inline(__always) func floats(_ words: Words) -> Vector {
  var result = Vector(repeating: 0)
  for lane in 0..<lanes { result[lane] = Float(words[lane]) }
  return result
}

/// Stores the lower 16 bits of each word, one after the other.
@inline(__always) func storeLowHalves(_ words: Words, _ output: UnsafeMutablePointer<Float>) {
  let halves = UnsafeMutableRawPointer(output)
  for lane in 0..<lanes {
    unsafe halves.storeBytes(
      of: lowHalf(words[lane]), toByteOffset: 2 * lane, as: Int16.self)
  }
}
