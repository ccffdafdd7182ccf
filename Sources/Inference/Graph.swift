/// The number of a tensor in a graph; 0 is the input.
typealias TensorID = Int

/// How a window moves over its input.
struct Window: Equatable, Sendable {
  var height: Int
  var width: Int
  var verticalStride: Int
  var horizontalStride: Int
  var top: Int
  var left: Int
  var bottom: Int
  var right: Int

  /// The size of the output; `nil` where the window does not fit.
  func outputSize(height inputHeight: Int, width inputWidth: Int) -> (height: Int, width: Int)? {
    let (spanY, spanX) = (inputHeight + top + bottom - height, inputWidth + left + right - width)
    guard spanY >= 0, spanX >= 0 else { return nil }
    return (spanY / verticalStride + 1, spanX / horizontalStride + 1)
  }

  /// One pixel to one pixel.
  var isPointwise: Bool {
    height == 1 && width == 1 && verticalStride == 1 && horizontalStride == 1 && padding == 0
  }

  /// Squares of 2×2 pixels side by side.
  static let halving = Window(
    height: 2, width: 2, verticalStride: 2, horizontalStride: 2, top: 0, left: 0, bottom: 0,
    right: 0)

  /// The largest padding on any side.
  var padding: Int { max(top, left, bottom, right) }
}

/// Zeros around the pixels of a tensor and after its channels.
struct Padding: Equatable, Sendable {
  var top: Int
  var left: Int
  var bottom: Int
  var right: Int
  /// How many are added, after those there are.
  var channels: Int
}

/// A convolution's numbers as they stand in the file.
struct ConvolutionWeights: Sendable {
  var window: Window
  var groups: Int
  var inputChannels: Int
  var outputChannels: Int
  /// `[outputChannels][inputChannels / groups][height][width]`.
  var weights: [Float]
  /// `outputChannels`.
  var bias: [Float]

  var isDepthwise: Bool { groups == inputChannels && outputChannels == inputChannels && groups > 1 }
  var isDense: Bool { groups == 1 }
}

/// Per-channel slopes of negative values; one number stands for all channels.
enum Activation: Sendable {
  case leaky(slopes: [Float])
  case sigmoid
}

/// What a layer does.
enum Operation: Sendable {
  case convolution(ConvolutionWeights)
  case activation(Activation)
  case maximumPooling(Window)
  case averagePooling(Window)
  case globalAveragePooling
  case nearestUpsampling(factor: Int)
  case zeroPadding(Padding)
  case add
  case multiply
  case concatenation
  case softmax
  /// Weights `[outputs][channels · height · width of the input]`, bias `[outputs]`.
  case fullyConnected(outputs: Int, inputs: Int, weights: [Float], bias: [Float])
}

/// One checked layer; it makes the tensor ``output``.
struct Layer: Sendable {
  var name: String
  var operation: Operation
  var inputs: [TensorID]
  var output: TensorID
}

/// A checked graph: layers in an order in which each reads only what earlier ones have made.
struct Graph: Sendable {
  var layers: [Layer]
  /// Channels of each tensor; sizes depend on the image.
  var channels: [Int]
  var outputs: [GraphOutput]
  /// The largest magnitudes that each channel of a tensor was seen to have, where they are known.
  var ranges: [TensorID: [Float]]
}

extension Graph {
  /// What decides shapes and outputs; the weights of a large network take as much memory again.
  var withoutWeights: Graph {
    var graph = self
    for index in graph.layers.indices {
      switch graph.layers[index].operation {
      case .convolution(var convolution):
        convolution.weights = []
        convolution.bias = []
        graph.layers[index].operation = .convolution(convolution)
      case .fullyConnected(let outputs, let inputs, _, _):
        graph.layers[index].operation = .fullyConnected(
          outputs: outputs, inputs: inputs, weights: [], bias: [])
      case .activation, .maximumPooling, .averagePooling, .globalAveragePooling,
        .nearestUpsampling, .zeroPadding, .add, .multiply, .concatenation, .softmax:
        break
      }
    }
    return graph
  }
}

/// What the caller gets of a tensor.
struct GraphOutput: Sendable {
  var name: String
  var tensor: TensorID
  var channels: Range<Int>
  var hasSigmoid: Bool
}
