internal import KernelTypes
internal import Kernels

/// How the floats that a pointwise convolution reads become 16-bit integers.
enum IntegerRounding {
  /// A number beyond this many times the largest one that was seen in its channel is cut off.
  ///
  /// In 1,000 faces of other people than those whose ranges were recorded, the largest had 4.5 times
  /// its range.
  private static let headroom: Float = 8

  /// The integer for the largest number that was seen.
  static let largestSeen = Float(integerActivationLimit) / headroom

  /// What each channel of an activation is multiplied by before it is rounded.
  static func scales(ranges: [Float]) -> [Float] {
    ranges.map { largestSeen / $0 }
  }
}

/// A pointwise convolution's weights as 16-bit integers.
///
/// Each output channel has a scale of its own, the finest with which a sum has its 32 bits even if all
/// activations are as large as the largest that were seen and have the sign that makes it larger: the
/// magnitudes of its weights add up to less than 2³¹ divided by such an activation. A sum of still
/// larger ones does not overflow but stays at its limit.
struct IntegerWeights {
  /// `[outputChannels][inputChannels]`.
  let values: [Int16]
  /// What one unit of each output channel's sum stands for.
  let scales: [Float]

  private let inputChannels: Int

  /// Rounds the weights.
  ///
  /// - Parameters:
  ///   - source: a pointwise convolution of at most 65,536 input channels.
  ///   - inputScales: what its input was multiplied by, one a channel.
  init(_ source: ConvolutionWeights, inputScales: [Float]) {
    let (inputs, outputs) = (source.inputChannels, source.outputChannels)
    precondition(source.window.isPointwise && source.isDense && inputScales.count == inputs)
    // Rounding adds at most a half to each magnitude.
    let sumLimit = Double(Int32.max) / Double(IntegerRounding.largestSeen) - Double(inputs) / 2
    var values: [Int16] = []
    var scales: [Float] = []
    values.reserveCapacity(inputs * outputs)
    for output in 0..<outputs {
      let weights = (0..<inputs).map { source.weights[output * inputs + $0] / inputScales[$0] }
      let sum = weights.reduce(0) { $0 + Double(abs($1)) }
      let largest = Double(weights.reduce(0) { max($0, abs($1)) })
      let scale = max(sum / sumLimit, largest / Double(Int16.max))
      scales.append(Float(scale))
      values += weights.map { scale > 0 ? Int16((Double($0) / scale).rounded()) : 0 }
    }
    self.values = values
    self.scales = scales
    inputChannels = inputs
  }

  /// How many panels of `panel` channels cover whole blocks of output channels.
  func panels(of panel: Int) -> Int {
    let blocks = (scales.count + channelsPerBlock - 1) / channelsPerBlock
    return (blocks * channelsPerBlock + panel - 1) / panel
  }

  /// `[panel][pair of input channels][panel channel]`, each word with a pair's two weights.
  ///
  /// Pairs are padded with zeros to whole blocks, so whatever lies behind the last channel of an
  /// activation does not count.
  func packed(panel: Int) -> AlignedBuffer {
    let pairs =
      (inputChannels + 2 * channelsPerBlock - 1) / (2 * channelsPerBlock) * channelsPerBlock
    var buffer = AlignedBuffer(byteCount: panels(of: panel) * pairs * panel * 4)
    let halves = unsafe buffer.mutablePointer(to: Int16.self)
    for output in scales.indices {
      let base = output / panel * pairs * panel + output % panel
      for input in 0..<inputChannels {
        unsafe halves[(base + input / 2 * panel) * 2 + input % 2] =
          values[output * inputChannels + input]
      }
    }
    return buffer
  }
}
