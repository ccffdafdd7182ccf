public import Swift

// Instructions that Swift has no words for, as the compiler's builtins: the only module that is
// compiled with -parse-stdlib, which makes them visible. They belong to the toolchain rather than to
// the language, so a new toolchain may ask for changes here, and here alone.

/// Multiplies the two 16-bit integers of each word and adds both products to a sum: `vpdpwssds`.
///
/// A sum that would overflow stays at the largest or smallest number instead.
@_transparent
public func addPairProducts(
  _ a: SIMD16<Int32>, _ b: SIMD16<Int32>, to sum: SIMD16<Int32>
) -> SIMD16<Int32> {
  unsafe unsafeBitCast(
    Builtin.int_x86_avx512_vpdpwssds_512(
      sum._storage._value, a._storage._value, b._storage._value), to: SIMD16<Int32>.self)
}

/// Multiplies the four unsigned bytes of each word by four signed ones and adds all products to a sum:
/// `vpdpbusd`.
@_transparent
public func addByteProducts(
  _ unsigned: SIMD16<Int32>, _ signed: SIMD16<Int32>, to sum: SIMD16<Int32>
) -> SIMD16<Int32> {
  unsafe unsafeBitCast(
    Builtin.int_x86_avx512_vpdpbusd_512(
      sum._storage._value, unsigned._storage._value, signed._storage._value),
    to: SIMD16<Int32>.self)
}

/// The nearest floats: `vcvtdq2ps`.
@_transparent
public func floats(_ words: SIMD16<Int32>) -> SIMD16<Float> {
  unsafe unsafeBitCast(
    Builtin.sitofp_Vec16xInt32_Vec16xFPIEEE32(words._storage._value), to: SIMD16<Float>.self)
}

/// The lower 16 bits of each word: `vpmovdw`.
@_transparent
public func lowHalves(_ words: SIMD16<Int32>) -> SIMD16<Int16> {
  unsafe unsafeBitCast(
    Builtin.trunc_Vec16xInt32_Vec16xInt16(words._storage._value), to: SIMD16<Int16>.self)
}

/// Which lanes of `a` are at least those of `b`, the first in the lowest bit: `vcmpps`.
@_transparent
public func lanesAtLeast(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> UInt16 {
  unsafe unsafeBitCast(
    Builtin.bitcast_Vec16xInt1_Int16(
      Builtin.fcmp_oge_Vec16xFPIEEE32(a._storage._value, b._storage._value)), to: UInt16.self)
}
