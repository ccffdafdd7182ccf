internal import KernelTypes

/// Where everything lies when one network runs on one size of image.
///
/// All tensors share one block of memory. Two tensors of the same layout share a place if one is
/// done with before the other begins; since the layout is the same, the zero border stays valid.
struct ExecutionPlan {
  /// One thing to do.
  struct Step {
    enum Work {
      case chain(PlannedChain)
      case plain(NetworkStep)
    }

    var name: String
    var work: Work
    var inputs: [TensorID]
    var output: TensorID
    /// Floats needed aside.
    var scratchCount = 0

    /// The border that its input needs.
    var border: Int {
      switch work {
      case .chain(let chain):
        return chain.stages[0].readsBorder ? chain.stages[0].window.padding : 0
      case .plain(let step):
        return switch step.work {
        case .winograd(let weights): weights.window.padding
        case .gathered(let packed): packed.window.padding
        default: 0
        }
      }
    }

    /// Whether several images are better run together.
    var isShared: Bool {
      if case .plain(let step) = work { return step.isShared }
      return false
    }
  }

  let imageWidth: Int
  let imageHeight: Int
  let image: ImageLayout
  /// For each tensor, its layout; of no use for tensors that exist inside a step only.
  let layouts: [TensorLayout]
  /// For each tensor, where it starts, in floats; `nil` for those inside a step.
  let offsets: [Int?]
  let steps: [Step]
  /// Floats of all tensors of one image.
  let tensorCount: Int
  /// Floats needed aside, behind the tensors of all images.
  private let scratchCount: Int
  /// Where tensors lie, each place once.
  let places: [(layout: TensorLayout, offset: Int)]
  let outputShapes: [TensorShape]
  /// Where each output starts among all outputs; one more than there are outputs.
  let outputOffsets: [Int]
  /// Whether the last step makes the first output, and nothing is done to it.
  private let endsWithOutput: Bool

  /// Tiles read a little more than they use.
  private static let slack = 16 * 1024

  /// Plans a run.
  ///
  /// - Throws: ``ModelError/tooMuchMemory(bytes:limit:)`` before anything is allocated.
  init(
    _ network: Network, imageWidth: Int, imageHeight: Int, memoryLimit: Int
  ) throws(ModelError) {
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    let size = try network.input.paddedSize(width: imageWidth, height: imageHeight)
    let graph = network.graph
    let shapes = try inferShapes(graph, imageWidth: size.width, imageHeight: size.height)
    var bare = shapes.map {
      TensorLayout(channels: $0.channels, height: $0.height, width: $0.width, border: 0)
    }
    for tensor in network.integerTensors {
      // Words that hold two channels each.
      bare[tensor].channels = (bare[tensor].channels + 1) / 2
    }
    // Whether a tensor needs a border depends on where chains are cut, and the cuts hardly on it.
    var image = ImageLayout(channels: graph.channels[0], height: size.height, width: size.width)
    image.border = Self.imageBorder(network)
    let parts = network.steps.map { Self.parts($0, layouts: bare, image: image) }
    var layouts = bare
    for step in parts.joined() where step.inputs[0] != 0 {
      let input = step.inputs[0]
      layouts[input].border = max(layouts[input].border, step.border)
    }
    // Again, with the borders in place.
    steps = parts.joined().map { step in
      guard case .chain(let chain) = step.work else { return step }
      var step = step
      let bordered = PlannedChain(
        stages: chain.stages, lastRows: chain.rows.last ?? 1, layouts: layouts, image: image)
      step.work = .chain(bordered)
      step.scratchCount = bordered.windowCount
      return step
    }
    self.image = image
    self.layouts = layouts

    var memory = PlaceAllocator()
    (offsets, places) = Self.place(steps, graph.outputs, layouts: layouts, memory: &memory)
    tensorCount = memory.end
    scratchCount = steps.map(\.scratchCount).max() ?? 0

    let lastTensor = steps.last?.output
    endsWithOutput =
      graph.outputs.first.map {
        $0.tensor == lastTensor && !$0.hasSigmoid
          && $0.channels == 0..<graph.channels[$0.tensor]
      } ?? false
    outputShapes = graph.outputs.map { output in
      let shape = shapes[output.tensor]
      return TensorShape(
        height: shape.height, width: shape.width, channels: output.channels.count)
    }
    var total = 0
    var outputOffsets = [0]
    for shape in outputShapes {
      total += shape.count
      outputOffsets.append(total)
    }
    self.outputOffsets = outputOffsets
    guard byteCount(images: 1) <= memoryLimit else {
      throw .tooMuchMemory(bytes: byteCount(images: 1), limit: memoryLimit)
    }
  }

