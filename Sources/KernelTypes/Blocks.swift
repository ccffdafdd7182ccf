// What a kernel is told to do. These types are shared by the modules that are compiled once for
// each processor level, so they hold plain pointers and numbers and have no code of their own.
//
// Activations lie in blocks of 16 channels, `[channels / 16][height][width][16]`, so that the 16
// channels of one pixel fill one vector register (or two, or four). "Block stride" is the number
// of floats from one block of channels to the next, "row stride" from one row to the next. Two
// pixels of one row lie 16 floats apart.

/// How many channels lie side by side in an activation.
public var channelsPerBlock: Int { 16 }

/// The largest magnitude of an activation that was rounded to a 16-bit integer; what lies beyond is
/// cut off.
public var integerActivationLimit: Int { 32_767 }

/// Some rows of a dense convolution: `output ← activate(weights · input + bias)`.
///
/// What one output pixel reads is a list of *segments*: runs of contiguous floats, one for each
/// tap of the kernel and block of input channels. A 1×1 convolution of 64 channels has 4 segments
/// of 16 floats; a 3×3 convolution of an interleaved RGB image has 3 of 9.
///
/// The integer kernels take the same block. For them each "float" of input and weights is a word of
/// four bytes with two 16-bit integers, of one channel and the next, and each sum is multiplied by
/// ``scales`` before the bias is added.
@unsafe public struct ConvolutionBlock {
  /// What the first output pixel reads, before the offset of a segment is added.
  public var input: UnsafePointer<Float>
  /// Floats from what one output row reads to what the next one reads.
  public var inputRowStride: Int
  /// Floats from what one output pixel reads to what the next one in its row reads.
  public var inputPixelStride: Int
  /// `segmentCount` offsets from ``input``.
  public var segmentOffsets: UnsafePointer<Int>
  public var segmentCount: Int
  /// Floats in a segment.
  public var segmentLength: Int
  /// `[panel][segment][position in segment][channelsPerPanel]`.
  public var weights: UnsafePointer<Float>
  /// One for each output channel; padded to whole panels like ``slopes``.
  public var bias: UnsafePointer<Float>
  /// What negative results are multiplied by: 1 for no activation, 0 for ReLU.
  public var slopes: UnsafePointer<Float>
  /// What one unit of each output channel's sum stands for, padded likewise; for integers alone.
  public var scales: UnsafePointer<Float>?
  /// Output channels in whole blocks of 16.
  public var outputBlocks: Int
  /// The first output pixel of the first block.
  public var output: UnsafeMutablePointer<Float>
  public var outputBlockStride: Int
  public var outputRowStride: Int
  public var rows: Int
  /// Output pixels in a row.
  public var width: Int
  /// Whether to take all pixels for one panel of weights before the next panel.
  ///
  /// Right where the weights are larger than the input; each is read from the cache next to the
  /// one that holds it.
  public var panelsOutermost: Bool

  public init(
    input: UnsafePointer<Float>, inputRowStride: Int, inputPixelStride: Int,
    segmentOffsets: UnsafePointer<Int>, segmentCount: Int, segmentLength: Int,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>,
    scales: UnsafePointer<Float>? = nil, outputBlocks: Int, output: UnsafeMutablePointer<Float>,
    outputBlockStride: Int,
    outputRowStride: Int, rows: Int, width: Int, panelsOutermost: Bool
  ) {
    unsafe self.input = input
    unsafe self.inputRowStride = inputRowStride
    unsafe self.inputPixelStride = inputPixelStride
    unsafe self.segmentOffsets = segmentOffsets
    unsafe self.segmentCount = segmentCount
    unsafe self.segmentLength = segmentLength
    unsafe self.weights = weights
    unsafe self.bias = bias
    unsafe self.slopes = slopes
    unsafe self.scales = scales
    unsafe self.outputBlocks = outputBlocks
    unsafe self.output = output
    unsafe self.outputBlockStride = outputBlockStride
    unsafe self.outputRowStride = outputRowStride
    unsafe self.rows = rows
    unsafe self.width = width
    unsafe self.panelsOutermost = panelsOutermost
  }
}

/// Some rows of a depthwise convolution: each channel with its own kernel.
///
/// The integer kernels multiply each result by ``scales`` and round it to 16 bits. Two blocks of
/// channels then share one block of the output, whose words hold two of them each.
@unsafe public struct DepthwiseBlock {
  /// The first tap of the first output pixel, in the first block of channels.
  public var input: UnsafePointer<Float>
  public var inputBlockStride: Int
  public var inputRowStride: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  /// Input rows between two output rows.
  public var verticalStride: Int
  /// Input pixels between two output pixels.
  public var horizontalStride: Int
  /// `[block][tap, row by row][16]`.
  public var weights: UnsafePointer<Float>
  public var bias: UnsafePointer<Float>
  /// What negative results are multiplied by: 1 for no activation, 0 for ReLU.
  public var slopes: UnsafePointer<Float>
  /// What each channel is multiplied by before it is rounded; for integers alone.
  public var scales: UnsafePointer<Float>?
  public var blocks: Int
  public var output: UnsafeMutablePointer<Float>
  public var outputBlockStride: Int
  public var outputRowStride: Int
  public var rows: Int
  public var width: Int

