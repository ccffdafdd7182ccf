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
  @unsafe fileprivate var scalePointer: UnsafePointer<Float>? {
    unsafe scales?.pointer(to: Float.self)
  }
}

extension StepExecution {
  /// Some rows of a dense convolution.
  func dense(
    _ packed: PackedConvolution, _ segments: [Int], rows: Int, from source: RowSource,
    to target: RowTarget
  ) {
    unsafe segments.withUnsafeBufferPointer { offsets in
      guard let first = offsets.baseAddress else { return }
      let kernel =
        unsafe packed.isInteger ? integerKernels.convolveDensely : kernels.convolveDensely
      unsafe kernel(
        ConvolutionBlock(
          input: source.first, inputRowStride: source.rowStride,
          inputPixelStride: source.pixelStride, segmentOffsets: first,
          segmentCount: offsets.count, segmentLength: packed.segmentLength,
          weights: packed.weightPointer, bias: packed.biasPointer, slopes: packed.slopePointer,
          scales: packed.scalePointer, outputBlocks: packed.outputBlocks, output: target.first,
          outputBlockStride: target.blockStride, outputRowStride: target.rowStride, rows: rows,
          width: target.width, panelsOutermost: PlannedChain.panelsOutermost(packed)))
    }
  }

  /// Some rows of a depthwise convolution, by itself or with a pooling.
  func depthwise(
    _ packed: PackedConvolution, _ stage: ChainStage, rows: Int, from source: UnsafePointer<Float>,
    _ input: TensorLayout, to target: RowTarget, _ kernel: @Sendable (DepthwiseBlock) -> Void
  ) {
    let window = packed.window
    unsafe kernel(
      DepthwiseBlock(
        input: source, inputBlockStride: input.blockStride, inputRowStride: input.rowStride,
        kernelHeight: window.height, kernelWidth: window.width,
        verticalStride: stage.window.verticalStride,
        horizontalStride: stage.window.horizontalStride,
        weights: packed.weightPointer, bias: packed.biasPointer, slopes: packed.slopePointer,
        scales: packed.scalePointer, blocks: packed.outputBlocks, output: target.first,
        outputBlockStride: target.blockStride,
        outputRowStride: target.rowStride, rows: rows, width: target.width))
  }

  /// Some rows of a pooling; `source` is where row 0 of the input lies or would lie.
  func pooling(
    _ stage: ChainStage, _ rows: Range<Int>, from source: UnsafePointer<Float>,
    _ layout: TensorLayout, to target: RowTarget, _ kernel: @Sendable (PoolingBlock) -> Void
  ) {
    let window = stage.window
    let input = unsafe plan.layouts[stage.input]
    unsafe kernel(
      PoolingBlock(
        input: source, inputBlockStride: layout.blockStride, inputRowStride: layout.rowStride,
        inputHeight: input.height, inputWidth: input.width, kernelHeight: window.height,
        kernelWidth: window.width, verticalStride: window.verticalStride,
        horizontalStride: window.horizontalStride, paddingTop: window.top,
        paddingLeft: window.left, blocks: input.blocks, output: target.first,
        outputBlockStride: target.blockStride, outputRowStride: target.rowStride,
        firstRow: rows.lowerBound, rows: rows.count, width: target.width))
  }
}
