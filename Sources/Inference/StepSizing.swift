internal import KernelTypes

// How many rows a step takes at a time, and what it reads. The sizes suit processors with at least
// 32 KiB of first-level and 512 KiB of second-level cache a core.

/// Weights up to this size stay in the second-level cache while pixels stream past them.
private let residentWeightBytes = 128 * 1024
/// Pixels that stay in the first-level cache while all weights are taken.
private let innerPixelBytes = 24 * 1024
/// Pixels that stay in the second-level cache while panels of weights stream past them.
private let outerPixelBytes = 192 * 1024

extension ExecutionPlan {
  /// Whether a dense convolution takes all its pixels for one panel of weights before the next.
  static func panelsOutermost(_ packed: PackedConvolution) -> Bool {
    packed.weightByteCount > residentWeightBytes
  }

  /// What depends on sizes in one step.
  static func sized(
    _ step: NetworkStep, layouts: [TensorLayout], image: ImageLayout
  ) -> Step {
    let output = layouts[step.output]
    var sized = Step()
    switch step.work {
    case .imageConvolution(let packed):
      sized.segments = (0..<packed.window.height).map { $0 * image.rowStride }
    case .denseConvolution(let packed):
      sized.segments = segments(packed, layout: layouts[step.inputs[0]])
      sized.rows = rows(
        packed,
        rowBytes: packed.window.verticalStride * layouts[step.inputs[0]].rowStride
          * packed.inputBlocks * 4, height: output.height)
    case .depthwiseThenPointwise(let depthwise, let pointwise):
      let rowBytes = output.width * depthwise.outputBlocks * channelsPerBlock * 4
      sized.rows = rows(pointwise, rowBytes: rowBytes, height: output.height)
      let scratch = TensorLayout(
        channels: depthwise.outputChannels, height: sized.rows, width: output.width, border: 0)
      sized.scratch = scratch
      sized.segments = segments(pointwise, layout: scratch)
    case .pointwiseThenDepthwise(let pointwise, let depthwise):
      let input = layouts[step.inputs[0]]
      sized.segments = segments(pointwise, layout: input)
      let window = depthwise.window
      let width = input.width + window.left + window.right
      let rowBytes = width * depthwise.inputBlocks * channelsPerBlock * 4
      let fitting = max(1, outerPixelBytes / rowBytes - window.height) / window.verticalStride
      sized.rows = max(4, min(output.height, fitting))
      sized.scratch = TensorLayout(
        channels: depthwise.inputChannels,
        height: (sized.rows - 1) * window.verticalStride + window.height, width: width, border: 0)
    case .fullyConnected:
      let input = layouts[step.inputs[0]]
      for block in 0..<input.blocks {
        for row in 0..<input.height {
          sized.segments.append(block * input.blockStride + row * input.rowStride)
        }
      }
    case .groupedConvolution(let convolution, _):
      let depth =
        convolution.inputChannels / convolution.groups * convolution.window.height
        * convolution.window.width
      let channels = depth + convolution.outputChannels / convolution.groups
      sized.rows = max(1, min(output.height, outerPixelBytes / (4 * channels * output.width)))
      sized.scratch = TensorLayout(
        channels: channels, height: sized.rows, width: output.width, border: 0)
    default: break
    }
    return sized
  }

  /// Rows so that what is read stays in the cache that the order of the loops asks for.
  private static func rows(_ packed: PackedConvolution, rowBytes: Int, height: Int) -> Int {
    let budget = panelsOutermost(packed) ? outerPixelBytes : innerPixelBytes
    let most = min(height, max(1, budget / rowBytes))
    // Rounds of equal length: the last one is not left with a single row.
    let rounds = (height + most - 1) / most
    return (height + rounds - 1) / rounds
  }

  /// What one pixel of a dense convolution reads: by block, then row, then column of the kernel.
  private static func segments(_ packed: PackedConvolution, layout: TensorLayout) -> [Int] {
    var segments: [Int] = []
    for block in 0..<packed.inputBlocks {
      for row in 0..<packed.window.height {
        for column in 0..<packed.window.width {
          segments.append(
            block * layout.blockStride + row * layout.rowStride + column * channelsPerBlock)
        }
      }
    }
    return segments
  }
}
