internal import KernelTypes

// What the convolutions compute with where their factors are 16-bit integers; FloatArithmetic.swift
// is the other kind. PairProducts.swift is what differs between processors.

/// Two integers of each output channel's weights, or two integers of the input for all of them.
typealias DenseFactors = Words
/// Stays at its limits instead of overflowing.
typealias DenseSum = Words

@inline(__always) func loadFactors(_ pointer: UnsafePointer<Float>) -> DenseFactors {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: DenseFactors.self)
}

@inline(__always) func repeatFactor(_ pointer: UnsafePointer<Float>) -> DenseFactors {
  unsafe DenseFactors(repeating: UnsafeRawPointer(pointer).loadUnaligned(as: Int32.self))
}

@inline(__always)
func addProducts(_ a: DenseFactors, _ b: DenseFactors, _ sum: DenseSum) -> DenseSum {
  addPairProducts(a, b, to: sum)
}

/// What a dense convolution makes of its sums, for one panel of channels.
@unsafe struct DenseEnding {
  private let bias: UnsafePointer<Float>
  private let slopes: UnsafePointer<Float>
  private let scales: UnsafePointer<Float>

  @inline(__always) init(_ block: ConvolutionBlock, firstChannel: Int) {
    unsafe bias = block.bias + firstChannel
    unsafe slopes = block.slopes + firstChannel
    unsafe scales = block.scales.unsafelyUnwrapped + firstChannel
  }

  @inline(__always) func start(vector: Int) -> DenseSum { DenseSum(repeating: 0) }

  @inline(__always) func loaded(vector: Int) -> Loaded {
    unsafe Loaded(
      scale: load(scales + vector * lanes), bias: load(bias + vector * lanes),
      slope: load(slopes + vector * lanes))
  }

  /// For one vector of channels.
  struct Loaded {
    let scale: Vector
    let bias: Vector
    let slope: Vector

    /// Multiplied and added in two roundings, so that every processor gets the same bits.
    @inline(__always) func result(_ sum: DenseSum) -> Vector {
      activate(floats(sum) * scale + bias, slope)
    }
  }
}

/// What a depthwise convolution makes of its sums, for one vector of channels: 16-bit integers.
struct DepthwiseEnding {
  private let slope: Vector
  private let scale: Vector

  @inline(__always) init(_ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int) {
    let channel = channelBlock * channelsPerBlock + lane
    unsafe slope = load(block.slopes + channel)
    unsafe scale = load(block.scales.unsafelyUnwrapped + channel)
  }

  /// Where the results of a vector of channels lie in the output's first row.
  ///
  /// Two to a word, an even block in the first half of the output's block, an odd one in the second.
  @inline(__always)
  static func offset(_ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int) -> Int {
    unsafe channelBlock / 2 * block.outputBlockStride
      + (channelBlock % 2 * channelsPerBlock + lane) / 2
  }

  @_transparent func put(_ sum: Vector, _ output: UnsafeMutablePointer<Float>) {
    let limit = Vector(repeating: Float(integerActivationLimit))
    // In this order what is not a number becomes one that is allowed.
    let inside = smallest(largest(-limit, activate(sum, slope) * scale), limit)
    // Adding 1.5 · 2²³ leaves the rounded number in the lowest bits.
    let shifted = inside + Vector(repeating: 12_582_912)
    unsafe storeLowHalves(unsafeBitCast(shifted, to: Words.self), output)
  }
}
