// Loops that do nothing useful as fast as the processor can: what a network's floor is made of.

/// Sums that grow side by side: more than the latency of a multiply-add times the units for it.
private typealias Sums = InlineArray<10, Vector>

/// Multiplies and adds in registers.
///
/// - Parameters:
///   - rounds: how often; each takes ``operationsPerRound`` operations.
///   - factor: what is multiplied by; keeps the compiler from knowing the result.
/// - Returns: a number that depends on all of it.
public func multiplyInRegisters(rounds: Int, factor: Float) -> Float {
  let factor = Vector(repeating: factor)
  var sums = Sums(repeating: factor)
  for _ in 0..<rounds {
    for index in 0..<10 {
      unsafe sums[unchecked: index] = multiplyAdd(sums[unchecked: index], factor, factor)
    }
  }
  var total: Float = 0
  for index in 0..<10 { total += sums[index].sum() }
  return total
}

/// Operations in a round of ``multiplyInRegisters(rounds:factor:)``; a multiply-add is two.
public let operationsPerRound = 10 * 2 * Vector.scalarCount

/// Reads `count` floats, a multiple of 128, and returns their sum.
public func readThrough(_ values: UnsafePointer<Float>, count: Int) -> Float {
  var sums = InlineArray<8, Vector>(repeating: Vector(repeating: 0))
  for start in stride(from: 0, to: count, by: 8 * lanes) {
    for index in 0..<8 {
      unsafe sums[unchecked: index] += load(values + start + index * lanes)
    }
  }
  var total: Float = 0
  for index in 0..<8 { total += sums[index].sum() }
  return total
}
