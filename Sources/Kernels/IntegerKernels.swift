internal import KernelsInt16
public import KernelTypes

#if arch(x86_64)
  internal import KernelsInt16VNNI
#endif

/// The kernels for products of 16-bit integers.
///
/// A depthwise convolution rounds what it makes of floats, and the pointwise one behind it makes floats
/// again of integers. Given the same integers, the latter's results are the same to the last bit on
/// every processor.
@safe
public struct IntegerKernels: Sendable {
  /// Whether these are the plain ones, which are there to compare with.
  public let isPlain: Bool
  /// Output channels in a panel of ``ConvolutionBlock`` weights.
  public let channelsPerPanel: Int

  public let convolveDensely: @Sendable (ConvolutionBlock) -> Void
  public let convolveDepthwise: @Sendable (DepthwiseBlock) -> Void
  /// Upper bounds of the products of queries and rows of 8-bit codes.
  public let boundProducts: @Sendable (CodeScanBlock) -> Void

  /// The kernels for a level: with instructions made for it where there are any.
  public static func forLevel(_ level: ProcessorLevel) -> IntegerKernels {
    #if arch(x86_64)
      if level >= .avx512 && Precision.hasIntegerProducts { return vnni }
    #endif
    return plain(level)
  }

  private static func plain(_ level: ProcessorLevel) -> IntegerKernels {
    unsafe IntegerKernels(
      isPlain: true, channelsPerPanel: KernelsInt16.channelsPerPanel,
      convolveDensely: { unsafe KernelsInt16.convolveDensely($0) },
      convolveDepthwise: { unsafe KernelsInt16.convolveDepthwise($0) },
      boundProducts: KernelTable.forLevel(level).boundProducts)
  }

  #if arch(x86_64)
    private static let vnni = unsafe IntegerKernels(
      isPlain: false, channelsPerPanel: KernelsInt16VNNI.channelsPerPanel,
      convolveDensely: { unsafe KernelsInt16VNNI.convolveDensely($0) },
      convolveDepthwise: { unsafe KernelsInt16VNNI.convolveDepthwise($0) },
      boundProducts: { unsafe KernelsInt16VNNI.boundProducts($0) })
  #endif
}
