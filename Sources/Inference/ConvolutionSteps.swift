internal import Glibc
internal import KernelTypes
internal import Kernels

extension PackedConvolution {
  @unsafe fileprivate var weightPointer: UnsafePointer<Float> {
    unsafe weights.pointer(to: Float.self)
  }
  @unsafe fileprivate var biasPointer: UnsafePointer<Float> {
    unsafe bias.pointer(to: Float.self)
  }
  @unsafe fileprivate var slopePointer: UnsafePointer<Float> {
    unsafe slopes.pointer(to: Float.self)
  }
}

/// Where the rows of a result go: its first pixel, and how far apart its blocks and rows are.
@unsafe private struct Target {
  var first: UnsafeMutablePointer<Float>
  var blockStride: Int
  var rowStride: Int
}

/// What a dense convolution reads.
@unsafe private struct Source {
  var first: UnsafePointer<Float>
  var rowStride: Int
  var pixelStride: Int
  var segmentLength = channelsPerBlock
}

extension StepExecution {
  func imageConvolution(
    _ step: NetworkStep, _ sized: ExecutionPlan.Step, _ packed: PackedConvolution
  ) {
    let image = unsafe plan.image
    let window = packed.window
    let (layout, first) = unsafe tensor(step.output)
    let input =
      unsafe base + plan.imageOffset + image.offset(row: -window.top, column: -window.left)
    unsafe dense(
      packed, sized.segments, rows: layout.height, width: layout.width, panelsOutermost: false,
      from: Source(
        first: input, rowStride: window.verticalStride * image.rowStride,
        pixelStride: window.horizontalStride * image.channels,
        segmentLength: window.width * image.channels),
      to: Target(first: first, blockStride: layout.blockStride, rowStride: layout.rowStride))
  }

