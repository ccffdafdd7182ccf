/// What an image may cost; each limit is checked before the memory or the time is spent.
public struct DecodeLimits: Sendable, Equatable {
  /// The longest input, in bytes.
  public var byteLimit: Int
  /// The most pixels at full size, as the header states them, even if fewer are decoded.
  public var pixelLimit: Int
  /// The most scans of a JPEG; cameras and editors write about ten.
  ///
  /// Each costs a pass over the whole image, however few its bytes.
  public var scanLimit: Int
  /// The most bytes that one decode holds beside the input: pixels and what the codec keeps.
  public var workingByteLimit: Int

  /// Limits that admit every photograph of a present-day camera.
  ///
  /// - Parameters:
  ///   - byteLimit: 128 MiB.
  ///   - pixelLimit: 120 million, above the 108-megapixel sensors of telephones.
  ///   - scanLimit: 64.
  ///   - workingByteLimit: 1 GiB; 120 million pixels twice (read, then turned upright) take 0.7.
  public init(
    byteLimit: Int = 128 << 20, pixelLimit: Int = 120_000_000, scanLimit: Int = 64,
    workingByteLimit: Int = 1 << 30
  ) {
    self.byteLimit = byteLimit
    self.pixelLimit = pixelLimit
    self.scanLimit = scanLimit
    self.workingByteLimit = workingByteLimit
  }

  func checkPixels(width: Int, height: Int) throws(ImageError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= pixelLimit else {
      throw .tooLarge(width: width, height: height, pixelLimit: pixelLimit)
    }
  }

  func checkWorkingBytes(_ count: Int) throws(ImageError) {
    guard count <= workingByteLimit else {
      throw .needsTooMuchMemory(byteCount: count, limit: workingByteLimit)
    }
  }
}