  public init(
    input: UnsafePointer<Float>, inputBlockStride: Int, inputRowStride: Int, kernelHeight: Int,
    kernelWidth: Int, verticalStride: Int, horizontalStride: Int, weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>,
    scales: UnsafePointer<Float>? = nil, blocks: Int, output: UnsafeMutablePointer<Float>,
    outputBlockStride: Int, outputRowStride: Int, rows: Int, width: Int
  ) {
    unsafe self.input = input
    unsafe self.inputBlockStride = inputBlockStride
    unsafe self.inputRowStride = inputRowStride
    unsafe self.kernelHeight = kernelHeight
    unsafe self.kernelWidth = kernelWidth
    unsafe self.verticalStride = verticalStride
    unsafe self.horizontalStride = horizontalStride
    unsafe self.weights = weights
    unsafe self.bias = bias
    unsafe self.slopes = slopes
    unsafe self.scales = scales
    unsafe self.blocks = blocks
    unsafe self.output = output
    unsafe self.outputBlockStride = outputBlockStride
    unsafe self.outputRowStride = outputRowStride
    unsafe self.rows = rows
    unsafe self.width = width
  }
}

/// Some rows of a pooling over windows that may reach over the edge of the input.
@unsafe public struct PoolingBlock {
  /// The first pixel of the input (not of a window), in its first block of channels.
  public var input: UnsafePointer<Float>
  public var inputBlockStride: Int
  public var inputRowStride: Int
  public var inputHeight: Int
  public var inputWidth: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var verticalStride: Int
  public var horizontalStride: Int
  public var paddingTop: Int
  public var paddingLeft: Int
  public var blocks: Int
  public var output: UnsafeMutablePointer<Float>
  public var outputBlockStride: Int
  public var outputRowStride: Int
  /// The output rows to compute: from ``firstRow`` on.
  public var firstRow: Int
  public var rows: Int
  public var width: Int

  public init(
    input: UnsafePointer<Float>, inputBlockStride: Int, inputRowStride: Int, inputHeight: Int,
    inputWidth: Int, kernelHeight: Int, kernelWidth: Int, verticalStride: Int,
    horizontalStride: Int, paddingTop: Int, paddingLeft: Int, blocks: Int,
    output: UnsafeMutablePointer<Float>, outputBlockStride: Int, outputRowStride: Int,
    firstRow: Int, rows: Int, width: Int
  ) {
    unsafe self.input = input
    unsafe self.inputBlockStride = inputBlockStride
    unsafe self.inputRowStride = inputRowStride
    unsafe self.inputHeight = inputHeight
    unsafe self.inputWidth = inputWidth
    unsafe self.kernelHeight = kernelHeight
    unsafe self.kernelWidth = kernelWidth
    unsafe self.verticalStride = verticalStride
    unsafe self.horizontalStride = horizontalStride
    unsafe self.paddingTop = paddingTop
    unsafe self.paddingLeft = paddingLeft
    unsafe self.blocks = blocks
    unsafe self.output = output
    unsafe self.outputBlockStride = outputBlockStride
    unsafe self.outputRowStride = outputRowStride
    unsafe self.firstRow = firstRow
    unsafe self.rows = rows
    unsafe self.width = width
  }
}

/// A fully connected layer whose weights are stored as 16-bit brain floats, for some inputs.
@unsafe public struct FullyConnectedBlock {
  /// Where the segments' offsets of the first input start.
  public var input: UnsafePointer<Float>
  public var inputCount: Int
  /// Floats from one input to the next.
  public var inputStride: Int
  public var segmentOffsets: UnsafePointer<Int>
  public var segmentCount: Int
  public var segmentLength: Int
  /// `[panel][segment][position][channelsPerFullyConnectedPanel / 2]`.
  ///
  /// Each word holds two weights: the one in its low half belongs to vector `2i` of the panel, the
  /// one in its high half to the same lane of vector `2i + 1`.
  public var weights: UnsafePointer<UInt32>
  /// Whole panels of output channels.
  public var panels: Int
  /// Padded to whole panels, like ``output``.
  public var bias: UnsafePointer<Float>
  public var output: UnsafeMutablePointer<Float>
  /// Floats from one input's results to the next's.
  public var outputStride: Int

  public init(
    input: UnsafePointer<Float>, inputCount: Int, inputStride: Int,
    segmentOffsets: UnsafePointer<Int>, segmentCount: Int, segmentLength: Int,
    weights: UnsafePointer<UInt32>, panels: Int, bias: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    unsafe self.input = input
    unsafe self.inputCount = inputCount
    unsafe self.inputStride = inputStride
    unsafe self.outputStride = outputStride
    unsafe self.segmentOffsets = segmentOffsets
    unsafe self.segmentCount = segmentCount
    unsafe self.segmentLength = segmentLength
    unsafe self.weights = weights
    unsafe self.panels = panels
    unsafe self.bias = bias
    unsafe self.output = output
  }
}
