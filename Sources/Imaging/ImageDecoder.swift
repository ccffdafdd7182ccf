/// Reads image files of every supported format: bytes in, upright 8-bit RGB out.
///
/// Formats are told apart by content. Pixels are turned upright as EXIF says, transparent ones are
/// shown on white, and colour profiles are ignored, as by OpenCV, on which the networks were
/// trained. Of a file with several images the primary or first one is read.
///
/// Everything that a file claims about itself is checked against ``limits`` first. A file that is
/// cut short or broken gives an error, never an image with invented pixels; metadata that is
/// broken is left out.
public struct ImageDecoder: Sendable {
  public let limits: DecodeLimits

  public init(limits: DecodeLimits = DecodeLimits()) {
    self.limits = limits
  }

  /// Reads the headers alone.
  public func info(_ bytes: [UInt8]) throws(ImageError) -> ImageInfo {
    try withStoredImage(bytes) { _, info throws(ImageError) in info }
  }

  /// Reads the whole image.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - minimumLongSide: The longer side may come out smaller than stored, down to this many
  ///     pixels, which saves time and memory; `nil` for full size.
  /// - Returns: The upright image.
  /// - Throws: What is wrong with the content, or which limit it exceeds.
  /// - Precondition: `minimumLongSide` is positive.
  public func decode(
    _ bytes: [UInt8], minimumLongSide: Int? = nil
  ) throws(ImageError) -> DecodedImage {
    precondition(minimumLongSide.map { $0 > 0 } ?? true)
    return try withStoredImage(bytes) { stored, info throws(ImageError) in
      let longSide = max(info.width, info.height)
      let minimum = min(minimumLongSide ?? longSide, longSide)
      // A reduced side is rounded up, so it is long enough if it exceeds one pixel less.
      let minimumScale = minimum == longSide ? 1 : (Double(minimum) - 0.999) / Double(longSide)
      let whole = PixelRegion(x: 0, y: 0, width: info.storedWidth, height: info.storedHeight)
      let pixels = try stored.read(whole, minimumScale: minimumScale)
      return DecodedImage(
        info: info, image: try upright(pixels.image, info), scale: pixels.scale)
    }
  }

  /// Reads a part of the image, and of a JPEG hardly more than that part.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - region: Upright full-size pixels; what lies outside the image is ignored.
  ///   - minimumScale: The part may come out reduced, down to this many pixels for each full-size
  ///     pixel along a side; 1 for full size.
  /// - Returns: The part and where it lies.
  /// - Throws: What is wrong with the content, or which limit it exceeds.
  /// - Precondition: `minimumScale` is positive.
  public func decode(
    _ bytes: [UInt8], region: PixelRegion, minimumScale: Float
  ) throws(ImageError) -> DecodedRegion {
    precondition(minimumScale > 0)
    return try withStoredImage(bytes) { stored, info throws(ImageError) in
      guard let clipped = region.clipped(toWidth: info.width, height: info.height) else {
        throw .regionOutsideImage(region, width: info.width, height: info.height)
      }
      let pixels = try stored.read(
        info.orientation.storedRegion(
          clipped, storedWidth: info.storedWidth, storedHeight: info.storedHeight),
        minimumScale: Double(minimumScale))
      return DecodedRegion(
        image: try upright(pixels.image, info),
        region: info.orientation.uprightRegion(
          pixels.region, storedWidth: info.storedWidth, storedHeight: info.storedHeight),
        scale: pixels.scale)
    }
  }

  private func upright(_ image: Image, _ info: ImageInfo) throws(ImageError) -> Image {
    if info.orientation == .upright { return image }
    try limits.checkWorkingBytes(2 * image.pixels.count)
    return image.oriented(by: info.orientation)
  }

  /// Recognises the format and lets `body` use the codec while the bytes stay in place.
  private func withStoredImage<Result>(
    _ bytes: [UInt8], _ body: (any StoredImage, ImageInfo) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= limits.byteLimit else {
      throw .tooManyBytes(count: bytes.count, limit: limits.byteLimit)
    }
    guard let format = ImageFormat(recognizing: bytes) else { throw .unknownFormat }
    return try unsafe bytes.withUnsafeBufferPointer { bytes throws(ImageError) in
      let stored: any StoredImage =
        switch format {
        case .jpeg: unsafe try JPEGImage(bytes, limits: limits)
        case .png: unsafe try PNGImage(bytes, limits: limits)
        case .webp: unsafe try WebPImage(bytes, limits: limits)
        case .heic: unsafe try HEICImage(bytes, limits: limits)
        }
      let exif = stored.exif
      let info = ImageInfo(
        format: format, storedWidth: stored.width, storedHeight: stored.height,
        orientation: exif.orientation, captureTime: exif.captureTime, position: exif.position,
        cameraMake: exif.cameraMake, cameraModel: exif.cameraModel)
      return try body(stored, info)
    }
  }
}

/// A whole image as ``ImageDecoder`` reads it.
public struct DecodedImage: Sendable {
  public let info: ImageInfo
  /// Upright.
  public let image: Image
  /// Decoded pixels for each full-size pixel along a side, at most 1.
  ///
  /// Dividing decoded coordinates by it gives coordinates of the upright full-size image.
  public let scale: Float
}

/// A part of an image as ``ImageDecoder`` reads it.
public struct DecodedRegion: Sendable {
  /// Upright.
  public let image: Image
  /// The upright full-size pixels that `image` shows: all that was asked for, and perhaps a margin.
  public let region: PixelRegion
  /// Decoded pixels for each full-size pixel along a side, at most 1.
  public let scale: Float
}
