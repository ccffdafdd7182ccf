internal import KernelTypes
internal import Kernels

extension StepExecution {
  /// A fully connected layer.
  func fullyConnected(_ step: NetworkStep, _ packed: PackedFullyConnected) {
    let (layout, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    let sums = unsafe results(of: packed, layout, inputs: source, count: 1, stride: 0)
    for channel in 0..<(output.blocks * channelsPerBlock) {
      let place = channel / channelsPerBlock * output.blockStride + channel % channelsPerBlock
      unsafe target[place] = channel < sums.count ? sums[channel] : 0
    }
  }

  /// What a fully connected layer makes of some inputs.
  ///
  /// - Parameters:
  ///   - packed: the layer's weights.
  ///   - layout: of each input.
  ///   - inputs: where the first pixel of the first one lies.
  ///   - count: how many there are.
  ///   - stride: floats from one to the next.
  /// - Returns: for each input the outputs, padded to whole panels.
  func results(
    of packed: PackedFullyConnected, _ layout: TensorLayout, inputs: UnsafePointer<Float>,
    count: Int, stride: Int
  ) -> [Float] {
    let outputs = unsafe packed.panels * kernels.channelsPerFullyConnectedPanel
    var segments: [Int] = []
    for block in 0..<layout.blocks {
      for row in 0..<layout.height {
        segments.append(block * layout.blockStride + row * layout.rowStride)
      }
    }
    return unsafe [Float](unsafeUninitializedCapacity: count * outputs) { results, filled in
      unsafe segments.withUnsafeBufferPointer { offsets in
        guard let first = offsets.baseAddress, let result = results.baseAddress else { return }
        unsafe kernels.multiplyFullyConnected(
          FullyConnectedBlock(
            input: inputs, inputCount: count, inputStride: stride, segmentOffsets: first,
            segmentCount: offsets.count, segmentLength: layout.width * channelsPerBlock,
            weights: packed.weights.pointer(to: UInt32.self), panels: packed.panels,
            bias: packed.bias.pointer(to: Float.self), output: result, outputStride: outputs))
        filled = count * outputs
      }
    }
  }
}
