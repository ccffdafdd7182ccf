internal import KernelTypes
internal import Kernels

/// The memory in which one worker runs networks.
///
/// Not copyable and used by one thread at a time. Its memory is kept from run to run and grows to
/// the largest need so far; a new size of image only lays it out anew. A worker that runs two
/// networks in turn keeps one workspace for each.
public struct Workspace: ~Copyable {
  /// A run that would need more than this is refused.
  public let memoryLimit: Int

  private var memory = AlignedBuffer(byteCount: 0)
  private var plan: ExecutionPlan?
  private var network: Network?
  /// Plans that may come to be needed again, the latest last.
  ///
  /// Photographs come in few sizes, and faces are looked at in squares of two: without these,
  /// planning took 2.5 % of an import.
  private var recentPlans: [(network: Network, plan: ExecutionPlan)] = []
  private var results: [Float] = []
  /// What the last layer reads of each image of a batch.
  private var gathered = AlignedBuffer(byteCount: 0)
  /// How many images the memory is laid out for.
  private var capacity = 1
  /// Whether the memory has been laid out anew since the last run.
  private var bordersAreDirty = true

  /// Makes an empty workspace.
  ///
  /// - Parameter memoryLimit: in bytes. The default is enough for YuNet on 4096 × 4096 pixels.
  public init(memoryLimit: Int = 2 << 30) {
    self.memoryLimit = memoryLimit
  }

  /// Runs a network on one image.
  ///
  /// - Parameters:
  ///   - network: may be another one than in the last run.
  ///   - pixels: `height × width × 3`, red, green and blue, rows from top to bottom.
  ///   - width: in pixels.
  ///   - height: in pixels.
  /// - Throws: ``ModelError`` if the image does not suit the network or would take too much memory;
  ///   the results of the last run are then gone.
  public mutating func run(
    _ network: Network, pixels: Span<UInt8>, width: Int, height: Int
  ) throws(ModelError) {
    try run(network, pixels: pixels, width: width, height: height) { _, run in run() }
  }

  /// Runs a network and takes the time of each step and of the outputs' copying.
  package mutating func timeSteps(
    _ network: Network, pixels: Span<UInt8>, width: Int, height: Int
  ) throws(ModelError) -> [(name: String, duration: Duration)] {
    var times: [(name: String, duration: Duration)] = []
    let clock = ContinuousClock()
    try run(network, pixels: pixels, width: width, height: height) { name, run in
      times.append((name, clock.measure(run)))
    }
    return times
  }

  private mutating func run(
    _ network: Network, pixels: Span<UInt8>, width: Int, height: Int,
    each perform: (_ name: String, _ run: () -> Void) -> Void
  ) throws(ModelError) {
    results = []
    let plan = try prepare(network, width: width, height: height)
    guard pixels.count == 3 * width * height else {
      throw .wrongPixelCount(found: pixels.count, expected: 3 * width * height)
    }
    let results = unsafe pixels.withUnsafeBufferPointer { pixels in
      guard let first = pixels.baseAddress else { return [Float]() }
      let execution = unsafe execution(network, plan, image: 0, pixels: first)
      if bordersAreDirty { unsafe execution.clearBorders() }
      for step in plan.steps { perform(step.name) { unsafe execution.run(step) } }
      var results: [Float] = []
      perform("outputs") { results = unsafe execution.outputs() }
      return results
    }
    bordersAreDirty = false
    self.results = results
  }

  /// Runs a network with one output on some images of one size.
  ///
  /// A fully connected layer at the end, as embedders have, is run for all images at once: its
  /// weights are more than all others together, and reading them takes a tenth of SFace's time. So
  /// are convolutions of small maps with many channels. The numbers are the same as of
  /// ``run(_:pixels:width:height:)``.
  ///
  /// - Parameters:
  ///   - network: has one output.
  ///   - images: of each, the pixels as for ``run(_:pixels:width:height:)``.
  ///   - width: of each, in pixels.
  ///   - height: of each, in pixels.
  /// - Returns: the output for each image; no result can be lent afterwards.
  /// - Throws: ``ModelError`` as ``run(_:pixels:width:height:)``.
  public mutating func outputs(
    of network: Network, images: [[UInt8]], width: Int, height: Int
  ) throws(ModelError) -> [[Float]] {
    precondition(network.outputs.count == 1, "a batch is of one output")
    let plan = try prepare(network, width: width, height: height)
    if images.count > 1 && plan.hasSharedSteps {
      return try outputsTogether(of: network, plan, images: images)
    }
    guard images.count > 1, let last = plan.lastFullyConnected else {
      var outputs: [[Float]] = []
      for image in images {
        try run(network, pixels: image.span, width: width, height: height)
        outputs.append(results)
      }
      return outputs
    }
    results = []
    let layout = plan.layouts[last.input]
    let stride = layout.count
    let byteCount = images.count * stride * MemoryLayout<Float>.stride
    if gathered.byteCount < byteCount { gathered = AlignedBuffer(byteCount: byteCount) }
    var sums: [Float] = []
    for (index, pixels) in images.enumerated() {
      guard pixels.count == 3 * width * height else {
        throw .wrongPixelCount(found: pixels.count, expected: 3 * width * height)
      }
      unsafe pixels.withUnsafeBufferPointer { pixels in
        guard let first = pixels.baseAddress else { return }
        let execution = unsafe execution(network, plan, image: 0, pixels: first)
        if bordersAreDirty { unsafe execution.clearBorders() }
        for step in plan.steps.dropLast() { unsafe execution.run(step) }
        let inputs = unsafe gathered.mutablePointer(to: Float.self)
        let source = unsafe execution.tensor(last.input).first - layout.offset(row: 0, column: 0)
        unsafe (inputs + index * stride).update(from: source, count: stride)
        guard index == images.count - 1 else { return }
        sums = unsafe execution.results(
          of: last.packed, layout, inputs: inputs + layout.offset(row: 0, column: 0),
          count: images.count, stride: stride)
      }
      bordersAreDirty = false
    }
    let padded = sums.count / images.count
    return images.indices.map { Array(sums[($0 * padded)...].prefix(last.packed.outputs)) }
  }

