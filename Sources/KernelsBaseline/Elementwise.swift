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
