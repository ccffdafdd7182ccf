internal import Glibc
internal import KernelTypes
internal import Kernels

/// One run of a network's steps in planned memory.
///
/// Every pointer below is an offset of the plan into one block of memory that is as long as the plan
/// says; kernels are handed blocks that stay inside.
@unsafe struct StepExecution {
  let network: Network
  let plan: ExecutionPlan
  let base: UnsafeMutablePointer<Float>

  var kernels: KernelTable { unsafe network.kernels }

  /// A tensor's layout and where its first pixel lies, border skipped.
  func tensor(_ id: TensorID) -> (layout: TensorLayout, first: UnsafeMutablePointer<Float>) {
    guard let offset = unsafe plan.offsets[id] else {
      preconditionFailure("a tensor inside a step was asked for")
    }
    let layout = unsafe plan.layouts[id]
    return unsafe (layout, base + offset + layout.offset(row: 0, column: 0))
  }

  var scratch: UnsafeMutablePointer<Float> { unsafe base + plan.scratchOffset }

  /// Zeroes the borders of all tensors and prepares the padding of the image.
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
    let image = unsafe plan.image
    unsafe (base + plan.imageOffset).update(repeating: 0, count: image.count)
    // Pixels added on the right and below are black: a byte of zero, normalised like any other.
    let black = unsafe network.input.storedBlack
    guard black.contains(where: { $0 != 0 }) else { return }
    for row in 0..<image.height {
      let start = unsafe row < plan.imageHeight ? plan.imageWidth : 0
      let line = unsafe base + plan.imageOffset + image.offset(row: row, column: 0)
      for column in start..<max(start, image.width) {
        for channel in black.indices {
          unsafe line[column * image.channels + channel] = black[channel]
        }
      }
    }
  }

  /// Normalises the image's bytes into their place.
  func loadImage(_ pixels: UnsafePointer<UInt8>) {
    let image = unsafe plan.image
    let input = unsafe network.input
    let width = unsafe plan.imageWidth
    let isUniform = Set(input.mean).count == 1 && Set(input.scale).count == 1
    let order = input.storedOrder
    for row in unsafe 0..<plan.imageHeight {
      let source = unsafe pixels + row * width * 3
      let target = unsafe base + plan.imageOffset + image.offset(row: row, column: 0)
      if order.count == 3 && isUniform {
        unsafe kernels.normalizeBytes(source, width * 3, input.mean[0], input.scale[0], target)
      } else if order.count == 3 {
        for channel in 0..<3 {
          let (mean, scale) = (input.mean[order[channel]], input.scale[order[channel]])
          for column in 0..<width {
            let index = column * 3 + channel
            unsafe target[index] = (Float(source[index]) - mean) * scale
          }
        }
      } else {
        for column in 0..<width {
          let (red, green, blue) = unsafe (
            Float(source[column * 3]), Float(source[column * 3 + 1]), Float(source[column * 3 + 2])
          )
          let luminance = 0.299 * red + 0.587 * green + 0.114 * blue
          unsafe target[column] = (luminance - input.mean[0]) * input.scale[0]
        }
      }
    }
  }

  /// Runs one step.
  func run(_ index: Int) {
    let step = unsafe network.steps[index]
    let sized = unsafe plan.steps[index]
    switch step.work {
    case .imageConvolution(let packed): unsafe imageConvolution(step, sized, packed)
    case .denseConvolution(let packed): unsafe denseConvolution(step, sized, packed)
    case .depthwiseConvolution(let packed): unsafe depthwiseConvolution(step, packed)
    case .depthwiseThenPointwise(let depthwise, let pointwise):
      unsafe depthwiseThenPointwise(step, sized, depthwise, pointwise)
    case .pointwiseThenDepthwise(let pointwise, let depthwise):
      unsafe pointwiseThenDepthwise(step, sized, pointwise, depthwise)
    case .groupedConvolution(let weights, let slopes):
      unsafe groupedConvolution(step, sized, weights, slopes)
    case .fullyConnected(let packed): unsafe fullyConnected(step, sized, packed)
    case .leakyActivation(let slopes): unsafe leakyActivation(step, slopes)
    case .sigmoid: unsafe sigmoid(step)
    case .softmax: unsafe softmax(step)
    case .maximumPooling(let window): unsafe pooling(step, window, kernels.poolMaximum)
    case .averagePooling(let window): unsafe pooling(step, window, kernels.poolAverage)
    case .globalAveragePooling:
      let input = unsafe plan.layouts[step.inputs[0]]
      let window = Window(
        height: input.height, width: input.width, verticalStride: 1, horizontalStride: 1, top: 0,
        left: 0, bottom: 0, right: 0)
      unsafe pooling(step, window, kernels.poolAverage)
    case .nearestUpsampling(let factor): unsafe upsampling(step, factor: factor)
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

extension InputDescription {
  /// A black pixel, normalised, in the order in which the image is stored.
  fileprivate var storedBlack: [Float] { storedOrder.map { -mean[$0] * scale[$0] } }
}
