// The shape of the kernels for AVX2 and FMA: 16 registers of eight floats.

typealias Vector = SIMD8<Float>
typealias HalfWords = SIMD8<UInt32>
typealias Words = SIMD8<Int32>
typealias ShortWords = SIMD16<Int16>

/// The pixels of one part of a tile of the dense convolution; times two vectors of channels.
///
/// 6 × 2 sums, 2 vectors of weights and 1 broadcast input fill 15 of 16 registers.
@inline(__always) var partRows: Int { 6 }
@inline(__always) var partsPerTile: Int { 1 }
typealias TilePart = InlineArray<6, DenseSum>

@inline(__always) func multiplyAdd(_ a: Vector, _ b: Vector, _ sum: Vector) -> Vector {
  sum.addingProduct(a, b)
}
