internal import Kernels

/// Joins layers that are faster run together, and packs their weights for one processor level.
///
/// Found from the graph alone:
/// - a rectifier goes into the convolution that it follows, where nobody else reads that;
/// - a depthwise convolution and the pointwise one that follows it run a few rows at a time, so that
///   what passes between them stays in the cache;
/// - a pointwise convolution followed by a depthwise one likewise.
struct FusionPlanner {
  private let graph: Graph
  private let kernels: KernelTable
  /// For each channel of the stored image, its number in the network's input.
  private let imageOrder: [Int]
  /// The shapes of all tensors, for networks of a fixed size.
  private let shapes: [TensorShape]?
  private var readers: [Int]

  /// The steps that compute `graph`.
  ///
  /// - Parameters:
  ///   - graph: checked.
  ///   - kernels: whose panels the weights are packed for.
  ///   - imageOrder: for each channel of the stored image, its number in the network's input.
  ///   - shapes: of each tensor, where the network has a fixed size.
  /// - Returns: steps in an order in which each reads only what earlier ones have made.
  /// - Throws: ``ModelError`` where a fully connected layer does not suit what it reads.
  static func plan(
    _ graph: Graph, kernels: KernelTable, imageOrder: [Int], shapes: [TensorShape]?
  ) throws(ModelError) -> [NetworkStep] {
    var planner = FusionPlanner(
      graph: graph, kernels: kernels, imageOrder: imageOrder, shapes: shapes,
      readers: [Int](repeating: 0, count: graph.channels.count))
    for layer in graph.layers {
      for input in layer.inputs { planner.readers[input] += 1 }
    }
    for output in graph.outputs { planner.readers[output.tensor] += 1 }
    return try planner.steps()
  }

  /// A convolution with the rectifier that follows it.
  private struct Unit {
    var convolution: ConvolutionWeights
    var slopes: [Float]?
    var input: TensorID
    var output: TensorID
    var name: String
    /// Layers taken.
    var count: Int
  }

  private func steps() throws(ModelError) -> [NetworkStep] {
    var steps: [NetworkStep] = []
    var index = 0
    while index < graph.layers.count {
      guard let first = unit(at: index) else {
        steps.append(try plainStep(graph.layers[index]))
        index += 1
        continue
      }
      if let second = unit(at: index + first.count), second.input == first.output,
        readers[first.output] == 1, first.input != 0, let work = joined(first, second)
      {
        steps.append(
          NetworkStep(
            name: second.name, work: work, inputs: [first.input], output: second.output))
        index += first.count + second.count
      } else {
        steps.append(
          NetworkStep(
            name: first.name, work: single(first), inputs: [first.input], output: first.output))
        index += first.count
      }
    }
    return steps
  }

  /// The convolution at a place in the list, if there is one.
  private func unit(at index: Int) -> Unit? {
    guard index < graph.layers.count else { return nil }
    let layer = graph.layers[index]
    guard case .convolution(let convolution) = layer.operation else { return nil }
    var unit = Unit(
      convolution: convolution, slopes: nil, input: layer.inputs[0], output: layer.output,
      name: layer.name, count: 1)
    if index + 1 < graph.layers.count, readers[layer.output] == 1 {
      let next = graph.layers[index + 1]
      if case .activation(.leaky(let slopes)) = next.operation, next.inputs == [layer.output] {
        unit.slopes = slopes
        unit.output = next.output
        unit.name = next.name
        unit.count = 2
      }
    }
    return unit
  }

  /// How two convolutions in a row run together; `nil` if they do not.
  private func joined(_ first: Unit, _ second: Unit) -> NetworkStep.Work? {
    if first.convolution.isDepthwise, isPointwise(second) {
      return .depthwiseThenPointwise(depthwise(first), dense(second))
    }
    // Rows that overlap are kept from one round to the next, which needs an overlap or none.
    let window = second.convolution.window
    if isPointwise(first), second.convolution.isDepthwise,
      window.height >= window.verticalStride
    {
      return .pointwiseThenDepthwise(dense(first), depthwise(second))
    }
    return nil
  }

  private func single(_ unit: Unit) -> NetworkStep.Work {
    if unit.input == 0 {
      return .imageConvolution(
        .image(
          unit.convolution, slopes: unit.slopes, panel: kernels.channelsPerPanel,
          order: imageOrder))
    }
    if unit.convolution.isDense { return .denseConvolution(dense(unit)) }
    if unit.convolution.isDepthwise { return .depthwiseConvolution(depthwise(unit)) }
    return .groupedConvolution(unit.convolution, slopes: unit.slopes)
  }

  private func isPointwise(_ unit: Unit) -> Bool {
    unit.convolution.isDense && unit.convolution.window.isPointwise
  }

  private func dense(_ unit: Unit) -> PackedConvolution {
    .dense(unit.convolution, slopes: unit.slopes, panel: kernels.channelsPerPanel)
  }

  private func depthwise(_ unit: Unit) -> PackedConvolution {
    PackedConvolution(depthwise: unit.convolution, slopes: unit.slopes)
  }

  private func plainStep(_ layer: Layer) throws(ModelError) -> NetworkStep {
    let work: NetworkStep.Work =
      switch layer.operation {
      case .convolution: preconditionFailure("convolutions are units")
      case .activation(.leaky(let slopes)):
        .leakyActivation(PackedSlopes(slopes, channels: graph.channels[layer.output]))
      case .activation(.sigmoid): .sigmoid
      case .maximumPooling(let window): .maximumPooling(window)
      case .averagePooling(let window): .averagePooling(window)
      case .globalAveragePooling: .globalAveragePooling
      case .nearestUpsampling(let factor): .nearestUpsampling(factor: factor)
      case .add: .add
      case .multiply: .multiply
      case .concatenation: .concatenation
      case .softmax: .softmax
      case .fullyConnected(_, let inputs, let weights, let bias):
        .fullyConnected(
          PackedFullyConnected(
            weights, bias: bias, inputs: try fullyConnectedInput(layer, inputs: inputs),
            lanes: kernels.lanes))
      }
    return NetworkStep(name: layer.name, work: work, inputs: layer.inputs, output: layer.output)
  }

  /// The shape that a fully connected layer reads, which fixes the order of its weights.
  private func fullyConnectedInput(
    _ layer: Layer, inputs: Int
  ) throws(ModelError) -> TensorShape {
    let channels = graph.channels[layer.inputs[0]]
    let shape =
      shapes?[layer.inputs[0]] ?? TensorShape(height: 1, width: 1, channels: channels)
    guard shape.count == inputs else {
      throw .invalidLayer(
        layer: layer.name,
        reason: "\(inputs) weights an output for a tensor of \(shape.count) numbers")
    }
    return shape
  }
}
