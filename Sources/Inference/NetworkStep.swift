internal import Kernels

/// One thing that a worker does, with weights packed: a layer, or some layers run together.
///
/// Steps know no image sizes; those come in with an ``ExecutionPlan``.
struct NetworkStep: Sendable {
  enum Work: Sendable {
    /// Reads the interleaved image.
    case imageConvolution(PackedConvolution)
    case denseConvolution(PackedConvolution)
    case depthwiseConvolution(PackedConvolution)
    /// Some rows of the first at a time, which the second reads while they are in the cache.
    case depthwiseThenPointwise(PackedConvolution, PackedConvolution)
    case pointwiseThenDepthwise(PackedConvolution, PackedConvolution)
    /// Any other grouping, by gathering and multiplying matrices.
    case groupedConvolution(ConvolutionWeights, slopes: [Float]?)
    case fullyConnected(PackedFullyConnected)
    /// One slope a channel, in whole blocks.
    case leakyActivation(PackedSlopes)
    case sigmoid
    case softmax
    case maximumPooling(Window)
    case averagePooling(Window)
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

/// Slopes of a rectifier that could not be joined to the convolution before it.
final class PackedSlopes: Sendable {
  let buffer: AlignedBuffer

  init(_ slopes: [Float], channels: Int) {
    buffer = paddedSlopes(slopes, channels: channels, count: (channels + 15) / 16 * 16)
  }
}
