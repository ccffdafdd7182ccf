internal import KernelTypes
internal import Kernels

/// One run of a network's steps in planned memory.
///
/// Every pointer below is an offset of the plan into one block of memory that is as long as the plan
/// says; kernels are handed blocks that stay inside.
@unsafe struct StepExecution {
  let network: Network
  let plan: ExecutionPlan
  /// Where the image's tensors lie.
  let base: UnsafeMutablePointer<Float>
  /// What no tensor takes; images that run together share it.
  let scratch: UnsafeMutablePointer<Float>
  /// The image: red, green and blue bytes, rows without padding.
  let pixels: UnsafePointer<UInt8>

  var kernels: KernelTable { unsafe network.kernels }
  var integerKernels: IntegerKernels { unsafe network.integerKernels }

  /// A tensor's layout and where its first pixel lies, border skipped.
  func tensor(_ id: TensorID) -> (layout: TensorLayout, first: UnsafeMutablePointer<Float>) {
    guard let offset = unsafe plan.offsets[id] else {
      preconditionFailure("a tensor inside a step was asked for")
    }
    let layout = unsafe plan.layouts[id]
    return unsafe (layout, base + offset + layout.offset(row: 0, column: 0))
  }

  /// Zeroes the borders of all tensors.
  func clearBorders() {
    for place in unsafe plan.places where place.layout.border > 0 {
      let layout = place.layout
      let rows = layout.height + 2 * layout.border
      let side = layout.border * channelsPerBlock
      for block in 0..<layout.blocks {
        let plane = unsafe base + place.offset + block * layout.blockStride
        for row in 0..<rows {
          let line = unsafe plane + row * layout.rowStride
          if row < layout.border || row >= rows - layout.border {
            unsafe line.update(repeating: 0, count: layout.rowStride)
          } else {
            unsafe line.update(repeating: 0, count: side)
            unsafe (line + layout.rowStride - side).update(repeating: 0, count: side)
          }
        }
      }
    }
  }

  /// Normalises one row of the image, with its border; rows outside the padded image are zero.
  func loadImageRow(_ row: Int, into line: UnsafeMutablePointer<Float>) {
    let image = unsafe plan.image
    guard (0..<image.height).contains(row) else {
      unsafe line.update(repeating: 0, count: image.rowStride)
      return
    }
    let side = image.border * image.channels
    unsafe line.update(repeating: 0, count: side)
    unsafe (line + image.rowStride - side).update(repeating: 0, count: side)
    let target = unsafe line + side
    let width = unsafe row < plan.imageHeight ? plan.imageWidth : 0
    if width > 0 { unsafe normalize(pixels + row * width * 3, width: width, into: target) }
    // Pixels added on the right and below are black: a byte of zero, normalised like any other.
    guard width < image.width else { return }
    let black = unsafe network.normalization.black
    for channel in 0..<image.channels {
      for column in width..<image.width {
        unsafe target[column * image.channels + channel] = black[channel]
      }
    }
  }

  private func normalize(
    _ source: UnsafePointer<UInt8>, width: Int, into target: UnsafeMutablePointer<Float>
  ) {
    let input = unsafe network.normalization
    if input.channels == 1 {
      for column in 0..<width {
        let (red, green, blue) = unsafe (
          Float(source[column * 3]), Float(source[column * 3 + 1]), Float(source[column * 3 + 2])
        )
        let luminance = 0.299 * red + 0.587 * green + 0.114 * blue
        unsafe target[column] = (luminance - input.mean[0]) * input.scale[0]
      }
    } else if input.isUniform {
      unsafe kernels.normalizeBytes(source, width * 3, input.mean[0], input.scale[0], target)
    } else {
      for channel in 0..<3 {
        let (mean, scale) = (input.mean[channel], input.scale[channel])
        for column in 0..<width {
          let index = column * 3 + channel
          unsafe target[index] = (Float(source[index]) - mean) * scale
        }
      }
    }
  }

  /// Runs one step.
  func run(_ step: ExecutionPlan.Step) {
    switch step.work {
    case .chain(let chain):
      var execution = unsafe ChainExecution(self, chain)
      unsafe execution.runToTheEnd()
    case .plain(let step): unsafe run(step)
    }
  }

  /// Runs one step for several images together.
  static func runShared(_ step: ExecutionPlan.Step, _ runs: [StepExecution]) {
    guard case .plain(let step) = step.work else {
      preconditionFailure("chains run for one image at a time")
    }
    switch step.work {
    case .winograd(let weights): unsafe WinogradExecution(runs, step, weights).runAll()
    case .gathered(let packed): unsafe GatheredExecution.run(runs, step, packed)
    default: unsafe runs.forEach { unsafe $0.run(step) }
    }
  }

  private func run(_ step: NetworkStep) {
    switch step.work {
    case .chain: preconditionFailure("chains are planned")
    case .winograd(let weights):
      unsafe WinogradExecution([self], step, weights).runAll()
    case .gathered(let packed): unsafe GatheredExecution.run([self], step, packed)
    case .groupedConvolution(let weights, let slopes):
      unsafe groupedConvolution(step, weights, slopes)
    case .fullyConnected(let packed): unsafe fullyConnected(step, packed)
    case .leakyActivation(let slopes): unsafe leakyActivation(step, slopes)
    case .sigmoid: unsafe sigmoid(step)
    case .softmax: unsafe softmax(step)
    case .globalAveragePooling: unsafe globalAveragePooling(step)
    case .nearestUpsampling(let factor): unsafe upsampling(step, factor: factor)
    case .zeroPadding(let padding): unsafe zeroPadding(step, padding)
    case .addUpsampled(let factor): unsafe addUpsampled(step, factor: factor)
    case .add: unsafe elementwise(step, kernels.addElements)
    case .multiply: unsafe multiplication(step)
    case .concatenation: unsafe concatenation(step)
    }
  }

  /// All outputs, one after the other, row-major, height × width × channels.
  func outputs() -> [Float] {
    let graph = unsafe network.graph
    let offsets = unsafe plan.outputOffsets
    let total = offsets.last ?? 0
    return unsafe [Float](unsafeUninitializedCapacity: total) { buffer, count in
      for (index, output) in graph.outputs.enumerated() {
        guard let start = buffer.baseAddress else { continue }
        let target = unsafe start + offsets[index]
        unsafe copy(output, to: target)
        if output.hasSigmoid {
          unsafe kernels.applyLogistic(target, offsets[index + 1] - offsets[index])
        }
      }
      count = total
    }
  }

  private func copy(_ output: GraphOutput, to target: UnsafeMutablePointer<Float>) {
    let (layout, first) = unsafe tensor(output.tensor)
    let channels = output.channels.count
    // Channels that lie in one block are copied together.
    var channel = output.channels.lowerBound
    while channel < output.channels.upperBound {
      let lane = channel % channelsPerBlock
      let count = min(channelsPerBlock - lane, output.channels.upperBound - channel)
      let plane = unsafe first + channel / channelsPerBlock * layout.blockStride + lane
      for row in 0..<layout.height {
        var source = unsafe plane + row * layout.rowStride
        var result =
          unsafe target + row * layout.width * channels + channel - output.channels.lowerBound
        for _ in 0..<layout.width {
          for index in 0..<count { unsafe result[index] = source[index] }
          unsafe source += channelsPerBlock
          unsafe result += channels
        }
      }
      channel += count
    }
  }
}
