// The shape of the kernels for AVX-512: 32 registers of sixteen floats.

typealias Vector = SIMD16<Float>
typealias HalfWords = SIMD16<UInt32>
typealias Words = SIMD16<Int32>
typealias ShortWords = SIMD32<Int16>

/// The pixels of one part of a tile of the dense convolution; times two vectors of channels.
///
/// 2 × 7 × 2 sums, 2 vectors of weights and 1 broadcast input fill 31 of 32 registers. Two parts,
/// since the compiler does not unroll a loop of 12 or more.
@inline(__always) var partRows: Int { 7 }
@inline(__always) var partsPerTile: Int { 2 }
typealias TilePart = InlineArray<7, DenseSum>

@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ sum: Vector) -> Vector {
  sum.addingProduct(a, b)
}
