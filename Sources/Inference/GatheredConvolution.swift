internal import KernelTypes
internal import Kernels

/// The memory that a dense convolution of small maps takes aside.
struct GatheredSize {
  /// Pixels of the output of one image.
  let pixels: Int
  /// Images that are taken at a time.
  let images: Int
  /// Blocks of 16 channels that one pixel reads, from all taps, and writes.
  let blocksRead: Int
  let blocksWritten: Int

  /// Images that share one reading of the weights.
  private static let mostImages = 8

  /// Floats.
  var count: Int { images * pixels * (blocksRead + blocksWritten) * channelsPerBlock }

  init(_ packed: PackedConvolution, output: TensorLayout) {
    pixels = output.height * output.width
    images = Self.mostImages
    blocksRead = packed.inputBlocks * packed.window.height * packed.window.width
    blocksWritten = packed.outputBlocks
  }
}

/// A dense convolution of small maps, of one or several images.
///
/// What each pixel of all images reads is copied side by side first, so that tiles of the kernel are
/// filled and all images share one reading of the weights.
@unsafe struct GatheredExecution {
  private let runs: ArraySlice<StepExecution>
  private let step: NetworkStep
  private let packed: PackedConvolution
  private let size: GatheredSize

  /// Runs a step for some images; the first one's scratch is used.
  static func run(_ runs: [StepExecution], _ step: NetworkStep, _ packed: PackedConvolution) {
    let size = unsafe GatheredSize(packed, output: runs[0].plan.layouts[step.output])
    for first in unsafe stride(from: 0, to: runs.count, by: size.images) {
      let part = unsafe runs[first..<min(first + size.images, runs.count)]
      unsafe GatheredExecution(runs: part, step: step, packed: packed, size: size).run()
    }
  }

  private var first: StepExecution { unsafe runs[runs.startIndex] }
  /// Floats from one gathered or multiplied block to the next.
  private var blockStride: Int { unsafe runs.count * size.pixels * channelsPerBlock }

  private func run() {
    let products = unsafe first.scratch + size.blocksRead * blockStride
    unsafe gather()
    let count = unsafe runs.count * size.pixels
    let segments = unsafe (0..<size.blocksRead).map { unsafe $0 * blockStride }
    unsafe first.dense(
      packed, segments, rows: 1,
      from: RowSource(
        first: first.scratch, rowStride: blockStride, pixelStride: channelsPerBlock),
      to: RowTarget(
        first: products, blockStride: blockStride, rowStride: blockStride, width: count))
    unsafe scatter(products)
  }

  /// Copies what all pixels read: by block, then row, then column of the kernel, as weights lie.
  private func gather() {
    let window = unsafe packed.window
    let tapStride = unsafe runs.count * size.pixels * channelsPerBlock
    for index in unsafe 0..<runs.count {
      let run = unsafe runs[runs.startIndex + index]
      let (layout, pixels) = unsafe run.tensor(step.inputs[0])
      let output = unsafe run.plan.layouts[step.output]
      let corner =
        unsafe pixels - window.top * layout.rowStride - window.left * channelsPerBlock
      var target = unsafe first.scratch + index * size.pixels * channelsPerBlock
      for block in unsafe 0..<packed.inputBlocks {
        for row in 0..<window.height {
          for column in 0..<window.width {
            unsafe copyPixels(
              from: corner + block * layout.blockStride + row * layout.rowStride
                + column * channelsPerBlock,
              rowStride: window.verticalStride * layout.rowStride,
              pixelStride: window.horizontalStride * channelsPerBlock, to: target,
              rowStride: output.width * channelsPerBlock, rows: output.height, width: output.width)
            unsafe target += tapStride
          }
        }
      }
    }
  }

  /// Copies the results to the images' tensors.
  private func scatter(_ products: UnsafeMutablePointer<Float>) {
    for index in unsafe 0..<runs.count {
      let run = unsafe runs[runs.startIndex + index]
      let (layout, pixels) = unsafe run.tensor(step.output)
      let source = unsafe products + index * size.pixels * channelsPerBlock
      for block in unsafe 0..<packed.outputBlocks {
        unsafe copyPixels(
          from: source + block * blockStride, rowStride: layout.width * channelsPerBlock,
          pixelStride: channelsPerBlock, to: pixels + block * layout.blockStride,
          rowStride: layout.rowStride, rows: layout.height, width: layout.width)
      }
    }
  }
}

/// Copies pixels of 16 channels; those of the target's rows follow each other.
private func copyPixels(
  from source: UnsafePointer<Float>, rowStride: Int, pixelStride: Int,
  to target: UnsafeMutablePointer<Float>, rowStride targetRowStride: Int, rows: Int, width: Int
) {
  for row in 0..<rows {
    var from = unsafe UnsafeRawPointer(source + row * rowStride)
    var to = unsafe UnsafeMutableRawPointer(target + row * targetRowStride)
    for _ in 0..<width {
      // A call of memmove would take longer than the copying.
      unsafe to.storeBytes(
        of: from.loadUnaligned(as: SIMD16<Float>.self), as: SIMD16<Float>.self)
      unsafe from += pixelStride * MemoryLayout<Float>.stride
      unsafe to += channelsPerBlock * MemoryLayout<Float>.stride
    }
  }
}
