public import KernelTypes

/// Multiplies inputs by a matrix of brain floats, panel by panel.
///
/// The weights are far larger than any cache next to the core, so what counts is how often they are
/// read, and that they are half as long as floats: widening them costs a shift and a mask. All
/// inputs therefore take their turns with each segment's weights, which stay in the nearest cache
/// meanwhile. One input gives the same numbers alone as among others.
public func multiplyFullyConnected(_ block: FullyConnectedBlock) {
  var weights = unsafe UnsafeRawPointer(block.weights)
  for panel in unsafe 0..<block.panels {
    let first = panel * channelsPerFullyConnectedPanel
    for input in unsafe 0..<block.inputCount {
      let output = unsafe block.output + input * block.outputStride + first
      for index in 0..<8 {
        unsafe store(load(block.bias + first + index * lanes), output + index * lanes)
      }
    }
    for segment in unsafe 0..<block.segmentCount {
      let offset = unsafe block.segmentOffsets[segment]
      var input = 0
      while unsafe input < block.inputCount {
        let source = unsafe block.input + input * block.inputStride + offset
        let output = unsafe block.output + input * block.outputStride + first
        if unsafe input + 1 < block.inputCount {
          unsafe accumulate(
            source, source + block.inputStride, block.segmentLength, weights, output,
            output + block.outputStride)
          input += 2
        } else {
          unsafe accumulate(source, block.segmentLength, weights, output)
          input += 1
        }
      }
      unsafe weights += block.segmentLength * 4 * lanes * 4
    }
  }
}

private typealias PanelSums = InlineArray<8, Vector>

@inline(__always)
private func loadSums(_ pointer: UnsafePointer<Float>) -> PanelSums {
  var sums = PanelSums(repeating: Vector(repeating: 0))
  for index in 0..<8 { unsafe sums[unchecked: index] = load(pointer + index * lanes) }
  return sums
}

@inline(__always)
private func storeSums(_ sums: PanelSums, _ pointer: UnsafeMutablePointer<Float>) {
  for index in 0..<8 { unsafe store(sums[unchecked: index], pointer + index * lanes) }
}

/// Two vectors of weights out of the words that hold them.
@inline(__always)
private func weightPair(_ weights: UnsafeRawPointer, _ pair: Int) -> (low: Vector, high: Vector) {
  let words = unsafe weights.loadUnaligned(
    fromByteOffset: pair * lanes * 4, as: HalfWords.self)
  let highHalf = HalfWords(repeating: 0xffff_0000)
  return unsafe (
    unsafeBitCast(words &<< 16, to: Vector.self), unsafeBitCast(words & highHalf, to: Vector.self)
  )
}

/// Adds one segment of one input to a panel of results.
private func accumulate(
  _ input: UnsafePointer<Float>, _ length: Int, _ weights: UnsafeRawPointer,
  _ output: UnsafeMutablePointer<Float>
) {
  var sums = unsafe loadSums(output)
  var weights = unsafe weights
  for position in 0..<length {
    let value = unsafe Vector(repeating: input[position])
    for pair in 0..<4 {
      let (low, high) = unsafe weightPair(weights, pair)
      unsafe sums[unchecked: 2 &* pair] = multiplyAdd(value, low, sums[unchecked: 2 &* pair])
      unsafe sums[unchecked: 2 &* pair &+ 1] = multiplyAdd(
        value, high, sums[unchecked: 2 &* pair &+ 1])
    }
    unsafe weights += 4 * lanes * 4
  }
  unsafe storeSums(sums, output)
}

/// Adds one segment of two inputs to a panel of results of each; the weights are widened once.
private func accumulate(
  _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ length: Int,
  _ weights: UnsafeRawPointer, _ firstOutput: UnsafeMutablePointer<Float>,
  _ secondOutput: UnsafeMutablePointer<Float>
) {
  var firstSums = unsafe loadSums(firstOutput)
  var secondSums = unsafe loadSums(secondOutput)
  var weights = unsafe weights
  for position in 0..<length {
    let firstValue = unsafe Vector(repeating: first[position])
    let secondValue = unsafe Vector(repeating: second[position])
    for pair in 0..<4 {
      let (low, high) = unsafe weightPair(weights, pair)
      let (even, odd) = (2 &* pair, 2 &* pair &+ 1)
      unsafe firstSums[unchecked: even] = multiplyAdd(
        firstValue, low, firstSums[unchecked: even])
      unsafe firstSums[unchecked: odd] = multiplyAdd(firstValue, high, firstSums[unchecked: odd])
      unsafe secondSums[unchecked: even] = multiplyAdd(
        secondValue, low, secondSums[unchecked: even])
      unsafe secondSums[unchecked: odd] = multiplyAdd(
        secondValue, high, secondSums[unchecked: odd])
    }
    unsafe weights += 4 * lanes * 4
  }
  unsafe storeSums(firstSums, firstOutput)
  unsafe storeSums(secondSums, secondOutput)
}
