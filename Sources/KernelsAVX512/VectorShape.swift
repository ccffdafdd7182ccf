// The shape of the kernels for AVX-512: 32 registers of sixteen floats.

typealias Vector = SIMD16<Float>
typealias HalfWords = SIMD16<UInt32>

/// The pixels that one tile of the dense convolution takes; times two vectors of channels.
///
/// 20 sums hide the latency of the two multiply-add units (8 would) and leave registers for the
/// weights. The compiler does not unroll a loop of 12 or more.
@inline(__always) var tileRows: Int { 10 }
typealias TileColumn = InlineArray<10, Vector>

@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ sum: Vector) -> Vector {
  sum.addingProduct(a, b)
}
