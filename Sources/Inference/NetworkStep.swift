internal import Kernels

/// One thing that a worker does, with weights packed.
///
/// Steps know no image sizes; those come in with an ``ExecutionPlan``.
struct NetworkStep: Sendable {
  enum Work: Sendable {
    /// Convolutions and poolings, each read by the next alone.
    case chain([ChainStage])
    /// Any other grouping, by gathering and multiplying matrices.
    case groupedConvolution(ConvolutionWeights, slopes: [Float]?)
    case fullyConnected(PackedFullyConnected)
    /// One slope a channel, in whole blocks.
    case leakyActivation(PackedSlopes)
    case sigmoid
    case softmax
    case globalAveragePooling
    case nearestUpsampling(factor: Int)
    case add
    case multiply
    case concatenation
  }

  /// The name of the last layer that the step runs.
  var name: String
  var work: Work
  var inputs: [TensorID]
  var output: TensorID
}

/// One layer of a chain, with the rectifier that follows it.
struct ChainStage: Sendable {
  enum Work: Sendable {
    /// Reads the interleaved image.
    case image(PackedConvolution)
    case dense(PackedConvolution)
    case depthwise(PackedConvolution)
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
    case .maximumPooling(let window), .averagePooling(let window): window
    }
  }

  /// Whether what lies outside the input is read, as zeros.
  var readsBorder: Bool {
    switch work {
    case .image, .dense, .depthwise: true
    case .maximumPooling, .averagePooling: false
    }
  }

  /// Weights that should stay in the cache while rows stream past them.
  var weightByteCount: Int {
    switch work {
    case .image(let packed), .dense(let packed), .depthwise(let packed): packed.weightByteCount
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
