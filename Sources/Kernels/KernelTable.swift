public import KernelTypes
internal import KernelsBaseline

#if arch(x86_64)
  internal import KernelsAVX2
  internal import KernelsAVX512
#endif

/// The kernels of one processor level.
///
/// Each runs on the calling thread, allocates nothing and trusts its block: whoever builds blocks
/// has checked every size.
@safe
public struct KernelTable: Sendable {
  public typealias Elementwise =
    @Sendable (
      _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ count: Int,
      _ output: UnsafeMutablePointer<Float>
    ) -> Void

  public let level: ProcessorLevel
  /// Output channels in a panel of ``ConvolutionBlock`` weights.
  public let channelsPerPanel: Int
  /// Output channels in a panel of ``FullyConnectedBlock`` weights.
  public let channelsPerFullyConnectedPanel: Int
  /// Floats in a vector register.
  public let lanes: Int

  public let convolveDensely: @Sendable (ConvolutionBlock) -> Void
  public let convolveDepthwise: @Sendable (DepthwiseBlock) -> Void
  /// A 3×3 kernel with stride 1, then the largest of each 2×2 results, which the block counts.
  public let convolveDepthwiseAndPool: @Sendable (DepthwiseBlock) -> Void
  public let transformWinogradInput: @Sendable (WinogradInputBlock) -> Void
  public let transformWinogradOutput: @Sendable (WinogradOutputBlock) -> Void
  public let multiplyFullyConnected: @Sendable (FullyConnectedBlock) -> Void
  public let poolMaximum: @Sendable (PoolingBlock) -> Void
  public let poolAverage: @Sendable (PoolingBlock) -> Void
  public let addElements: Elementwise
  public let multiplyElements: Elementwise
  /// Input, 16 slopes, a multiple of 16 floats, output.
  public let activateElements: Elementwise
  public let normalizeBytes:
    @Sendable (
      _ bytes: UnsafePointer<UInt8>, _ count: Int, _ mean: Float, _ scale: Float,
      _ output: UnsafeMutablePointer<Float>
    ) -> Void
  /// Values, how many.
  public let applyLogistic: @Sendable (UnsafeMutablePointer<Float>, Int) -> Void
  public let repeatPixels:
    @Sendable (
      _ input: UnsafePointer<Float>, _ count: Int, _ factor: Int,
      _ output: UnsafeMutablePointer<Float>
    ) -> Void

  /// Upper bounds of the products of queries and rows of 8-bit codes; ``IntegerKernels`` may have a
  /// faster one.
  let boundProducts: @Sendable (CodeScanBlock) -> Void

  /// Rounds, a factor: multiply-adds in registers, as fast as the processor can.
  public let multiplyInRegisters: @Sendable (Int, Float) -> Float
  public let operationsPerRound: Int
  /// Reads floats, a multiple of 128, as fast as the processor can.
  public let readThrough: @Sendable (UnsafePointer<Float>, Int) -> Float
  public let addRepeatedPixels:
    @Sendable (
      _ input: UnsafePointer<Float>, _ other: UnsafePointer<Float>, _ count: Int, _ factor: Int,
      _ output: UnsafeMutablePointer<Float>
    ) -> Void

  /// The kernels of `level`, or of the highest level below it that this processor has.
  public static func forLevel(_ level: ProcessorLevel) -> KernelTable {
    #if arch(x86_64)
      switch min(level, .supported) {
      case .baseline: baseline
      case .avx2: avx2
      case .avx512: avx512
      }
    #else
      baseline
    #endif
  }

  private static let baseline = unsafe KernelTable(
    level: .baseline, channelsPerPanel: KernelsBaseline.channelsPerPanel,
    channelsPerFullyConnectedPanel: KernelsBaseline.channelsPerFullyConnectedPanel,
    lanes: KernelsBaseline.lanes,
    convolveDensely: { unsafe KernelsBaseline.convolveDensely($0) },
    convolveDepthwise: { unsafe KernelsBaseline.convolveDepthwise($0) },
    convolveDepthwiseAndPool: { unsafe KernelsBaseline.convolveDepthwiseAndPool($0) },
    transformWinogradInput: { unsafe KernelsBaseline.transformWinogradInput($0) },
    transformWinogradOutput: { unsafe KernelsBaseline.transformWinogradOutput($0) },
    multiplyFullyConnected: { unsafe KernelsBaseline.multiplyFullyConnected($0) },
    poolMaximum: { unsafe KernelsBaseline.poolMaximum($0) },
    poolAverage: { unsafe KernelsBaseline.poolAverage($0) },
    addElements: { unsafe KernelsBaseline.addElements($0, $1, count: $2, output: $3) },
    multiplyElements: { unsafe KernelsBaseline.multiplyElements($0, $1, count: $2, output: $3) },
    activateElements: {
      unsafe KernelsBaseline.activateElements($0, slopes: $1, count: $2, output: $3)
    },
    normalizeBytes: {
      unsafe KernelsBaseline.normalizeBytes($0, count: $1, mean: $2, scale: $3, output: $4)
    },
    applyLogistic: { unsafe KernelsBaseline.applyLogistic($0, count: $1) },
    repeatPixels: { unsafe KernelsBaseline.repeatPixels($0, count: $1, factor: $2, output: $3) },
    boundProducts: { unsafe KernelsBaseline.boundProducts($0) },
    multiplyInRegisters: { KernelsBaseline.multiplyInRegisters(rounds: $0, factor: $1) },
    operationsPerRound: KernelsBaseline.operationsPerRound,
    readThrough: { unsafe KernelsBaseline.readThrough($0, count: $1) },
    addRepeatedPixels: {
      unsafe KernelsBaseline.addRepeatedPixels($0, to: $1, count: $2, factor: $3, output: $4)
    })

