internal import Kernels

/// Joins layers that are faster run together, and packs their weights for one processor level.
///
/// Found from the graph alone:
/// - a rectifier goes into the convolution that it follows, where nobody else reads that;
/// - a pooling of 2×2 pixels goes into the depthwise convolution before it, where nobody else reads
///   that;
/// - an upsampling goes into the addition that follows, where nobody else reads it;
/// - convolutions and poolings of which each is read by the next alone form a chain, through which a
///   few rows at a time can pass while they are in the cache. How long the parts are in which a
///   chain really runs depends on sizes: see ``ChainSplitter``;
/// - convolutions of 3×3 pixels with many channels run by themselves, in the way of
///   ``WinogradWeights``, and those of small maps in the way of ``GatheredExecution``;
/// - where integers are wanted and ranges known, a depthwise convolution rounds its results for the
///   pointwise one that alone reads them.
struct FusionPlanner {
  private let graph: Graph
  private let kernels: KernelTable
  /// Output channels in a panel of integer weights; `nil` for single precision.
  private let integerPanel: Int?
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
  ///   - integerPanel: output channels in a panel of integer weights; `nil` for single precision.
  ///   - imageOrder: for each channel of the stored image, its number in the network's input.
  ///   - shapes: of each tensor, where the network has a fixed size.
  /// - Returns: steps in an order in which each reads only what earlier ones have made.
  /// - Throws: ``ModelError`` where a fully connected layer does not suit what it reads.
  static func plan(
    _ graph: Graph, kernels: KernelTable, integerPanel: Int?, imageOrder: [Int],
    shapes: [TensorShape]?
  ) throws(ModelError) -> [NetworkStep] {
    var planner = FusionPlanner(
      graph: graph, kernels: kernels, integerPanel: integerPanel, imageOrder: imageOrder,
      shapes: shapes,
      readers: [Int](repeating: 0, count: graph.channels.count))
    for layer in graph.layers {
      for input in layer.inputs { planner.readers[input] += 1 }
    }
    for output in graph.outputs { planner.readers[output.tensor] += 1 }
    return try planner.steps()
  }

  private func steps() throws(ModelError) -> [NetworkStep] {
    var steps: [NetworkStep] = []
    var index = 0
    while index < graph.layers.count {
      var stages: [ChainStage] = []
      while let (stage, count) = stage(at: index, after: stages.last) {
        if let last = stages.last, last.output != stage.input || readers[last.output] != 1 {
          break
        }
        stages.append(stage)
        index += count
      }
      if let first = stages.first, let last = stages.last {
        steps.append(
          NetworkStep(
            name: last.name, work: .chain(stages), inputs: [first.input], output: last.output))
      } else {
        let (step, count) = try plainStep(at: index)
        steps.append(step)
        index += count
      }
    }
    return steps
  }

  /// The layer at a place in the list as part of a chain, and how many layers it takes.
  private func stage(
    at index: Int, after previous: ChainStage?
  ) -> (stage: ChainStage, count: Int)? {
    guard index < graph.layers.count else { return nil }
    let layer = graph.layers[index]
    func stage(_ work: ChainStage.Work) -> ChainStage {
      ChainStage(name: layer.name, work: work, input: layer.inputs[0], output: layer.output)
    }
    switch layer.operation {
    case .maximumPooling(let window): return (stage(.maximumPooling(window)), 1)
    case .averagePooling(let window): return (stage(.averagePooling(window)), 1)
    case .convolution(let convolution):
      guard sharedWay(layer, convolution) == nil else { return nil }
      let next = activation(after: index)
      let isInteger = previous?.makesIntegers == true && previous?.output == layer.inputs[0]
      guard
        let work = work(
          convolution, slopes: next?.slopes, input: layer.inputs[0], isInteger: isInteger)
      else { return nil }
      var result = stage(work)
      var count = 1
      if let next {
        result.name = next.layer.name
        result.output = next.layer.output
        count = 2
      }
      if case .depthwise(let packed) = work, let pooling = pooling(after: index + count - 1),
        packed.isPoolable
      {
        result.work = .pooledDepthwise(packed)
        result.name = pooling.name
        result.output = pooling.output
        count += 1
      } else if case .depthwise = work,
        let scales = integerScales(result.output, next: index + count)
      {
        result.work = .depthwise(
          PackedConvolution(depthwise: convolution, slopes: next?.slopes, scales: scales))
      }
      return (result, count)
    default: return nil
    }
  }

  /// Ways of running a convolution that need its whole input, so that it is no part of a chain, and
  /// that several images share.
  private enum SharedWay {
    case winograd
    case gathered
  }

  /// The way that makes a convolution faster, if there is one.
  private func sharedWay(_ layer: Layer, _ convolution: ConvolutionWeights) -> SharedWay? {
    guard layer.inputs[0] != 0, convolution.isDense, graph.ranges[layer.inputs[0]] == nil else {
      return nil
    }
    if let shape = shapes?[layer.output], shape.height * shape.width <= Self.smallMap,
      convolution.weights.count * MemoryLayout<Float>.stride > PlannedChain.residentWeightBytes
    {
      return .gathered
    }
    return WinogradWeights.suits(convolution) ? .winograd : nil
  }

