internal import CWebP

/// A WebP file behind libwebp; of an animation, the first frame on a white canvas.
///
/// Transparent pixels are shown on white.
@safe
final class WebPImage: StoredImage {
  let width: Int
  let height: Int
  let exif: ExifFacts
  private let bytes: UnsafeBufferPointer<UInt8>
  private let hasAlpha: Bool
  private let isLossless: Bool
  private let firstFrame: WebPFrame?
  private let limits: DecodeLimits

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: DecodeLimits) throws(ImageError) {
    var features = WebPBitstreamFeatures()
    let status = unsafe WebPGetFeatures(bytes.baseAddress, bytes.count, &features)
    guard status == VP8_STATUS_OK else { throw webPError(status, rows: 0) }
    width = Int(features.width)
    height = Int(features.height)
    try limits.checkPixels(width: width, height: height)
    unsafe self.bytes = unsafe bytes
    hasAlpha = features.has_alpha != 0
    isLossless = features.format != 1
    self.limits = limits
    let file = unsafe RawSpan(_unsafeElements: bytes)
    exif = ExifFacts(.webp, file)
    if features.has_animation != 0 {
      guard let frame = WebPFrame(firstOf: file) else {
        throw .corrupt(.webp, reason: "an animation without a first frame")
      }
      guard frame.x + frame.width <= width, frame.y + frame.height <= height else {
        throw .corrupt(.webp, reason: "the first frame reaches beyond the canvas")
      }
      firstFrame = frame
    } else {
      firstFrame = nil
    }
  }

  func read(_ region: PixelRegion, minimumScale: Double) throws(ImageError) -> StoredPixels {
    let isWhole = region.width == width && region.height == height
    if isWhole && minimumScale < 1 && firstFrame == nil {
      return try readScaled(minimumScale, region)
    }
    var collector = RowCollector(region, minimumScale: minimumScale, width: width, height: height)
    let canvasBytes = (hasAlpha ? 4 : 3) * width * height
    try limits.checkWorkingBytes(
      codecBytes + canvasBytes + (collector.keepsAll ? 0 : collector.byteCount))
    let pixels =
      if let firstFrame { try readCanvas(firstFrame) } else {
        unsafe try decodeWebP(bytes, width: width, height: height, hasAlpha: hasAlpha)
      }
    if collector.keepsAll {
      return StoredPixels(
        image: Image(width: width, height: height, pixels: pixels), region: region, scale: 1)
    }
    for y in 0..<collector.lastRow {
      collector.append(pixels.span.extracting(3 * width * y..<3 * width * (y + 1)))
    }
    return collector.finish()
  }

  /// What libwebp holds while it decodes: a lossless image whole, or the alpha of a lossy one.
  private var codecBytes: Int { (isLossless ? 4 : hasAlpha ? 2 : 0) * width * height }

  /// Lets libwebp reduce while it decodes.
  private func readScaled(
    _ scale: Double, _ region: PixelRegion
  ) throws(ImageError) -> StoredPixels {
    let scaledWidth = max(1, Int((Double(width) * scale).rounded(.up)))
    let scaledHeight = max(1, Int((Double(height) * scale).rounded(.up)))
    try limits.checkWorkingBytes(codecBytes + 7 * scaledWidth * scaledHeight)
    let pixels = unsafe try decodeWebP(
      bytes, width: scaledWidth, height: scaledHeight, hasAlpha: hasAlpha, isReduced: true)
    return StoredPixels(
      image: Image(width: scaledWidth, height: scaledHeight, pixels: pixels), region: region,
      scale: Float(max(scaledWidth, scaledHeight)) / Float(max(width, height)))
  }

  private func readCanvas(_ frame: WebPFrame) throws(ImageError) -> [UInt8] {
    let pixels = unsafe try frame.file.withUnsafeBufferPointer { file throws(ImageError) in
      unsafe try decodeWebP(file, width: frame.width, height: frame.height, hasAlpha: true)
    }
    if frame.width == width && frame.height == height { return pixels }
    var canvas = [UInt8](repeating: 255, count: 3 * width * height)
    for y in 0..<frame.height {
      let start = 3 * ((frame.y + y) * width + frame.x)
      canvas.replaceSubrange(
        start..<start + 3 * frame.width,
        with: pixels[3 * frame.width * y..<3 * frame.width * (y + 1)])
    }
    return canvas
  }
}

/// Decodes a still image to RGB.
///
/// `isReduced` says that `width` and `height` are smaller than those of the file.
private func decodeWebP(
  _ bytes: UnsafeBufferPointer<UInt8>, width: Int, height: Int, hasAlpha: Bool,
  isReduced: Bool = false
) throws(ImageError) -> [UInt8] {
  var config = unsafe WebPDecoderConfig()
  guard unsafe WebPInitDecoderConfig(&config) != 0 else {
    throw .unsupported(.webp, reason: "libwebp has another version than its headers")
  }
  unsafe config.options.use_scaling = isReduced ? 1 : 0
  unsafe config.options.scaled_width = Int32(width)
  unsafe config.options.scaled_height = Int32(height)
  unsafe config.output.colorspace = hasAlpha ? MODE_RGBA : MODE_RGB
  unsafe config.output.is_external_memory = 1
  let channels = hasAlpha ? 4 : 3
  let pixels = try [UInt8](capacity: channels * width * height) { pixels throws(ImageError) in
    let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer, initializedCount in
      unsafe config.output.u.RGBA.rgba = buffer.baseAddress
      unsafe config.output.u.RGBA.stride = Int32(channels * width)
      unsafe config.output.u.RGBA.size = buffer.count
      initializedCount = buffer.count
      return unsafe WebPDecode(bytes.baseAddress, bytes.count, &config)
    }
    guard status == VP8_STATUS_OK else { throw webPError(status, rows: height) }
  }
  guard hasAlpha else { return pixels }
  var rgb = [UInt8](repeating: 0, count: 3 * width * height)
  var target = rgb.mutableSpan
  compositeOverWhite(pixels.span, into: &target)
  return rgb
}

private func webPError(_ status: VP8StatusCode, rows: Int) -> ImageError {
  switch status {
  case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED:
    .truncated(.webp, decodedRows: 0, rows: rows)
  case VP8_STATUS_UNSUPPORTED_FEATURE: .unsupported(.webp, reason: "an unknown feature is used")
  case VP8_STATUS_OUT_OF_MEMORY: .unsupported(.webp, reason: "libwebp finds too little memory")
  default: .corrupt(.webp, reason: "the bit stream is invalid")
  }
}
