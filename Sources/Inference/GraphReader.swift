/// Turns a described graph into a checked one.
///
/// Layers must stand in an order in which each reads only earlier ones, so a cycle cannot be
/// written. Sizes are checked here as far as they do not depend on the image.
struct GraphReader {
  static let layerLimit = 4096
  static let channelLimit = 65_536
  static let kernelLimit = 31
  /// Pixels on one side.
  static let paddingLimit = 64
  /// Floats in all weights together; layers may share a tensor, so the file's size is no bound.
  static let weightLimit = 1 << 26

  private let weights: TensorFile
  private var ids: [String: TensorID] = [:]
  private var channels: [Int] = []
  private var weightCount = 0

  private init(weights: TensorFile) { self.weights = weights }

  /// Checks the whole model.
  ///
  /// - Parameters:
  ///   - model: the description and the tensors it names.
  ///   - exposed: names of inner layers that become outputs as well.
  /// - Returns: the checked graph.
  /// - Throws: ``ModelError``.
  static func read(_ model: ModelFile, exposing exposed: [String] = []) throws(ModelError) -> Graph
  {
    let description = model.graph
    guard !description.layers.isEmpty, description.layers.count <= layerLimit else {
      throw .malformedGraph(reason: "\(description.layers.count) layers")
    }
    var reader = GraphReader(weights: model.weights)
    reader.ids[description.input.name] = 0
    reader.channels = [description.input.channels.count]
    var layers: [Layer] = []
    for described in description.layers {
      layers.append(try reader.layer(described))
    }
    var outputs: [GraphOutput] = []
    for described in description.outputs {
      outputs.append(try reader.output(described))
    }
    for name in exposed {
      outputs.append(
        try reader.output(
          GraphDescription.Output(name: name, tensor: name, channels: nil, activation: nil)))
    }
    guard !outputs.isEmpty else { throw .malformedGraph(reason: "no outputs") }
    guard Set(outputs.map(\.name)).count == outputs.count else {
      throw .malformedGraph(reason: "two outputs of one name")
    }
    return Graph(
      layers: layers, channels: reader.channels, outputs: outputs,
      ranges: try reader.ranges(model.ranges))
  }