  /// Pixels of a map that hardly fill a tile of a kernel, so that reading weights takes more time than
  /// multiplying.
  private static let smallMap = 16

  /// What to multiply a tensor with for the pointwise convolution at a place in the list, if integers
  /// are wanted, that alone reads it and its ranges are known.
  private func integerScales(_ tensor: TensorID, next index: Int) -> [Float]? {
    guard integerPanel != nil, readers[tensor] == 1, index < graph.layers.count,
      let ranges = graph.ranges[tensor], graph.layers[index].inputs == [tensor],
      case .convolution(let convolution) = graph.layers[index].operation,
      convolution.isDense, convolution.window.isPointwise
    else { return nil }
    return IntegerRounding.scales(ranges: ranges)
  }

  /// The rectifier that alone reads the layer at a place, if there is one.
  private func activation(after index: Int) -> (layer: Layer, slopes: [Float])? {
    guard index + 1 < graph.layers.count, readers[graph.layers[index].output] == 1 else {
      return nil
    }
    let next = graph.layers[index + 1]
    guard case .activation(.leaky(let slopes)) = next.operation,
      next.inputs == [graph.layers[index].output]
    else { return nil }
    return (next, slopes)
  }

  /// The addition that alone reads the layer at a place, and what it adds to.
  private func addition(after index: Int) -> (layer: Layer, other: TensorID)? {
    let output = graph.layers[index].output
    guard index + 1 < graph.layers.count, readers[output] == 1 else { return nil }
    let next = graph.layers[index + 1]
    guard case .add = next.operation, next.inputs.contains(output),
      let other = next.inputs.first(where: { $0 != output })
    else { return nil }
    return (next, other)
  }

  /// The pooling of 2×2 pixels by maximum that alone reads the layer at a place, if there is one.
  private func pooling(after index: Int) -> Layer? {
    guard index + 1 < graph.layers.count, readers[graph.layers[index].output] == 1 else {
      return nil
    }
    let next = graph.layers[index + 1]
    guard case .maximumPooling(let window) = next.operation, window == .halving,
      next.inputs == [graph.layers[index].output]
    else { return nil }
    return next
  }

  /// The packed convolution; `nil` for a grouping that the fast kernels do not take.
  private func work(
    _ convolution: ConvolutionWeights, slopes: [Float]?, input: TensorID, isInteger: Bool
  ) -> ChainStage.Work? {
    if isInteger, let integerPanel, let ranges = graph.ranges[input] {
      let integers = IntegerWeights(
        convolution, inputScales: IntegerRounding.scales(ranges: ranges))
      return .dense(
        PackedConvolution(integers, of: convolution, slopes: slopes, panel: integerPanel))
    }
    let panel = kernels.channelsPerPanel
    if input == 0 {
      return .image(.image(convolution, slopes: slopes, panel: panel, order: imageOrder))
    }
    if convolution.isDense { return .dense(.dense(convolution, slopes: slopes, panel: panel)) }
    if convolution.isDepthwise {
      return .depthwise(PackedConvolution(depthwise: convolution, slopes: slopes))
    }
    return nil
  }

  private func plainStep(
    at index: Int
  ) throws(ModelError) -> (step: NetworkStep, count: Int) {
    let layer = graph.layers[index]
    if case .convolution(let convolution) = layer.operation {
      let next = activation(after: index)
      let panel = kernels.channelsPerPanel
      let work: NetworkStep.Work =
        switch sharedWay(layer, convolution) {
        case .winograd:
          .winograd(WinogradWeights(convolution, slopes: next?.slopes, panel: panel))
        case .gathered: .gathered(.dense(convolution, slopes: next?.slopes, panel: panel))
        case nil: .groupedConvolution(convolution, slopes: next?.slopes)
        }
      return (
        NetworkStep(
          name: next?.layer.name ?? layer.name, work: work, inputs: layer.inputs,
          output: next?.layer.output ?? layer.output), next == nil ? 1 : 2
      )
    }
    if case .nearestUpsampling(let factor) = layer.operation,
      let (next, other) = addition(after: index)
    {
      return (
        NetworkStep(
          name: next.name, work: .addUpsampled(factor: factor), inputs: [other, layer.inputs[0]],
          output: next.output), 2
      )
    }
    let work: NetworkStep.Work =
      switch layer.operation {
      case .convolution, .maximumPooling, .averagePooling:
        preconditionFailure("runs in a chain or by itself above")
      case .activation(.leaky(let slopes)):
        .leakyActivation(PackedSlopes(slopes, channels: graph.channels[layer.output]))
      case .activation(.sigmoid): .sigmoid
      case .globalAveragePooling: .globalAveragePooling
      case .nearestUpsampling(let factor): .nearestUpsampling(factor: factor)
      case .zeroPadding(let padding): .zeroPadding(padding)
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
    return (
      NetworkStep(name: layer.name, work: work, inputs: layer.inputs, output: layer.output), 1
    )
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
