internal import KernelTypes

/// Where everything lies when one network runs on one size of image.
///
/// All tensors share one block of memory. Two tensors of the same layout share a place if one is
/// done with before the other begins; since the layout is the same, the zero border stays valid.
struct ExecutionPlan {
  /// A step with what depends on sizes.
  struct Step {
    /// Offsets of what one output pixel reads, for dense convolutions and fully connected layers.
    var segments: [Int] = []
    /// Output rows taken at a time.
    var rows = 0
    /// Input pixels gathered aside, or rows between two joined convolutions.
    var scratch: TensorLayout?
  }

  let imageWidth: Int
  let imageHeight: Int
  let image: ImageLayout
  /// For each tensor, its layout; of no use for tensors that exist inside a step only.
  let layouts: [TensorLayout]
  /// For each tensor, where it starts, in floats; `nil` for those inside a step.
  let offsets: [Int?]
  let steps: [Step]
  /// Where the image starts, in floats.
  let imageOffset: Int
  let scratchOffset: Int
  /// Floats in all.
  let count: Int
  /// Where tensors lie, each place once.
  let places: [(layout: TensorLayout, offset: Int)]
  let outputShapes: [TensorShape]
  /// Where each output starts among all outputs; one more than there are outputs.
  let outputOffsets: [Int]

  /// Tiles read a little more than they use.
  static let slack = 16 * 1024

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
    let borders = Self.borders(network)
    image = ImageLayout(
      channels: graph.channels[0], height: size.height, width: size.width, border: borders[0])
    layouts = zip(shapes, borders).map { shape, border in
      TensorLayout(
        channels: shape.channels, height: shape.height, width: shape.width, border: border)
    }
    var steps: [Step] = []
    for step in network.steps { steps.append(Self.sized(step, layouts: layouts, image: image)) }
    self.steps = steps

    imageOffset = 0
    var memory = PlaceAllocator(start: Self.rounded(image.count))
    let (offsets, places) = Self.place(network, layouts: layouts, memory: &memory)
    self.offsets = offsets
    self.places = places
    scratchOffset = memory.end
    count = memory.end + (steps.compactMap { $0.scratch?.count }.max() ?? 0) + Self.slack
    guard count <= memoryLimit / MemoryLayout<Float>.stride else {
      throw .tooMuchMemory(bytes: count * MemoryLayout<Float>.stride, limit: memoryLimit)
    }

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
  }

  fileprivate static func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// The border that each tensor needs: the largest padding of a convolution that reads it.
  private static func borders(_ network: Network) -> [Int] {
    var borders = [Int](repeating: 0, count: network.graph.channels.count)
    for step in network.steps {
      let window: Window? =
        switch step.work {
        case .imageConvolution(let packed), .denseConvolution(let packed),
          .depthwiseConvolution(let packed), .depthwiseThenPointwise(let packed, _):
          packed.window
        default: nil
        }
      if let window { borders[step.inputs[0]] = max(borders[step.inputs[0]], window.padding) }
    }
    return borders
  }

  /// Gives every tensor between steps a place.
  private static func place(
    _ network: Network, layouts: [TensorLayout], memory: inout PlaceAllocator
  ) -> (offsets: [Int?], places: [(layout: TensorLayout, offset: Int)]) {
    var lastReader = [Int](repeating: -1, count: layouts.count)
    for (index, step) in network.steps.enumerated() {
      for input in step.inputs { lastReader[input] = index }
    }
    for output in network.graph.outputs { lastReader[output.tensor] = .max }
    var offsets = [Int?](repeating: nil, count: layouts.count)
    for (index, step) in network.steps.enumerated() {
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
  private(set) var end: Int
  private(set) var places: [(layout: TensorLayout, offset: Int)] = []
  private var free: [TensorLayout: [Int]] = [:]

  init(start: Int) { end = start }

  mutating func take(_ layout: TensorLayout) -> Int {
    if let offset = free[layout]?.popLast() { return offset }
    let offset = end
    end += ExecutionPlan.rounded(layout.count)
    places.append((layout, offset))
    return offset
  }

  mutating func giveBack(_ layout: TensorLayout, _ offset: Int) {
    free[layout, default: []].append(offset)
  }
}
