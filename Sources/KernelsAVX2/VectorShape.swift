// The shape of the kernels for AVX2 and FMA: 16 registers of eight floats.

typealias Vector = SIMD8<Float>
typealias HalfWords = SIMD8<UInt32>

/// The pixels that one tile of the dense convolution takes; times two vectors of channels.
///
/// 6 × 2 sums, 2 vectors of weights and 1 broadcast input fill 15 of 16 registers.
@inline(__always) var tileRows: Int { 6 }
typealias TileColumn = InlineArray<6, Vector>

@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ sum: Vector) -> Vector {
  sum.addingProduct(a, b)
}
