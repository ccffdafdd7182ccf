internal import KernelTypes
internal import Kernels

/// Weights of a 3×3 convolution for Winograd's minimal filtering, packed for each point.
///
/// Less than half the products of the plain way, at the price of weights 16/9 times as large and of
/// transforming tiles there and back.
final class WinogradWeights: Sendable {
  let window: Window
  /// For each point a 1×1 convolution without bias and activation.
  let points: [PackedConvolution]
  let bias: AlignedBuffer
  /// 1 for no activation.
  let slopes: AlignedBuffer

  /// With fewer channels the transforms take more time than they save.
  private static let leastChannels = 32

  /// Whether a convolution is faster this way.
  static func suits(_ convolution: ConvolutionWeights) -> Bool {
    let window = convolution.window
    return convolution.isDense && window.height == 3 && window.width == 3
      && window.verticalStride == 1 && window.horizontalStride == 1
      && min(convolution.inputChannels, convolution.outputChannels) >= leastChannels
  }

  /// Transforms and packs weights.
  ///
  /// - Parameters:
  ///   - source: from the file; it suits.
  ///   - slopes: of the rectifier that follows, if any.
  ///   - panel: output channels in a panel.
  init(_ source: ConvolutionWeights, slopes: [Float]?, panel: Int) {
    precondition(Self.suits(source))
    window = source.window
    let (inputs, outputs) = (source.inputChannels, source.outputChannels)
    var transformed = [[Float]](
      repeating: [Float](repeating: 0, count: inputs * outputs), count: winogradPoints)
    for place in 0..<(inputs * outputs) {
      let kernel = Self.points(of: source.weights[(9 * place)..<(9 * place + 9)].map { $0 })
      for point in 0..<winogradPoints { transformed[point][place] = kernel[point] }
    }
    let pointwise = Window(
      height: 1, width: 1, verticalStride: 1, horizontalStride: 1, top: 0, left: 0, bottom: 0,
      right: 0)
    points = transformed.map { weights in
      let convolution = ConvolutionWeights(
        window: pointwise, groups: 1, inputChannels: inputs, outputChannels: outputs,
        weights: weights, bias: [Float](repeating: 0, count: outputs))
      return .dense(convolution, slopes: nil, panel: panel)
    }
    let padded16 = (outputs + channelsPerBlock - 1) / channelsPerBlock * channelsPerBlock
    bias = padded(source.bias, count: padded16)
    self.slopes = paddedSlopes(slopes, channels: outputs, count: padded16)
  }

  /// `G · kernel · Gᵀ`, row by row.
  private static func points(of kernel: [Float]) -> [Float] {
    func combined(_ a: Float, _ b: Float, _ c: Float) -> [Float] {
      [a, (a + b + c) / 2, (a - b + c) / 2, c]
    }
    let columns = (0..<3).map { combined(kernel[$0], kernel[3 + $0], kernel[6 + $0]) }
    return (0..<4).flatMap { combined(columns[0][$0], columns[1][$0], columns[2][$0]) }
  }
}

/// How many tiles of a convolution are transformed at a time, and the memory that takes.
struct WinogradSize {
  /// Of one image.
  let tilesDown: Int
  let tilesAcross: Int
  /// At a time; of several images if these are small.
  let chunk: Int
  /// Floats of all tiles of a chunk at one point, before and behind the multiplication.
  let inputPointStride: Int
  let outputPointStride: Int

  /// Divisible by the tiles of all dense kernels' shapes but the one of six.
  private static let chunkUnit = 28
  /// Images whose small maps share one reading of the weights.
  private static let imagesTogether = 8

  var tilesPerImage: Int { tilesDown * tilesAcross }
  /// Floats.
  var count: Int { winogradPoints * (inputPointStride + outputPointStride) }

  init(_ weights: WinogradWeights, output: TensorLayout) {
    func halved(_ length: Int) -> Int { (length + winogradTileSide - 1) / winogradTileSide }
    (tilesDown, tilesAcross) = (halved(output.height), halved(output.width))
    let point = weights.points[0]
    let blocks = point.inputBlocks + point.outputBlocks
    let bytesPerTile = winogradPoints * blocks * channelsPerBlock * MemoryLayout<Float>.stride
    // As many as the second-level cache holds, or as are no more than the weights that each chunk reads.
    let byteLimit = max(PlannedChain.windowBytes, winogradPoints * point.weightByteCount)
    let most = min(byteLimit / bytesPerTile, Self.imagesTogether * tilesDown * tilesAcross)
    chunk = max(1, (most + Self.chunkUnit - 1) / Self.chunkUnit) * Self.chunkUnit
    inputPointStride = point.inputBlocks * chunk * channelsPerBlock
    outputPointStride = point.outputBlocks * chunk * channelsPerBlock
  }
}