  /// The ranges of a file, by tensor.
  private func ranges(_ file: TensorFile?) throws(ModelError) -> [TensorID: [Float]] {
    var ranges: [TensorID: [Float]] = [:]
    for (name, entry) in file?.entries ?? [:] {
      guard let id = ids[name], id != 0, entry.shape == [channels[id]] else {
        throw .malformedRanges(reason: "\(name) with shape \(entry.shape) is no layer's")
      }
      let values = file?.floats(entry) ?? []
      guard values.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw .malformedRanges(reason: "\(name) holds numbers that are no ranges")
      }
      ranges[id] = values
    }
    return ranges
  }

  private mutating func layer(_ described: GraphDescription.Layer) throws(ModelError) -> Layer {
    let name = described.name
    var inputs: [TensorID] = []
    for input in described.inputs {
      guard let id = ids[input] else {
        throw .invalidLayer(layer: name, reason: "reads \(input), which no earlier layer makes")
      }
      inputs.append(id)
    }
    let arity = 1...(["add", "multiply"].contains(described.operation) ? 2 : 1)
    let isList = described.operation == "concatenation"
    guard isList ? (1...64).contains(inputs.count) : inputs.count == arity.upperBound else {
      throw .invalidLayer(layer: name, reason: "\(inputs.count) inputs")
    }
    let (operation, outputChannels) = try operation(described, inputs.map { channels[$0] })
    if case .convolution(let convolution) = operation, inputs[0] == 0, !convolution.isDense {
      throw .invalidLayer(layer: name, reason: "only dense convolutions can read the image")
    }
    if inputs.contains(0), described.operation != "convolution" {
      throw .invalidLayer(layer: name, reason: "only dense convolutions can read the image")
    }
    guard (1...Self.channelLimit).contains(outputChannels) else {
      throw .invalidLayer(layer: name, reason: "\(outputChannels) channels")
    }
    let id = channels.count
    guard ids.updateValue(id, forKey: name) == nil else {
      throw .invalidLayer(layer: name, reason: "there are two layers of this name")
    }
    channels.append(outputChannels)
    return Layer(name: name, operation: operation, inputs: inputs, output: id)
  }

  private func output(_ described: GraphDescription.Output) throws(ModelError) -> GraphOutput {
    let name = described.name
    guard let tensor = ids[described.tensor], tensor != 0 else {
      throw .invalidOutput(output: name, reason: "no layer is called \(described.tensor)")
    }
    let range = described.channels ?? [0, channels[tensor]]
    guard range.count == 2, 0 <= range[0], range[0] < range[1], range[1] <= channels[tensor] else {
      throw .invalidOutput(output: name, reason: "channels outside 0..<\(channels[tensor])")
    }
    guard described.activation == nil || described.activation == "sigmoid" else {
      throw .invalidOutput(
        output: name, reason: "unknown activation \(described.activation ?? "")")
    }
    return GraphOutput(
      name: name, tensor: tensor, channels: range[0]..<range[1],
      hasSigmoid: described.activation == "sigmoid")
  }

  /// The operation and the number of channels that it makes.
  private mutating func operation(
    _ described: GraphDescription.Layer, _ inputs: [Int]
  ) throws(ModelError) -> (Operation, Int) {
    let same = inputs[0]
    switch described.operation {
    case "convolution":
      let convolution = try convolution(described, inputChannels: same)
      return (.convolution(convolution), convolution.outputChannels)
    case "relu": return (.activation(.leaky(slopes: [0])), same)
    case "prelu":
      let slopes = try tensor(described, "slope", described.slope)
      guard slopes.values.count == same || slopes.values.count == 1 else {
        throw .invalidLayer(
          layer: described.name, reason: "\(slopes.values.count) slopes for \(same) channels")
      }
      return (.activation(.leaky(slopes: slopes.values)), same)
    case "sigmoid": return (.activation(.sigmoid), same)
    case "maximumPooling": return (.maximumPooling(try window(described)), same)
    case "averagePooling": return (.averagePooling(try window(described)), same)
    case "globalAveragePooling": return (.globalAveragePooling, same)
    case "nearestUpsampling":
      guard let factor = described.factor, (1...16).contains(factor) else {
        throw .invalidLayer(layer: described.name, reason: "the factor must be in 1…16")
      }
      return (.nearestUpsampling(factor: factor), same)
    case "zeroPadding":
      let padding = try zeroPadding(described)
      return (.zeroPadding(padding), same + padding.channels)
    case "add", "multiply":
      guard inputs.allSatisfy({ $0 == same }) else {
        throw .invalidLayer(layer: described.name, reason: "inputs with different channels")
      }
      return (described.operation == "add" ? .add : .multiply, same)
    case "concatenation": return (.concatenation, inputs.reduce(0, +))
    case "softmax": return (.softmax, same)
    case "fullyConnected":
      let weights = try tensor(described, "weight", described.weight)
      guard weights.shape.count == 2, weights.shape[0] > 0, weights.shape[1] % same == 0 else {
        throw .invalidLayer(
          layer: described.name, reason: "weights of shape \(weights.shape) for \(same) channels")
      }
      let bias = try bias(described, count: weights.shape[0])
      return (
        .fullyConnected(
          outputs: weights.shape[0], inputs: weights.shape[1], weights: weights.values, bias: bias),
        weights.shape[0]
      )
    default:
      throw .unknownOperation(layer: described.name, operation: described.operation)
    }
  }

  private mutating func convolution(
    _ described: GraphDescription.Layer, inputChannels: Int
  ) throws(ModelError) -> ConvolutionWeights {
    let window = try window(described)
    let groups = described.groups ?? 1
    let weights = try tensor(described, "weight", described.weight)
    let shape = weights.shape
    guard groups > 0, inputChannels % groups == 0, shape.count == 4, shape[0] > 0,
      shape[0] % groups == 0, shape[1] == inputChannels / groups, shape[2] == window.height,
      shape[3] == window.width
    else {
      throw .invalidLayer(
        layer: described.name,
        reason: "weights of shape \(shape) for \(inputChannels) channels in \(groups) groups")
    }
    return ConvolutionWeights(
      window: window, groups: groups, inputChannels: inputChannels, outputChannels: shape[0],
      weights: weights.values, bias: try bias(described, count: shape[0]))
  }

  /// Kernel, stride and padding; all small, so that arithmetic on them cannot overflow.
  private func window(_ described: GraphDescription.Layer) throws(ModelError) -> Window {
    let kernel = described.kernel ?? []
    let stride = described.stride ?? [1, 1]
    let padding = described.padding ?? [0, 0, 0, 0]
    let allowed = 1...Self.kernelLimit
    guard kernel.count == 2, stride.count == 2, padding.count == 4,
      (kernel + stride).allSatisfy({ allowed.contains($0) }),
      zip(padding, [kernel[0], kernel[1], kernel[0], kernel[1]]).allSatisfy({
        (0..<$1).contains($0)
      })
    else {
      throw .invalidLayer(
        layer: described.name,
        reason: "kernel \(kernel), stride \(stride) and padding \(padding) make no window")
    }
    return Window(
      height: kernel[0], width: kernel[1], verticalStride: stride[0], horizontalStride: stride[1],
      top: padding[0], left: padding[1], bottom: padding[2], right: padding[3])
  }

  private func zeroPadding(_ described: GraphDescription.Layer) throws(ModelError) -> Padding {
    let around = described.padding ?? [0, 0, 0, 0]
    let channels = described.channels ?? 0
    guard around.count == 4, around.allSatisfy({ (0...Self.paddingLimit).contains($0) }),
      (0..<Self.channelLimit).contains(channels)
    else {
      throw .invalidLayer(
        layer: described.name, reason: "cannot pad by \(around) pixels and \(channels) channels")
    }
    return Padding(
      top: around[0], left: around[1], bottom: around[2], right: around[3], channels: channels)
  }

  private mutating func tensor(
    _ described: GraphDescription.Layer, _ role: String, _ name: String?
  ) throws(ModelError) -> (shape: [Int], values: [Float]) {
    guard let name else {
      throw .invalidLayer(layer: described.name, reason: "names no \(role)")
    }
    guard let entry = weights.entries[name] else {
      throw .invalidLayer(layer: described.name, reason: "the weight file has no \(name)")
    }
    guard entry.count <= Self.weightLimit - weightCount else {
      throw .invalidLayer(
        layer: described.name, reason: "the weights together exceed \(Self.weightLimit) numbers")
    }
    weightCount += entry.count
    let tensor = (shape: entry.shape, values: weights.floats(entry))
    guard tensor.values.allSatisfy(\.isFinite) else {
      throw .invalidLayer(layer: described.name, reason: "\(name) holds infinities")
    }
    return tensor
  }

  private mutating func bias(
    _ described: GraphDescription.Layer, count: Int
  ) throws(ModelError) -> [Float] {
    guard described.bias != nil else { return [Float](repeating: 0, count: count) }
    let bias = try tensor(described, "bias", described.bias).values
    guard bias.count == count else {
      throw .invalidLayer(
        layer: described.name, reason: "\(bias.count) biases for \(count) channels")
    }
    return bias
  }
}
