internal import CPNG

/// A PNG file behind libpng, which expands every kind of pixel to 8-bit RGB or RGBA.
///
/// Gamma and colour profiles are ignored, as they are by OpenCV, on which the networks were
/// trained. Transparent pixels are shown on white.
@safe
final class PNGImage: StoredImage {
  let width: Int
  let height: Int
  let exif: ExifFacts
  private let reader: UnsafeMutablePointer<figured_png_reader>
  private let limits: DecodeLimits

  /// libpng's own default, ten times the longest side of any camera's picture.
  private static let sideLimit: UInt32 = 1_000_000

  /// The longest chunk kept in memory, in bytes; only palettes and their transparency are kept.
  private static let chunkLimit = 64 << 10

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: DecodeLimits) throws(ImageError) {
    let reader = UnsafeMutablePointer<figured_png_reader>.allocate(capacity: 1)
    unsafe reader.initialize(to: figured_png_reader())
    unsafe self.reader = unsafe reader
    self.limits = limits
    let succeeded = unsafe figured_png_open(
      reader, bytes.baseAddress, bytes.count, Self.sideLimit, Self.chunkLimit)
    width = Int(unsafe png_get_image_width(reader.pointee.png, reader.pointee.info))
    height = Int(unsafe png_get_image_height(reader.pointee.png, reader.pointee.info))
    exif = unsafe ExifFacts(.png, RawSpan(_unsafeElements: bytes))
    guard succeeded != 0 else { throw failure(decodedRows: 0) }
    try limits.checkPixels(width: width, height: height)
  }

  deinit {
    unsafe figured_png_close(reader)
    unsafe reader.deallocate()
  }

  func read(_ region: PixelRegion, minimumScale: Double) throws(ImageError) -> StoredPixels {
    let interlaced =
      unsafe png_get_interlace_type(reader.pointee.png, reader.pointee.info) != PNG_INTERLACE_NONE
    var collector = RowCollector(region, minimumScale: minimumScale, width: width, height: height)
    guard unsafe figured_png_start(reader) != 0 else { throw failure(decodedRows: 0) }
    let channels = Int(unsafe png_get_channels(reader.pointee.png, reader.pointee.info))
    let rowBytes = channels * width
    let wholeBytes = 3 * width * height
    if !interlaced && channels == 3 && collector.keepsAll {
      try limits.checkWorkingBytes(wholeBytes)
      let pixels = try [UInt8](capacity: wholeBytes) { pixels throws(ImageError) in
        for y in 0..<height { try readRow(y, byteCount: rowBytes, into: &pixels) }
      }
      return StoredPixels(
        image: Image(width: width, height: height, pixels: pixels), region: region, scale: 1)
    }
    try limits.checkWorkingBytes(collector.byteCount + (interlaced ? rowBytes * height : rowBytes))
    if interlaced {
      let rows = try readInterlaced(rowBytes: rowBytes)
      for y in 0..<collector.lastRow {
        collector.append(rows.span.extracting(y * rowBytes..<(y + 1) * rowBytes))
      }
    } else {
      for y in 0..<collector.lastRow {
        let row = try [UInt8](capacity: rowBytes) { row throws(ImageError) in
          try readRow(y, byteCount: rowBytes, into: &row)
        }
        collector.append(row.span)
      }
    }
    return collector.finish()
  }

  /// Appends row `y`, the next one.
  private func readRow(
    _ y: Int, byteCount: Int, into rows: inout OutputSpan<UInt8>
  ) throws(ImageError) {
    precondition(rows.freeCapacity >= byteCount)
    let succeeded = unsafe rows.withUnsafeMutableBufferPointer { buffer, initializedCount in
      let free = unsafe buffer.baseAddress.map { unsafe $0 + initializedCount }
      initializedCount += byteCount
      return unsafe figured_png_read_rows(reader, free, byteCount, 1)
    }
    guard succeeded != 0 else { throw failure(decodedRows: y) }
  }

  /// Reads the seven passes, each of which adds pixels to all rows.
  private func readInterlaced(rowBytes: Int) throws(ImageError) -> [UInt8] {
    var rows = [UInt8](repeating: 0, count: rowBytes * height)
    for _ in 0..<PNG_INTERLACE_ADAM7_PASSES {
      let succeeded = unsafe rows.withUnsafeMutableBufferPointer { rows in
        unsafe figured_png_read_rows(reader, rows.baseAddress, rowBytes, UInt32(height))
      }
      guard succeeded != 0 else { throw failure(decodedRows: 0) }
    }
    return rows
  }

  /// What the codec's last failure was.
  private func failure(decodedRows: Int) -> ImageError {
    if unsafe reader.pointee.reached_end != 0 {
      return .truncated(.png, decodedRows: decodedRows, rows: height)
    }
    return .corrupt(.png, reason: unsafe String(cString: figured_png_message(reader)))
  }
}
