internal import KernelTypes

// What the convolutions compute with; IntegerArithmetic.swift is the other kind. Both sources of
// convolutions are compiled with either.

/// One number of each output channel's weights, or one number of the input for all of them.
typealias DenseFactors = Vector
typealias DenseSum = Vector

@inline(__always) func loadFactors(_ pointer: UnsafePointer<Float>) -> DenseFactors {
  unsafe load(pointer)
}

@inline(__always) func repeatFactor(_ pointer: UnsafePointer<Float>) -> DenseFactors {
  unsafe DenseFactors(repeating: pointer.pointee)
}

@inline(__always)
func addProducts(_ a: DenseFactors, _ b: DenseFactors, _ sum: DenseSum) -> DenseSum {
  multiplyAdd(a, b, sum)
}

/// What a dense convolution makes of its sums, for one panel of channels.
@unsafe struct DenseEnding {
  private let bias: UnsafePointer<Float>
  private let slopes: UnsafePointer<Float>

  @inline(__always) init(_ block: ConvolutionBlock, firstChannel: Int) {
    unsafe bias = block.bias + firstChannel
    unsafe slopes = block.slopes + firstChannel
  }

  @inline(__always) func start(vector: Int) -> DenseSum { unsafe load(bias + vector * lanes) }

  @inline(__always) func loaded(vector: Int) -> Loaded {
    unsafe Loaded(slope: load(slopes + vector * lanes))
  }

  /// For one vector of channels.
  struct Loaded {
    let slope: Vector

    @inline(__always) func result(_ sum: DenseSum) -> Vector { activate(sum, slope) }
  }
}

/// What a depthwise convolution makes of its sums, for one vector of channels.
struct DepthwiseEnding {
  private let slope: Vector

  @inline(__always) init(_ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int) {
    unsafe slope = load(block.slopes + channelBlock * channelsPerBlock + lane)
  }

  /// Where the results of a vector of channels lie in the output's first row.
  @inline(__always)
  static func offset(_ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int) -> Int {
    unsafe channelBlock * block.outputBlockStride + lane
  }

  @inline(__always) func put(_ sum: Vector, _ output: UnsafeMutablePointer<Float>) {
    unsafe store(activate(sum, slope), output)
  }
}
