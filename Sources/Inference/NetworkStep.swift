internal import Kernels

/// One thing that a worker does, with weights packed.
///
/// Steps know no image sizes; those come in with an ``ExecutionPlan``.
struct NetworkStep: Sendable {
  enum Work: Sendable {
    /// Convolutions and poolings, each read by the next alone.
    case chain([ChainStage])
    /// A convolution of 3×3 pixels with many channels.
    case winograd(WinogradWeights)
    /// A dense convolution of small maps.
    case gathered(PackedConvolution)
    /// Any other grouping, by gathering and multiplying matrices.
    case groupedConvolution(ConvolutionWeights, slopes: [Float]?)
    case fullyConnected(PackedFullyConnected)
    /// One slope a channel, in whole blocks.
    case leakyActivation(PackedSlopes)
    case sigmoid
    case softmax
    case globalAveragePooling
    case nearestUpsampling(factor: Int)
    case zeroPadding(Padding)
    case add
    /// Adds the second input, each pixel repeated, to the first.
    case addUpsampled(factor: Int)
    case multiply
    case concatenation
  }

  /// The name of the last layer that the step runs.
  var name: String
  var work: Work
  var inputs: [TensorID]
  var output: TensorID

  /// Whether several images are better run together: what is read of the weights serves all.
  var isShared: Bool {
    switch work {
    case .winograd, .gathered: true
    default: false
    }
  }

  /// Tensors that the step makes whose words hold two 16-bit integers.
  var integerTensors: [TensorID] {
    guard case .chain(let stages) = work else { return [] }
    return stages.filter(\.makesIntegers).map(\.output)
  }
}

/// One layer of a chain, with the rectifier that follows it.
struct ChainStage: Sendable {
  enum Work: Sendable {
    /// Reads the interleaved image.
    case image(PackedConvolution)
    case dense(PackedConvolution)
    case depthwise(PackedConvolution)
    /// 3×3 pixels, then the largest of each 2×2 results.
    case pooledDepthwise(PackedConvolution)
    case maximumPooling(Window)
    case averagePooling(Window)
  }

  var name: String
  var work: Work
  var input: TensorID
  var output: TensorID

  var window: Window {
    switch work {
    case .image(let packed), .dense(let packed), .depthwise(let packed): packed.window
    // What one pooled pixel reads: four windows of three pixels, one pixel apart.
    case .pooledDepthwise(let packed):
      Window(
        height: 4, width: 4, verticalStride: 2, horizontalStride: 2, top: packed.window.top,
        left: packed.window.left, bottom: packed.window.bottom, right: packed.window.right)
    case .maximumPooling(let window), .averagePooling(let window): window
    }
  }

  /// Whether what lies outside the input is read, as zeros.
  var readsBorder: Bool {
    switch work {
    case .image, .dense, .depthwise, .pooledDepthwise: true
    case .maximumPooling, .averagePooling: false
    }
  }

  /// Whether the output's words hold two 16-bit integers each.
  var makesIntegers: Bool {
    if case .depthwise(let packed) = work { return packed.isInteger }
    return false
  }

  /// Weights that should stay in the cache while rows stream past them.
  var weightByteCount: Int {
    switch work {
    case .image(let packed), .dense(let packed), .depthwise(let packed),
      .pooledDepthwise(let packed):
      packed.weightByteCount
    case .maximumPooling, .averagePooling: 0
    }
  }
}

/// Slopes of a rectifier that could not be joined to the convolution before it.
final class PackedSlopes: Sendable {
  let buffer: AlignedBuffer

  init(_ slopes: [Float], channels: Int) {
    buffer = paddedSlopes(slopes, channels: channels, count: (channels + 15) / 16 * 16)
  }
}
