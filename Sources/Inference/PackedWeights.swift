internal import KernelTypes
internal import Kernels

/// Weights in the order in which the kernels read them, with bias and slopes padded alike.
final class PackedConvolution: Sendable {
  let window: Window
  /// Floats that a dense convolution reads at each tap of one block of channels.
  let segmentLength: Int
  let inputChannels: Int
  let outputChannels: Int
  let weights: AlignedBuffer
  let bias: AlignedBuffer
  /// 1 for no activation.
  let slopes: AlignedBuffer
  /// For the integer kernels, which this is packed for if there are any.
  let scales: AlignedBuffer?

  /// Whether a dense convolution reads 16-bit integers, and a depthwise one makes them.
  var isInteger: Bool { scales != nil }

  /// Whether pooling by maximum may come before the activation: whether that never falls.
  private let isRising: Bool

  /// Whether a depthwise convolution and a pooling of 2×2 pixels can be one.
  var isPoolable: Bool {
    isRising && window.height == 3 && window.width == 3 && window.verticalStride == 1
      && window.horizontalStride == 1
  }
  var outputBlocks: Int { (outputChannels + channelsPerBlock - 1) / channelsPerBlock }
  /// Blocks of what a dense convolution reads; of integers, one holds twice as many channels.
  var inputBlocks: Int {
    let channels = isInteger ? 2 * channelsPerBlock : channelsPerBlock
    return (inputChannels + channels - 1) / channels
  }
  var weightByteCount: Int { weights.byteCount }

  /// Packs a dense convolution of an activation in blocks of 16 channels.
  ///
  /// Segments are ordered by block of input channels, then row, then column of the kernel.
  static func dense(
    _ source: ConvolutionWeights, slopes: [Float]?, panel: Int
  ) -> PackedConvolution {
    let window = source.window
    let blocks = (source.inputChannels + channelsPerBlock - 1) / channelsPerBlock
    // What pads a single block is skipped: with 8 channels it would be half of the work.
    let length = blocks == 1 ? source.inputChannels : channelsPerBlock
    let depth = blocks * window.height * window.width * length
    return PackedConvolution(
      source, slopes: slopes, panel: panel, depth: depth, segmentLength: length
    ) { position in
      let lane = position % length
      let tap = position / length % (window.height * window.width)
      let channel = position / (length * window.height * window.width) * channelsPerBlock + lane
      return channel < source.inputChannels
        ? channel * window.height * window.width + tap : nil
    }
  }

  /// Packs a dense convolution of the interleaved image.
  ///
  /// - Parameters:
  ///   - source: from the file.
  ///   - slopes: of the rectifier that follows, if any.
  ///   - panel: output channels in a panel.
  ///   - order: for each channel of the stored image, its number in the network's input.
  /// - Returns: weights whose segments are the rows of the kernel.
  static func image(
    _ source: ConvolutionWeights, slopes: [Float]?, panel: Int, order: [Int]
  ) -> PackedConvolution {
    let window = source.window
    let length = window.width * order.count
    return PackedConvolution(
      source, slopes: slopes, panel: panel, depth: window.height * length, segmentLength: length
    ) { position in
      order[position % order.count] * window.height * window.width + position / order.count
    }
  }

  /// Packs panels of output channels.
  ///
  /// `place` says for a position along the depth where it is among one output channel's weights in
  /// the file; `nil` is padding.
  private init(
    _ source: ConvolutionWeights, slopes: [Float]?, panel: Int, depth: Int, segmentLength: Int,
    place: (Int) -> Int?
  ) {
    self.segmentLength = segmentLength
    // Kernels write whole blocks of 16 channels, of which a panel may be a part or more than one.
    let blocks = (source.outputChannels + channelsPerBlock - 1) / channelsPerBlock
    let panels = (blocks * channelsPerBlock + panel - 1) / panel
    window = source.window
    inputChannels = source.inputChannels
    outputChannels = source.outputChannels
    let stride = source.weights.count / source.outputChannels
    let places = (0..<depth).map(place)
    weights = unsafe floats(count: panels * depth * panel) { packed in
      for channel in 0..<source.outputChannels {
        let base = channel / panel * depth * panel + channel % panel
        for (position, place) in places.enumerated() {
          guard let place else { continue }
          unsafe packed[base + position * panel] = source.weights[channel * stride + place]
        }
      }
    }
    bias = padded(source.bias, count: panels * panel)
    isRising = (slopes ?? []).allSatisfy { $0 >= 0 }
    self.slopes = paddedSlopes(slopes, channels: outputChannels, count: panels * panel)
    scales = nil
  }