  /// The memory that a run takes.
  func byteCount(images: Int) -> Int {
    (images * tensorCount + scratchCount + Self.slack) * MemoryLayout<Float>.stride
  }

  /// Whether several images are better run together.
  var hasSharedSteps: Bool { steps.contains(where: \.isShared) }

  /// The steps in order, each that is shared by itself.
  var stepsBetweenShared: [ArraySlice<Step>] {
    var parts: [ArraySlice<Step>] = []
    var rest = steps[...]
    while let first = rest.first {
      let part = first.isShared ? rest.prefix(1) : rest.prefix { !$0.isShared }
      parts.append(part)
      rest = rest[part.endIndex...]
    }
    return parts
  }

  /// The last step, if it is a fully connected layer that makes the only output.
  var lastFullyConnected: (packed: PackedFullyConnected, input: TensorID)? {
    guard outputShapes.count == 1, endsWithOutput, case .plain(let step) = steps.last?.work,
      case .fullyConnected(let packed) = step.work
    else { return nil }
    return (packed, step.inputs[0])
  }

  /// The largest padding of a convolution that reads the image.
  private static func imageBorder(_ network: Network) -> Int {
    network.steps.map { step in
      guard case .chain(let stages) = step.work, case .image(let packed) = stages[0].work else {
        return 0
      }
      return packed.window.padding
    }.max() ?? 0
  }

  /// A step, or the parts of one that is a chain.
  private static func parts(
    _ step: NetworkStep, layouts: [TensorLayout], image: ImageLayout
  ) -> [Step] {
    guard case .chain(let stages) = step.work else {
      let output = layouts[step.output]
      let scratchCount =
        switch step.work {
        case .winograd(let weights): WinogradSize(weights, output: output).count
        case .gathered(let packed): GatheredSize(packed, output: output).count
        default: GatherSize(step, layouts: layouts)?.count ?? 0
        }
      return [
        Step(
          name: step.name, work: .plain(step), inputs: step.inputs, output: step.output,
          scratchCount: scratchCount)
      ]
    }
    return ChainSplitter(stages: stages, layouts: layouts, image: image).parts().map { chain in
      Step(
        name: chain.stages[chain.stages.count - 1].name, work: .chain(chain),
        inputs: [chain.stages[0].input], output: chain.stages[chain.stages.count - 1].output)
    }
  }

  /// Gives every tensor between steps a place.
  private static func place(
    _ steps: [Step], _ outputs: [GraphOutput], layouts: [TensorLayout],
    memory: inout PlaceAllocator
  ) -> (offsets: [Int?], places: [(layout: TensorLayout, offset: Int)]) {
    var lastReader = [Int](repeating: -1, count: layouts.count)
    for (index, step) in steps.enumerated() {
      for input in step.inputs { lastReader[input] = index }
    }
    for output in outputs { lastReader[output.tensor] = .max }
    var offsets = [Int?](repeating: nil, count: layouts.count)
    for (index, step) in steps.enumerated() {
      let layout = layouts[step.output]
      offsets[step.output] = memory.take(layout)
      for input in Set(step.inputs) where lastReader[input] == index {
        if let offset = offsets[input] { memory.giveBack(layouts[input], offset) }
      }
      if lastReader[step.output] < 0, let offset = offsets[step.output] {
        memory.giveBack(layout, offset)
      }
    }
    return (offsets, memory.places)
  }
}

/// Hands out places for tensors and takes them back.
private struct PlaceAllocator {
  private(set) var end = 0
  private(set) var places: [(layout: TensorLayout, offset: Int)] = []
  private var free: [TensorLayout: [Int]] = [:]

  mutating func take(_ layout: TensorLayout) -> Int {
    if let offset = free[layout]?.popLast() { return offset }
    let offset = end
    end += layout.count
    places.append((layout, offset))
    return offset
  }

  mutating func giveBack(_ layout: TensorLayout, _ offset: Int) {
    free[layout, default: []].append(offset)
  }
}
