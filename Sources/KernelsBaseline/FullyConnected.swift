public import KernelTypes

/// Multiplies one input by a matrix of brain floats, panel by panel.
///
/// The weights are read once and are far larger than any cache next to the core, so what counts is
/// that they are half as long as floats: widening them costs a shift and a mask.
public func multiplyFullyConnected(_ block: FullyConnectedBlock) {
  let highHalf = HalfWords(repeating: 0xffff_0000)
  var weights = unsafe UnsafeRawPointer(block.weights)
  for panel in unsafe 0..<block.panels {
    var sums = InlineArray<8, Vector>(repeating: Vector(repeating: 0))
    for segment in unsafe 0..<block.segmentCount {
      let input = unsafe block.input + block.segmentOffsets[segment]
      for position in unsafe 0..<block.segmentLength {
        let value = unsafe Vector(repeating: input[position])
        for pair in 0..<4 {
          let words = unsafe weights.loadUnaligned(
            fromByteOffset: pair * lanes * 4, as: HalfWords.self)
          let low = unsafe unsafeBitCast(words &<< 16, to: Vector.self)
          let high = unsafe unsafeBitCast(words & highHalf, to: Vector.self)
          unsafe sums[unchecked: 2 &* pair] = multiplyAdd(value, low, sums[unchecked: 2 &* pair])
          unsafe sums[unchecked: 2 &* pair &+ 1] = multiplyAdd(
            value, high, sums[unchecked: 2 &* pair &+ 1])
        }
        unsafe weights += 4 * lanes * 4
      }
    }
    for index in 0..<8 {
      let channel = panel * channelsPerFullyConnectedPanel + index * lanes
      unsafe store(
        sums[unchecked: index] + load(block.bias + channel), block.output + channel)
    }
  }
}
