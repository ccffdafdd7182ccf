import KernelTypes
import Kernels
import Testing

/// The kernels for 16-bit integers against plain loops, to the last bit.
@Suite struct IntegerKernelsTests {
  /// The plain kernels, and those of this processor.
  static let levels: [ProcessorLevel] = [.baseline, .supported]

  @Test func takesItsOwnInstructionsWhereThereAreSome() {
    #expect(IntegerKernels.forLevel(.baseline).isPlain)
    #expect(IntegerKernels.forLevel(.avx512).isPlain == !Precision.hasIntegerProducts)
  }

  @Test func choosesIntegersOnlyWhereTheyAreFaster() {
    #expect(Precision.best(for: .baseline) == .float32)
    #expect(Precision.best(for: .avx2) == .float32)
    if !Precision.hasIntegerProducts { #expect(Precision.best(for: .supported) == .float32) }
  }

  /// Around the sizes of tiles and panels: words to a pixel, blocks of outputs, rows, width.
  static let sizes = [
    (16, 1, 1, 1), (16, 1, 1, 7), (32, 2, 3, 5), (16, 3, 2, 13), (48, 2, 1, 14), (32, 4, 3, 29),
    (64, 1, 4, 15), (16, 5, 7, 7),
  ]

  /// Sums that stay at their limits are among these: words hold all integers that there are.
  @Test(arguments: levels, sizes)
  func multipliesAndAddsLikeThePlainLoop(
    level: ProcessorLevel, size: (words: Int, outputBlocks: Int, rows: Int, width: Int)
  ) {
    let kernels = IntegerKernels.forLevel(level)
    var noise = Words(seed: 3)
    let (outputs, pixels) = (size.outputBlocks * channelsPerBlock, size.rows * size.width)
    let panels = (outputs + kernels.channelsPerPanel - 1) / kernels.channelsPerPanel
    let padded = panels * kernels.channelsPerPanel
    // Words by block of sixteen, with pixels behind the last one, which the kernel may read.
    let blockStride = (pixels + 16) * channelsPerBlock
    let input = noise.words(size.words / channelsPerBlock * blockStride)
    let weights = noise.words(padded * size.words)
    let scales = noise.fractions(padded).map { abs($0) * 1e-4 }
    let (bias, slopes) = (noise.fractions(padded), noise.fractions(padded))
    let offsets = (0..<(size.words / channelsPerBlock)).map { $0 * blockStride }
    for panelsOutermost in [false, true] {
      var output = [Float](repeating: .nan, count: outputs * pixels)
      withPointers(input, weights) { input, weights in
        kernels.convolveDensely(
          ConvolutionBlock(
            input: input, inputRowStride: size.width * channelsPerBlock,
            inputPixelStride: channelsPerBlock, segmentOffsets: offsets,
            segmentCount: offsets.count, segmentLength: channelsPerBlock, weights: weights,
            bias: bias, slopes: slopes, scales: scales, outputBlocks: size.outputBlocks,
            output: &output, outputBlockStride: pixels * channelsPerBlock,
            outputRowStride: size.width * channelsPerBlock, rows: size.rows, width: size.width,
            panelsOutermost: panelsOutermost))
      }
      var expected = output
      for channel in 0..<outputs {
        for pixel in 0..<pixels {
          var sum: Int32 = 0
          for word in 0..<size.words {
            let place = word / channelsPerBlock * blockStride + pixel * channelsPerBlock
            let x = input[place + word % channelsPerBlock]
            let panel = channel / kernels.channelsPerPanel
            let w = weights[
              (panel * size.words + word) * kernels.channelsPerPanel
                + channel % kernels.channelsPerPanel]
            let products = Int64(low(x)) * Int64(low(w)) + Int64(high(x)) * Int64(high(w))
            sum = Int32(clamping: Int64(sum) + products)
          }
          let value = Float(sum) * scales[channel] + bias[channel]
          expected[
            channel / channelsPerBlock * pixels * channelsPerBlock + pixel * channelsPerBlock
              + channel % channelsPerBlock] = value < 0 ? value * slopes[channel] : value
        }
      }
      let isSame = output == expected
      #expect(isSame)
    }
  }

  /// Height and width of a kernel, its stride; blocks of channels, rows and width of the output.
  static let windows = [
    (3, 3, 1, 1, 1, 1), (3, 3, 1, 3, 5, 67), (3, 3, 2, 2, 3, 9), (5, 2, 1, 1, 2, 7),
    (1, 1, 3, 5, 2, 4),
  ]

  @Test(arguments: levels, windows)
  func roundsLikeThePlainLoop(
    level: ProcessorLevel,
    item: (height: Int, width: Int, stride: Int, blocks: Int, rows: Int, columns: Int)
  ) {
    let kernels = IntegerKernels.forLevel(level)
    var noise = Words(seed: 5)
    let inputWidth = (item.columns - 1) * item.stride + item.width
    let inputHeight = (item.rows - 1) * item.stride + item.height
    let inputStride = inputWidth * inputHeight * channelsPerBlock
    let (channels, taps) = (item.blocks * channelsPerBlock, item.height * item.width)
    var input = noise.fractions(item.blocks * inputStride)
    input[0] = .nan
    input[input.count / 2] = .infinity
    input[input.count - 1] = -.infinity
    let weights = noise.fractions(channels * taps)
    let (bias, slopes) = (noise.fractions(channels), noise.fractions(channels))
    // Some channels are cut off often, others never.
    let scales = (0..<channels).map { Float([100, 9_000, 40_000][$0 % 3]) }
    let pairs = (item.blocks + 1) / 2
    let outputStride = item.rows * item.columns * channelsPerBlock
    var output = [Int32](repeating: 0, count: pairs * outputStride)
    output.withUnsafeMutableBytes { bytes in
      kernels.convolveDepthwise(
        DepthwiseBlock(
          input: input, inputBlockStride: inputStride,
          inputRowStride: inputWidth * channelsPerBlock, kernelHeight: item.height,
          kernelWidth: item.width, verticalStride: item.stride, horizontalStride: item.stride,
          weights: weights, bias: bias, slopes: slopes, scales: scales, blocks: item.blocks,
          output: bytes.assumingMemoryBound(to: Float.self).baseAddress!,
          outputBlockStride: outputStride, outputRowStride: item.columns * channelsPerBlock,
          rows: item.rows, width: item.columns))
    }
    var expected = [Int32](repeating: 0, count: output.count)
    for channel in 0..<channels {
      let (block, lane) = (channel / channelsPerBlock, channel % channelsPerBlock)
      for row in 0..<item.rows {
        for column in 0..<item.columns {
          var sum = bias[channel]
          for tap in 0..<taps {
            let line = row * item.stride + tap / item.width
            let place = line * inputWidth + column * item.stride + tap % item.width
            let x = input[block * inputStride + place * channelsPerBlock + lane]
            let weight = weights[(block * taps + tap) * channelsPerBlock + lane]
            sum = kernels.isPlain ? sum + x * weight : sum.addingProduct(x, weight)
          }
          let integer = rounded((sum < 0 ? sum * slopes[channel] : sum) * scales[channel])
          let place = (row * item.columns + column) * channelsPerBlock
          let word = channel / 32 * outputStride + place + channel % 32 / 2
          expected[word] |= (integer & 0xffff) << (channel % 2 * 16)
        }
      }
    }
    let isSame = output == expected
    #expect(isSame)
  }

  /// The nearest integer within the limits, ties to even; the lower limit for what is no number.
  private func rounded(_ value: Float) -> Int32 {
    let limit = Float(integerActivationLimit)
    return value > -limit ? Int32(min(value, limit).rounded(.toNearestOrEven)) : Int32(-limit)
  }

  private func low(_ word: Int32) -> Int16 { Int16(truncatingIfNeeded: word) }
  private func high(_ word: Int32) -> Int16 { Int16(word >> 16) }

  /// The kernels take words as floats.
  private func withPointers(
    _ first: [Int32], _ second: [Int32],
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    first.map { Float(bitPattern: UInt32(bitPattern: $0)) }.withUnsafeBufferPointer { first in
      second.map { Float(bitPattern: UInt32(bitPattern: $0)) }.withUnsafeBufferPointer { second in
        guard let first = first.baseAddress, let second = second.baseAddress else { return }
        body(first, second)
      }
    }
  }
}

/// Repeatable numbers.
private struct Words {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  private mutating func next() -> Int32 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int32(truncatingIfNeeded: state >> 32)
  }

  mutating func words(_ count: Int) -> [Int32] { (0..<count).map { _ in next() } }

  /// In −1…1.
  mutating func fractions(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(next()) / Float(Int32.max) }
  }
}