  #if arch(x86_64)
    private static let avx2 = unsafe KernelTable(
      level: .avx2, channelsPerPanel: KernelsAVX2.channelsPerPanel,
      channelsPerFullyConnectedPanel: KernelsAVX2.channelsPerFullyConnectedPanel,
      lanes: KernelsAVX2.lanes,
      convolveDensely: { unsafe KernelsAVX2.convolveDensely($0) },
      convolveDepthwise: { unsafe KernelsAVX2.convolveDepthwise($0) },
      convolveDepthwiseAndPool: { unsafe KernelsAVX2.convolveDepthwiseAndPool($0) },
      transformWinogradInput: { unsafe KernelsAVX2.transformWinogradInput($0) },
      transformWinogradOutput: { unsafe KernelsAVX2.transformWinogradOutput($0) },
      multiplyFullyConnected: { unsafe KernelsAVX2.multiplyFullyConnected($0) },
      poolMaximum: { unsafe KernelsAVX2.poolMaximum($0) },
      poolAverage: { unsafe KernelsAVX2.poolAverage($0) },
      addElements: { unsafe KernelsAVX2.addElements($0, $1, count: $2, output: $3) },
      multiplyElements: { unsafe KernelsAVX2.multiplyElements($0, $1, count: $2, output: $3) },
      activateElements: {
        unsafe KernelsAVX2.activateElements($0, slopes: $1, count: $2, output: $3)
      },
      normalizeBytes: {
        unsafe KernelsAVX2.normalizeBytes($0, count: $1, mean: $2, scale: $3, output: $4)
      },
      applyLogistic: { unsafe KernelsAVX2.applyLogistic($0, count: $1) },
      repeatPixels: { unsafe KernelsAVX2.repeatPixels($0, count: $1, factor: $2, output: $3) },
      boundProducts: { unsafe KernelsAVX2.boundProducts($0) },
      multiplyInRegisters: { KernelsAVX2.multiplyInRegisters(rounds: $0, factor: $1) },
      operationsPerRound: KernelsAVX2.operationsPerRound,
      readThrough: { unsafe KernelsAVX2.readThrough($0, count: $1) },
      addRepeatedPixels: {
        unsafe KernelsAVX2.addRepeatedPixels($0, to: $1, count: $2, factor: $3, output: $4)
      })

    private static let avx512 = unsafe KernelTable(
      level: .avx512, channelsPerPanel: KernelsAVX512.channelsPerPanel,
      channelsPerFullyConnectedPanel: KernelsAVX512.channelsPerFullyConnectedPanel,
      lanes: KernelsAVX512.lanes,
      convolveDensely: { unsafe KernelsAVX512.convolveDensely($0) },
      convolveDepthwise: { unsafe KernelsAVX512.convolveDepthwise($0) },
      convolveDepthwiseAndPool: { unsafe KernelsAVX512.convolveDepthwiseAndPool($0) },
      transformWinogradInput: { unsafe KernelsAVX512.transformWinogradInput($0) },
      transformWinogradOutput: { unsafe KernelsAVX512.transformWinogradOutput($0) },
      multiplyFullyConnected: { unsafe KernelsAVX512.multiplyFullyConnected($0) },
      poolMaximum: { unsafe KernelsAVX512.poolMaximum($0) },
      poolAverage: { unsafe KernelsAVX512.poolAverage($0) },
      addElements: { unsafe KernelsAVX512.addElements($0, $1, count: $2, output: $3) },
      multiplyElements: { unsafe KernelsAVX512.multiplyElements($0, $1, count: $2, output: $3) },
      activateElements: {
        unsafe KernelsAVX512.activateElements($0, slopes: $1, count: $2, output: $3)
      },
      normalizeBytes: {
        unsafe KernelsAVX512.normalizeBytes($0, count: $1, mean: $2, scale: $3, output: $4)
      },
      applyLogistic: { unsafe KernelsAVX512.applyLogistic($0, count: $1) },
      repeatPixels: { unsafe KernelsAVX512.repeatPixels($0, count: $1, factor: $2, output: $3) },
      boundProducts: { unsafe KernelsAVX512.boundProducts($0) },
      multiplyInRegisters: { KernelsAVX512.multiplyInRegisters(rounds: $0, factor: $1) },
      operationsPerRound: KernelsAVX512.operationsPerRound,
      readThrough: { unsafe KernelsAVX512.readThrough($0, count: $1) },
      addRepeatedPixels: {
        unsafe KernelsAVX512.addRepeatedPixels($0, to: $1, count: $2, factor: $3, output: $4)
      })
  #endif
}
