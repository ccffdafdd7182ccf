/// Adds `count` floats: `output ← first + second`; they may be the same memory.
public func addElements(
  _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, count: Int,
  output: UnsafeMutablePointer<Float>
) {
  for index in stride(from: 0, to: count, by: lanes) {
    unsafe store(load(first + index) + load(second + index), output + index)
  }
}

/// Multiplies `count` floats: `output ← first · second`; they may be the same memory.
public func multiplyElements(
  _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, count: Int,
  output: UnsafeMutablePointer<Float>
) {
  for index in stride(from: 0, to: count, by: lanes) {
    unsafe store(load(first + index) * load(second + index), output + index)
  }
}

/// Applies a leaky rectifier to `count` floats, a multiple of 16; `slopes` holds 16.
public func activateElements(
  _ input: UnsafePointer<Float>, slopes: UnsafePointer<Float>, count: Int,
  output: UnsafeMutablePointer<Float>
) {
  for index in stride(from: 0, to: count, by: lanes) {
    unsafe store(activate(load(input + index), load(slopes + index % 16)), output + index)
  }
}

/// Turns `count` bytes into floats: `output ← (byte − mean) · scale`.
public func normalizeBytes(
  _ bytes: UnsafePointer<UInt8>, count: Int, mean: Float, scale: Float,
  output: UnsafeMutablePointer<Float>
) {
  for index in 0..<count {
    unsafe output[index] = (Float(bytes[index]) - mean) * scale
  }
}

/// Writes each of `count` pixels of 16 floats `factor` times side by side.
public func repeatPixels(
  _ input: UnsafePointer<Float>, count: Int, factor: Int, output: UnsafeMutablePointer<Float>
) {
  for pixel in 0..<count {
    for lane in stride(from: 0, to: 16, by: lanes) {
      let value = unsafe load(input + pixel * 16 + lane)
      for copy in 0..<factor {
        unsafe store(value, output + (pixel * factor + copy) * 16 + lane)
      }
    }
  }
}

/// Adds each of `count` pixels of 16 floats to `factor` pixels of `other` side by side.
public func addRepeatedPixels(
  _ input: UnsafePointer<Float>, to other: UnsafePointer<Float>, count: Int, factor: Int,
  output: UnsafeMutablePointer<Float>
) {
  for pixel in 0..<count {
    for lane in stride(from: 0, to: 16, by: lanes) {
      let value = unsafe load(input + pixel * 16 + lane)
      for copy in 0..<factor {
        let place = (pixel * factor + copy) * 16 + lane
        unsafe store(load(other + place) + value, output + place)
      }
    }
  }
}

/// Applies the logistic function `1 / (1 + e⁻ˣ)` to `count` floats in place.
///
/// e⁻ˣ is 2ⁿ · 2ᶠ with a whole `n` and `f` in −½…½; 2ᶠ is the start of its Taylor series, whose first
/// term left out is below 2⁻²⁵.
public func applyLogistic(_ values: UnsafeMutablePointer<Float>, count: Int) {
  var index = 0
  while index + lanes <= count {
    unsafe store(logistic(load(values + index)), values + index)
    index += lanes
  }
  guard index < count else { return }
  var rest = Vector(repeating: 0)
  for lane in 0..<(count - index) { unsafe rest[lane] = values[index + lane] }
  rest = logistic(rest)
  for lane in 0..<(count - index) { unsafe values[index + lane] = rest[lane] }
}

@inline(__always) private func logistic(_ x: Vector) -> Vector {
  // Beyond ±87 the result is 0 or 1 to the last bit, and 2ⁿ would leave the range of a float.
  let limit = Vector(repeating: 87)
  var power = (-x).replacing(with: limit, where: -x .> limit)
  power = power.replacing(with: -limit, where: power .< -limit) * 1.442_695_04
  // Adding 1.5 · 2²³ leaves the rounded number in the lowest bits.
  let magic = Vector(repeating: 12_582_912)
  let shifted = power + magic
  let fraction = power - (shifted - magic)
  // (ln 2)ᵏ / k!
  var exponential = Vector(repeating: 1.540_353_04e-4)
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 1.333_355_81e-3))
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 9.618_129_11e-3))
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 5.550_410_87e-2))
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 2.402_265_07e-1))
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 6.931_471_81e-1))
  exponential = multiplyAdd(exponential, fraction, Vector(repeating: 1))
  // The whole part goes into the exponent.
  let whole = unsafe unsafeBitCast(shifted, to: HalfWords.self) &<< 23
  let bits = unsafe unsafeBitCast(exponential, to: HalfWords.self) &+ whole
  let one = Vector(repeating: 1)
  return unsafe one / (one + unsafeBitCast(bits, to: Vector.self))
}
