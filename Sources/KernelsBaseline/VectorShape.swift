// The shape of the kernels for any x86-64 (SSE2) and for other architectures: 16 registers of four
// floats. There is no fused multiply-add: `addingProduct` would call `fmaf` for each number.

typealias Vector = SIMD4<Float>
typealias HalfWords = SIMD4<UInt32>
typealias Words = SIMD4<Int32>
typealias ShortWords = SIMD8<Int16>

/// The pixels of one part of a tile of the dense convolution; times two vectors of channels.
@inline(__always) var partRows: Int { 4 }
@inline(__always) var partsPerTile: Int { 1 }
typealias TilePart = InlineArray<4, DenseSum>

@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ sum: Vector) -> Vector {
  sum + a * b
}
