internal import CJPEG

/// A JPEG file behind libjpeg-turbo, at its defaults: the accurate DCT and smooth chroma.
@safe
final class JPEGImage: StoredImage {
  let width: Int
  let height: Int
  let exif: ExifFacts
  private let reader: UnsafeMutablePointer<figured_jpeg_reader>
  private let limits: DecodeLimits

  /// The eighths of full size at which libjpeg-turbo has vector code for the DCT.
  ///
  /// Of a photograph of 12 megapixels, 1, 2, 4 and 8 eighths took 47, 54, 71 and 95 ms; 3 took as
  /// long as 4, and 5, 6 and 7 took 138, 129 and 176 (libjpeg-turbo 2.1.5, AVX2).
  private static let quickEighths = [1, 2, 4, 8]

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: DecodeLimits) throws(ImageError) {
    let reader = UnsafeMutablePointer<figured_jpeg_reader>.allocate(capacity: 1)
    unsafe reader.initialize(to: figured_jpeg_reader())
    unsafe self.reader = unsafe reader
    self.limits = limits
    let succeeded = unsafe figured_jpeg_read_header(
      reader, bytes.baseAddress, bytes.count, Int32(clamping: limits.scanLimit))
    width = Int(unsafe reader.pointee.codec.image_width)
    height = Int(unsafe reader.pointee.codec.image_height)
    exif = unsafe ExifFacts(.jpeg, RawSpan(_unsafeElements: bytes))
    guard succeeded != 0 else { throw failure() }
    try limits.checkPixels(width: width, height: height)
  }

  deinit {
    unsafe figured_jpeg_close(reader)
    unsafe reader.deallocate()
  }

  func read(_ region: PixelRegion, minimumScale: Double) throws(ImageError) -> StoredPixels {
    let eighths = Self.quickEighths.first { Double($0) >= 8 * minimumScale } ?? 8
    let window = JPEGWindow(region, eighths: eighths, width: width, height: height)
    try limits.checkWorkingBytes(
      3 * window.decoded.width * window.decoded.height + coefficientBytes)
    let colors = try chooseColors()
    unsafe reader.pointee.codec.scale_num = UInt32(eighths)
    unsafe reader.pointee.codec.scale_denom = 8
    guard unsafe figured_jpeg_start(reader) != 0 else { throw failure() }
    // What is read below is laid out by these sizes.
    precondition(
      unsafe Int(reader.pointee.codec.output_width) == (width * eighths + 7) / 8
        && Int(reader.pointee.codec.output_height) == (height * eighths + 7) / 8
        && reader.pointee.codec.output_components == (colors == .rgb ? 3 : 4),
      "libjpeg rounds a reduced side up")
    let pixels = try [UInt8](
      capacity: 3 * window.decoded.width * window.decoded.height
    ) { pixels throws(ImageError) in
      if window.isWhole && colors == .rgb {
        try readRows(window.decoded.height, stride: 3 * window.decoded.width, into: &pixels)
      } else {
        try readWindow(window.decoded, colors: colors, into: &pixels)
      }
    }
    return StoredPixels(
      image: Image(width: window.decoded.width, height: window.decoded.height, pixels: pixels),
      region: window.covered, scale: Float(eighths) / 8)
  }

  /// What libjpeg hands out for each pixel.
  private enum Colors { case rgb, cmyk, invertedCMYK }

  private func chooseColors() throws(ImageError) -> Colors {
    switch unsafe reader.pointee.codec.jpeg_color_space {
    case JCS_CMYK, JCS_YCCK:
      unsafe reader.pointee.codec.out_color_space = JCS_CMYK
      // Adobe's programs store ink upside down and say who they are.
      return unsafe reader.pointee.codec.saw_Adobe_marker != 0 ? .invertedCMYK : .cmyk
    case JCS_GRAYSCALE, JCS_RGB, JCS_YCbCr:
      unsafe reader.pointee.codec.out_color_space = JCS_RGB
      return .rgb
    default:
      let count = unsafe reader.pointee.codec.num_components
      throw .unsupported(.jpeg, reason: "\(count) colour components of unknown meaning")
    }
  }

  /// The memory libjpeg takes to gather coefficients from several scans: two bytes each.
  private var coefficientBytes: Int {
    guard unsafe jpeg_has_multiple_scans(&reader.pointee.codec) != 0 else { return 0 }
    let count = Int(unsafe reader.pointee.codec.num_components)
    return (0..<count).reduce(0) { sum, index in
      let component = unsafe reader.pointee.codec.comp_info[index]
      return unsafe sum + 128 * Int(component.width_in_blocks + 16)
        * Int(component.height_in_blocks + 16)
    }
  }

  /// Appends whole rows of `stride` bytes as libjpeg hands them out.
  private func readRows(
    _ count: Int, stride: Int, into rows: inout OutputSpan<UInt8>
  ) throws(ImageError) {
    precondition(rows.freeCapacity >= stride * count)
    let succeeded = unsafe rows.withUnsafeMutableBufferPointer { buffer, initializedCount in
      let free = unsafe buffer.baseAddress.map { unsafe $0 + initializedCount }
      initializedCount += stride * count
      return unsafe figured_jpeg_read_rows(reader, free, stride, UInt32(count))
    }
    guard succeeded != 0 else { throw failure() }
  }

  /// Appends the rows and columns of `window`, in decoded pixels, with ink converted to light.
  private func readWindow(
    _ window: PixelRegion, colors: Colors, into pixels: inout OutputSpan<UInt8>
  ) throws(ImageError) {
    var left = UInt32(max(0, window.x - JPEGWindow.margin))
    let outputWidth = unsafe reader.pointee.codec.output_width
    var rowWidth = min(outputWidth, UInt32(window.right + JPEGWindow.margin)) - left
    if rowWidth < outputWidth {
      guard unsafe figured_jpeg_crop(reader, &left, &rowWidth) != 0 else { throw failure() }
    }
    if window.y > 0 {
      guard unsafe figured_jpeg_skip(reader, UInt32(window.y)) != 0 else { throw failure() }
    }
    let components = colors == .rgb ? 3 : 4
    let start = components * (window.x - Int(left))
    let wanted = start..<start + components * window.width
    var row: [UInt8] = []
    for _ in 0..<window.height {
      row = try [UInt8](capacity: components * Int(rowWidth)) { row throws(ImageError) in
        try readRows(1, stride: row.capacity, into: &row)
      }
      if colors == .rgb {
        for index in wanted { pixels.append(row[index]) }
      } else {
        for pixel in stride(from: wanted.lowerBound, to: wanted.upperBound, by: 4) {
          let black = light(row[pixel + 3], colors)
          for channel in 0..<3 {
            pixels.append(UInt8((light(row[pixel + channel], colors) * black + 127) / 255))
          }
        }
      }
    }
  }

  /// How much light an ink value lets through, in 0…255.
  private func light(_ value: UInt8, _ colors: Colors) -> UInt32 {
    UInt32(colors == .invertedCMYK ? value : 255 - value)
  }

  /// What the codec's last failure was.
  private func failure() -> ImageError {
    if unsafe reader.pointee.too_many_scans != 0 { return .tooManyScans(limit: limits.scanLimit) }
    if unsafe reader.pointee.reached_end != 0 {
      let decoded = Int(unsafe reader.pointee.codec.output_scanline)
      let eighths = max(1, Int(unsafe reader.pointee.codec.scale_num))
      return .truncated(.jpeg, decodedRows: min(height, decoded * 8 / eighths), rows: height)
    }
    let reason = unsafe String(cString: figured_jpeg_message(reader))
    switch unsafe J_MESSAGE_CODE(UInt32(bitPattern: reader.pointee.errors.msg_code)) {
    case JERR_BAD_PRECISION, JERR_SOF_UNSUPPORTED, JERR_ARITH_NOTIMPL, JERR_CONVERSION_NOTIMPL:
      return .unsupported(.jpeg, reason: reason)
    default:
      return .corrupt(.jpeg, reason: reason)
    }
  }
}