  func denseConvolution(
    _ step: NetworkStep, _ sized: ExecutionPlan.Step, _ packed: PackedConvolution
  ) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    let window = packed.window
    let corner = unsafe source - window.top * input.rowStride - window.left * channelsPerBlock
    for start in stride(from: 0, to: output.height, by: sized.rows) {
      unsafe dense(
        packed, sized.segments, rows: min(sized.rows, output.height - start), width: output.width,
        panelsOutermost: ExecutionPlan.panelsOutermost(packed),
        from: Source(
          first: corner + start * window.verticalStride * input.rowStride,
          rowStride: window.verticalStride * input.rowStride,
          pixelStride: window.horizontalStride * channelsPerBlock),
        to: Target(
          first: target + start * output.rowStride, blockStride: output.blockStride,
          rowStride: output.rowStride))
    }
  }

  func depthwiseConvolution(_ step: NetworkStep, _ packed: PackedConvolution) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    let window = packed.window
    unsafe depthwise(
      packed, rows: output.height, width: output.width,
      from: source - window.top * input.rowStride - window.left * channelsPerBlock, input,
      to: Target(first: target, blockStride: output.blockStride, rowStride: output.rowStride))
  }

  func depthwiseThenPointwise(
    _ step: NetworkStep, _ sized: ExecutionPlan.Step, _ depthwise: PackedConvolution,
    _ pointwise: PackedConvolution
  ) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    guard let between = sized.scratch else { preconditionFailure("a joined step has scratch") }
    let window = depthwise.window
    let corner = unsafe source - window.top * input.rowStride - window.left * channelsPerBlock
    for start in stride(from: 0, to: output.height, by: sized.rows) {
      let rows = min(sized.rows, output.height - start)
      unsafe self.depthwise(
        depthwise, rows: rows, width: output.width,
        from: corner + start * window.verticalStride * input.rowStride, input,
        to: Target(
          first: scratch, blockStride: between.blockStride, rowStride: between.rowStride))
      unsafe dense(
        pointwise, sized.segments, rows: rows, width: output.width,
        panelsOutermost: ExecutionPlan.panelsOutermost(pointwise),
        from: Source(first: scratch, rowStride: between.rowStride, pixelStride: channelsPerBlock),
        to: Target(
          first: target + start * output.rowStride, blockStride: output.blockStride,
          rowStride: output.rowStride))
    }
  }

  /// Keeps a window of rows between the two convolutions; rows that overlap move to its top.
  func pointwiseThenDepthwise(
    _ step: NetworkStep, _ sized: ExecutionPlan.Step, _ pointwise: PackedConvolution,
    _ depthwise: PackedConvolution
  ) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    guard let between = sized.scratch else { preconditionFailure("a joined step has scratch") }
    let window = depthwise.window
    let kept = window.height - window.verticalStride
    unsafe scratch.update(repeating: 0, count: between.count)
    for start in stride(from: 0, to: output.height, by: sized.rows) {
      let rows = min(sized.rows, output.height - start)
      // The rows of the input that the window covers, of which the first are already there.
      let firstRow = start * window.verticalStride - window.top
      let lastRow = firstRow + (rows - 1) * window.verticalStride + window.height
      var present = 0
      if start > 0 {
        unsafe moveRows(between, from: sized.rows * window.verticalStride, count: kept)
        present = kept
      }
      let (new, end) = (max(0, firstRow + present), min(input.height, lastRow))
      if new < end {
        unsafe dense(
          pointwise, sized.segments, rows: end - new, width: input.width,
          panelsOutermost: ExecutionPlan.panelsOutermost(pointwise),
          from: Source(
            first: source + new * input.rowStride, rowStride: input.rowStride,
            pixelStride: channelsPerBlock),
          to: Target(
            first: scratch + (new - firstRow) * between.rowStride
              + window.left * channelsPerBlock, blockStride: between.blockStride,
            rowStride: between.rowStride))
      }
      if end < lastRow {
        unsafe clearRows(between, from: max(0, end - firstRow), to: lastRow - firstRow)
      }
      unsafe self.depthwise(
        depthwise, rows: rows, width: output.width, from: scratch, between,
        to: Target(
          first: target + start * output.rowStride, blockStride: output.blockStride,
          rowStride: output.rowStride))
    }
  }

  private func moveRows(_ layout: TensorLayout, from first: Int, count: Int) {
    for block in 0..<layout.blocks {
      let plane = unsafe scratch + block * layout.blockStride
      unsafe memmove(
        plane, plane + first * layout.rowStride,
        count * layout.rowStride * MemoryLayout<Float>.stride)
    }
  }

  private func clearRows(_ layout: TensorLayout, from first: Int, to end: Int) {
    for block in 0..<layout.blocks {
      let start = unsafe scratch + block * layout.blockStride + first * layout.rowStride
      unsafe start.update(repeating: 0, count: (end - first) * layout.rowStride)
    }
  }

  private func dense(
    _ packed: PackedConvolution, _ segments: [Int], rows: Int, width: Int, panelsOutermost: Bool,
    from source: Source, to target: Target
  ) {
    unsafe segments.withUnsafeBufferPointer { offsets in
      guard let first = offsets.baseAddress else { return }
      unsafe kernels.convolveDensely(
        ConvolutionBlock(
          input: source.first, inputRowStride: source.rowStride,
          inputPixelStride: source.pixelStride, segmentOffsets: first,
          segmentCount: offsets.count, segmentLength: source.segmentLength,
          weights: packed.weightPointer, bias: packed.biasPointer, slopes: packed.slopePointer,
          outputBlocks: packed.outputBlocks, output: target.first,
          outputBlockStride: target.blockStride, outputRowStride: target.rowStride, rows: rows,
          width: width, panelsOutermost: panelsOutermost))
    }
  }

  private func depthwise(
    _ packed: PackedConvolution, rows: Int, width: Int, from source: UnsafePointer<Float>,
    _ input: TensorLayout, to target: Target
  ) {
    let window = packed.window
    unsafe kernels.convolveDepthwise(
      DepthwiseBlock(
        input: source, inputBlockStride: input.blockStride, inputRowStride: input.rowStride,
        kernelHeight: window.height, kernelWidth: window.width,
        verticalStride: window.verticalStride, horizontalStride: window.horizontalStride,
        weights: packed.weightPointer, bias: packed.biasPointer, slopes: packed.slopePointer,
        blocks: packed.outputBlocks, output: target.first, outputBlockStride: target.blockStride,
        outputRowStride: target.rowStride, rows: rows, width: width))
  }

  func fullyConnected(
    _ step: NetworkStep, _ sized: ExecutionPlan.Step, _ packed: PackedFullyConnected
  ) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    let panel = unsafe kernels.channelsPerFullyConnectedPanel
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: packed.panels * panel) { sums in
      unsafe sized.segments.withUnsafeBufferPointer { offsets in
        guard let first = offsets.baseAddress, let result = sums.baseAddress else {
          return
        }
        unsafe kernels.multiplyFullyConnected(
          FullyConnectedBlock(
            input: source, segmentOffsets: first, segmentCount: offsets.count,
            segmentLength: input.width * channelsPerBlock,
            weights: packed.weights.pointer(to: UInt32.self), panels: packed.panels,
            bias: packed.bias.pointer(to: Float.self), output: result))
        for block in 0..<output.blocks {
          for lane in 0..<channelsPerBlock {
            unsafe (target + block * output.blockStride)[lane] =
              result[block * channelsPerBlock + lane]
          }
        }
      }
    }
  }
}