  /// Runs all images side by side, from one step that they share to the next.
  private mutating func outputsTogether(
    of network: Network, _ plan: ExecutionPlan, images: [[UInt8]]
  ) throws(ModelError) -> [[Float]] {
    results = []
    let expected = 3 * plan.imageWidth * plan.imageHeight
    for pixels in images where pixels.count != expected {
      throw .wrongPixelCount(found: pixels.count, expected: expected)
    }
    try reserve(plan, images: images.count)
    // One block of memory, so that one pointer lends all pixels.
    let together: [UInt8] = images.flatMap { $0 }
    let outputs = unsafe together.withUnsafeBufferPointer { pixels in
      guard let first = pixels.baseAddress else { return [[Float]]() }
      let executions = unsafe images.indices.map {
        unsafe execution(network, plan, image: $0, pixels: first + $0 * expected)
      }
      if bordersAreDirty { unsafe executions.forEach { unsafe $0.clearBorders() } }
      for steps in plan.stepsBetweenShared {
        if let step = steps.first, step.isShared {
          unsafe StepExecution.runShared(step, executions)
        } else {
          unsafe executions.forEach { run in
            for step in steps { unsafe run.run(step) }
          }
        }
      }
      return unsafe executions.map { unsafe $0.outputs() }
    }
    bordersAreDirty = false
    return outputs
  }

  /// One run in the workspace's memory.
  private mutating func execution(
    _ network: Network, _ plan: ExecutionPlan, image: Int, pixels: UnsafePointer<UInt8>
  ) -> StepExecution {
    let base = unsafe memory.mutablePointer(to: Float.self)
    return unsafe StepExecution(
      network: network, plan: plan, base: base + image * plan.tensorCount,
      scratch: base + capacity * plan.tensorCount, pixels: pixels)
  }

  /// Lends one result of the last run.
  ///
  /// - Parameters:
  ///   - name: as in ``Network/outputs``.
  ///   - body: gets the shape and the numbers, row-major, height × width × channels.
  /// - Returns: what `body` returns.
  /// - Throws: ``ModelError/unknownOutput(name:)``, also before the first run.
  public func withOutput<Result>(
    _ name: String, _ body: (TensorShape, Span<Float>) throws(ModelError) -> Result
  ) throws(ModelError) -> Result {
    guard let plan, let network, !results.isEmpty,
      let index = network.outputs.firstIndex(where: { $0.name == name })
    else { throw .unknownOutput(name: name) }
    let range = plan.outputOffsets[index]..<plan.outputOffsets[index + 1]
    return try body(plan.outputShapes[index], results.span.extracting(range))
  }

  /// Copies one result of the last run.
  ///
  /// - Parameter name: as in ``Network/outputs``.
  /// - Returns: the shape and the numbers, as for ``withOutput(_:_:)``.
  /// - Throws: ``ModelError/unknownOutput(name:)``.
  public func output(_ name: String) throws(ModelError) -> (shape: TensorShape, values: [Float]) {
    try withOutput(name) { (shape, values) throws(ModelError) in
      var copy: [Float] = []
      copy.reserveCapacity(values.count)
      for index in values.indices { copy.append(values[index]) }
      return (shape, copy)
    }
  }

  /// Lays the memory out for a network and a size, unless it is already.
  private mutating func prepare(
    _ network: Network, width: Int, height: Int
  ) throws(ModelError) -> ExecutionPlan {
    if let plan, self.network === network, plan.imageWidth == width, plan.imageHeight == height {
      return plan
    }
    self.plan = nil
    let plan = try recentPlan(network, width: width, height: height)
    capacity = 0
    try reserve(plan, images: 1)
    self.plan = plan
    self.network = network
    return plan
  }

  /// Makes room for some images side by side.
  private mutating func reserve(_ plan: ExecutionPlan, images: Int) throws(ModelError) {
    guard images > capacity else { return }
    let byteCount = plan.byteCount(images: images)
    guard byteCount <= memoryLimit else {
      throw .tooMuchMemory(bytes: byteCount, limit: memoryLimit)
    }
    if memory.byteCount < byteCount {
      // Given back first: the two are never held together.
      memory = AlignedBuffer(byteCount: 0)
      memory = AlignedBuffer(byteCount: byteCount)
    }
    capacity = images
    bordersAreDirty = true
  }

  /// The plan for a network and a size, made if it is not among the recent ones.
  private mutating func recentPlan(
    _ network: Network, width: Int, height: Int
  ) throws(ModelError) -> ExecutionPlan {
    let index = recentPlans.firstIndex {
      $0.network === network && $0.plan.imageWidth == width && $0.plan.imageHeight == height
    }
    let plan: ExecutionPlan
    if let index {
      plan = recentPlans.remove(at: index).plan
    } else {
      plan = try ExecutionPlan(
        network, imageWidth: width, imageHeight: height, memoryLimit: memoryLimit)
    }
    if recentPlans.count == Self.recentPlanLimit { recentPlans.removeFirst() }
    recentPlans.append((network, plan))
    return plan
  }

  private static let recentPlanLimit = 4
}
