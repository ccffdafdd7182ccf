internal import Glibc
internal import KernelTypes
internal import Kernels

/// Passes rows through the stages of one chain.
///
/// Rows are asked for from the end: to make its next rows, a stage slides the window before it to the
/// rows that it reads, and for that asks the stage before for those that are new.
@unsafe struct ChainExecution {
  let run: StepExecution
  let chain: PlannedChain
  /// For each stage, the rows that its window holds now; they may reach outside the input.
  private var held: [Range<Int>]

  init(_ run: StepExecution, _ chain: PlannedChain) {
    unsafe self.run = run
    unsafe self.chain = chain
    unsafe held = [Range<Int>](repeating: 0..<0, count: chain.stages.count)
  }

  /// Makes all rows of the last stage.
  mutating func runToTheEnd() {
    unsafe run.scratch.update(repeating: 0, count: chain.windowCount)
    let last = unsafe chain.stages.count - 1
    let height = unsafe run.plan.layouts[chain.stages[last].output].height
    let (output, target) = unsafe run.tensor(chain.stages[last].output)
    for start in unsafe stride(from: 0, to: height, by: chain.rows[last]) {
      let end = unsafe min(height, start + chain.rows[last])
      unsafe make(
        last, start..<end,
        into: RowTarget(
          first: target + start * output.rowStride, blockStride: output.blockStride,
          rowStride: output.rowStride, width: output.width))
    }
  }

  /// Makes some rows of one stage.
  private mutating func make(_ index: Int, _ rows: Range<Int>, into target: RowTarget) {
    let stage = unsafe chain.stages[index]
    let window = stage.window
    let first = rows.lowerBound * window.verticalStride - window.top
    let read =
      first..<(first + (rows.count - 1) * window.verticalStride + window.height)
    if case .image(let packed) = stage.work {
      unsafe slideImage(to: read)
      unsafe run.dense(
        packed, chain.segments[index], rows: rows.count,
        from: RowSource.image(run, packed, first: imageWindow), to: target)
      return
    }
    let source = unsafe chain.sources[index]
    let input: UnsafePointer<Float>
    if let offset = source.offset {
      unsafe slide(index, to: read)
      unsafe input = UnsafePointer(run.scratch + offset)
    } else {
      let (layout, pixels) = unsafe run.tensor(stage.input)
      let left = stage.readsBorder ? window.left : 0
      unsafe input = UnsafePointer(pixels + first * layout.rowStride - left * channelsPerBlock)
    }
    switch stage.work {
    case .image: break
    case .dense(let packed):
      unsafe run.dense(
        packed, chain.segments[index], rows: rows.count,
        from: RowSource(
          first: input, rowStride: window.verticalStride * source.layout.rowStride,
          pixelStride: window.horizontalStride * channelsPerBlock), to: target)
    case .depthwise(let packed):
      unsafe run.depthwise(
        packed, stage, rows: rows.count, from: input, source.layout, to: target,
        packed.isInteger ? run.integerKernels.convolveDepthwise : run.kernels.convolveDepthwise)
    case .pooledDepthwise(let packed):
      unsafe run.depthwise(
        packed, stage, rows: rows.count, from: input, source.layout, to: target,
        run.kernels.convolveDepthwiseAndPool)
    case .maximumPooling:
      unsafe run.pooling(
        stage, rows, from: input - first * source.layout.rowStride, source.layout, to: target,
        run.kernels.poolMaximum)
    case .averagePooling:
      unsafe run.pooling(
        stage, rows, from: input - first * source.layout.rowStride, source.layout, to: target,
        run.kernels.poolAverage)
    }
  }

  /// Brings the rows that a stage reads into its window: moves, zeroes or asks for them.
  private mutating func slide(_ index: Int, to rows: Range<Int>) {
    let (stage, source) = unsafe (chain.stages[index], chain.sources[index])
    guard let offset = source.offset else { return }
    let layout = source.layout
    let window = unsafe run.scratch + offset
    let kept = unsafe overlap(held[index], rows)
    if unsafe !kept.isEmpty && kept.lowerBound > held[index].lowerBound {
      let distance = unsafe (kept.lowerBound - held[index].lowerBound) * layout.rowStride
      for block in 0..<layout.blocks {
        let plane = unsafe window + block * layout.blockStride
        unsafe memmove(
          plane, plane + distance, kept.count * layout.rowStride * MemoryLayout<Float>.stride)
      }
    }
    unsafe held[index] = rows
    let input = unsafe run.plan.layouts[stage.input]
    let inside =
      max(
        rows.lowerBound, kept.isEmpty ? rows.lowerBound : kept.upperBound, 0)..<max(
        0, min(rows.upperBound, input.height))
    for row in rows
    where !(0..<input.height).contains(row) && (kept.isEmpty || row >= kept.upperBound) {
      for block in 0..<layout.blocks {
        let line =
          unsafe window + block * layout.blockStride + (row - rows.lowerBound) * layout.rowStride
        unsafe line.update(repeating: 0, count: layout.rowStride)
      }
    }
    guard !inside.isEmpty else { return }
    let left = stage.readsBorder ? stage.window.left : 0
    unsafe make(
      index - 1, inside,
      into: RowTarget(
        first: window + (inside.lowerBound - rows.lowerBound) * layout.rowStride
          + left * channelsPerBlock, blockStride: layout.blockStride,
        rowStride: layout.rowStride, width: input.width))
  }

  /// The image's window lies behind all others.
  private var imageWindow: UnsafeMutablePointer<Float> {
    let count = unsafe (chain.imageRows * run.plan.image.rowStride + 15) / 16 * 16
    return unsafe run.scratch + chain.windowCount - count
  }

  /// The same for the image: new rows are normalised from its bytes.
  private mutating func slideImage(to rows: Range<Int>) {
    let stride = unsafe run.plan.image.rowStride
    let window = unsafe imageWindow
    let kept = unsafe overlap(held[0], rows)
    if unsafe !kept.isEmpty && kept.lowerBound > held[0].lowerBound {
      unsafe memmove(
        window, window + (kept.lowerBound - held[0].lowerBound) * stride,
        kept.count * stride * MemoryLayout<Float>.stride)
    }
    unsafe held[0] = rows
    for row in rows where kept.isEmpty || row >= kept.upperBound {
      unsafe run.loadImageRow(row, into: window + (row - rows.lowerBound) * stride)
    }
  }

  private func overlap(_ held: Range<Int>, _ rows: Range<Int>) -> Range<Int> {
    held.isEmpty || held.upperBound <= rows.lowerBound
      ? rows.lowerBound..<rows.lowerBound : rows.lowerBound..<held.upperBound
  }
}

/// Where rows go: the first pixel of the first one, and how far apart blocks and rows are.
@unsafe struct RowTarget {
  var first: UnsafeMutablePointer<Float>
  var blockStride: Int
  var rowStride: Int
  /// In pixels.
  var width: Int
}

/// What a dense convolution reads for its first pixel, and how far the next row and pixel are.
@unsafe struct RowSource {
  var first: UnsafePointer<Float>
  var rowStride: Int
  var pixelStride: Int

  static func image(
    _ run: StepExecution, _ packed: PackedConvolution, first: UnsafeMutablePointer<Float>
  ) -> RowSource {
    let image = unsafe run.plan.image
    let window = packed.window
    return unsafe RowSource(
      first: UnsafePointer(first + (image.border - window.left) * image.channels),
      rowStride: window.verticalStride * image.rowStride,
      pixelStride: window.horizontalStride * image.channels)
  }
}