  /// Packs a dense convolution of 16-bit integers.
  init(_ source: IntegerWeights, of convolution: ConvolutionWeights, slopes: [Float]?, panel: Int) {
    let panels = source.panels(of: panel)
    segmentLength = channelsPerBlock
    window = convolution.window
    inputChannels = convolution.inputChannels
    outputChannels = convolution.outputChannels
    weights = source.packed(panel: panel)
    bias = padded(convolution.bias, count: panels * panel)
    isRising = (slopes ?? []).allSatisfy { $0 >= 0 }
    self.slopes = paddedSlopes(slopes, channels: outputChannels, count: panels * panel)
    scales = padded(source.scales, count: panels * panel)
  }

  /// Packs a depthwise convolution: `[block][tap][16]`.
  ///
  /// - Parameters:
  ///   - source: from the file.
  ///   - slopes: of the rectifier that follows, if any.
  ///   - scales: one a channel, where the results are to become integers.
  init(depthwise source: ConvolutionWeights, slopes: [Float]?, scales: [Float]? = nil) {
    segmentLength = channelsPerBlock
    window = source.window
    inputChannels = source.inputChannels
    outputChannels = source.outputChannels
    let taps = window.height * window.width
    let blocks = (source.outputChannels + channelsPerBlock - 1) / channelsPerBlock
    weights = unsafe floats(count: blocks * taps * channelsPerBlock) { packed in
      for channel in 0..<source.outputChannels {
        for tap in 0..<taps {
          let block = channel / channelsPerBlock
          unsafe packed[(block * taps + tap) * channelsPerBlock + channel % channelsPerBlock] =
            source.weights[channel * taps + tap]
        }
      }
    }
    bias = padded(source.bias, count: blocks * channelsPerBlock)
    isRising = (slopes ?? []).allSatisfy { $0 >= 0 }
    self.slopes = paddedSlopes(
      slopes, channels: outputChannels, count: blocks * channelsPerBlock)
    if let scales {
      self.scales = padded(scales, count: blocks * channelsPerBlock)
    } else {
      self.scales = nil
    }
  }
}

/// Fully connected weights as brain floats, in the order in which the kernel reads them.
///
/// A brain float is the upper half of a float. With 8 significant bits instead of 24 it changes a
/// sum of many products far less than any single product.
final class PackedFullyConnected: Sendable {
  let inputs: TensorShape
  let outputs: Int
  let panels: Int
  let weights: AlignedBuffer
  let bias: AlignedBuffer

  /// Packs weights that read a tensor of the given shape.
  ///
  /// - Parameters:
  ///   - source: `[outputs][channels · height · width]`.
  ///   - bias: one for each output.
  ///   - inputs: the shape of what is read.
  ///   - lanes: floats in a vector; a panel has eight vectors.
  init(_ source: [Float], bias: [Float], inputs: TensorShape, lanes: Int) {
    self.inputs = inputs
    outputs = bias.count
    let panel = 8 * lanes
    let panels = (bias.count + panel - 1) / panel
    self.panels = panels
    let (height, width) = (inputs.height, inputs.width)
    let blocks = (inputs.channels + channelsPerBlock - 1) / channelsPerBlock
    let depth = blocks * height * width * channelsPerBlock
    var words = AlignedBuffer(byteCount: panels * depth * panel * 2)
    let halves = unsafe words.mutablePointer(to: UInt16.self)
    for output in 0..<bias.count {
      let vector = output % panel / lanes
      // Vectors 2i and 2i + 1 share words: one in the low halves, the other in the high ones.
      let place =
        output / panel * depth * panel + (vector / 2 * lanes + output % lanes) * 2
        + vector % 2
      for channel in 0..<inputs.channels {
        let position =
          channel / channelsPerBlock * height * width * channelsPerBlock
          + channel % channelsPerBlock
        let row = output * inputs.count + channel * height * width
        for pixel in 0..<(height * width) {
          unsafe halves[place + (position + pixel * channelsPerBlock) * panel] =
            brainFloat(source[row + pixel])
        }
      }
    }
    weights = words
    self.bias = padded(bias, count: panels * panel)
  }
}

/// Rounds to the nearest brain float, ties to even.
private func brainFloat(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
}

private func floats(
  count: Int, fill: (UnsafeMutablePointer<Float>) -> Void
) -> AlignedBuffer {
  var buffer = AlignedBuffer(byteCount: count * MemoryLayout<Float>.stride)
  unsafe fill(buffer.mutablePointer(to: Float.self))
  return buffer
}

/// `values`, then zeros.
func padded(_ values: [Float], count: Int) -> AlignedBuffer {
  unsafe floats(count: count) { packed in
    for (index, value) in values.enumerated() { unsafe packed[index] = value }
  }
}

/// One slope a channel, from one for each or one for all; 1 where there is no activation.
func paddedSlopes(_ slopes: [Float]?, channels: Int, count: Int) -> AlignedBuffer {
  let values = slopes ?? [1]
  return unsafe floats(count: count) { packed in
    for index in 0..<channels {
      unsafe packed[index] = values.count == 1 ? values[0] : values[index]
    }
  }
}
