internal import CEXIF

/// A parsed TIFF structure behind libexif.
///
/// Entries are found by directory and tag number (EXIF 2.32, sections 4.6.4 to 4.6.6).
@safe
struct ExifData: ~Copyable {
  private let data: UnsafeMutablePointer<CEXIF.ExifData>

  /// libexif reads no more: the length of the one JPEG segment that EXIF was made for.
  private static let longestBlock = 65_533

  /// Parses a block that begins with the TIFF header; `nil` if libexif refuses it.
  init?(block: RawSpan) {
    var bytes = Array("Exif\0\0".utf8)
    for offset in 0..<min(block.byteCount, Self.longestBlock - bytes.count) {
      bytes.append(block.unsafeLoadByte(offset))
    }
    guard let data = unsafe exif_data_new_from_data(bytes, UInt32(bytes.count)) else { return nil }
    unsafe self.data = unsafe data
  }

  deinit { unsafe exif_data_unref(data) }

  /// An integer of one value.
  func integer(_ directory: ExifIfd, _ tag: UInt32) -> Int? {
    guard let entry = entry(directory, tag) else { return nil }
    switch (entry.format, entry.bytes.count) {
    case (EXIF_FORMAT_SHORT, 2): return unsafe Int(exif_get_short(entry.bytes, order))
    case (EXIF_FORMAT_LONG, 4): return unsafe Int(exif_get_long(entry.bytes, order))
    default: return nil
    }
  }

  /// Fractions of unsigned integers; `nil` if one has no denominator.
  func rationals(_ directory: ExifIfd, _ tag: UInt32) -> [Double]? {
    guard
      let entry = entry(directory, tag), entry.format == EXIF_FORMAT_RATIONAL,
      entry.bytes.count % 8 == 0
    else { return nil }
    var values: [Double] = []
    for start in stride(from: 0, to: entry.bytes.count, by: 8) {
      let value = unsafe exif_get_rational(Array(entry.bytes[start..<start + 8]), order)
      guard value.denominator != 0 else { return nil }
      values.append(Double(value.numerator) / Double(value.denominator))
    }
    return values
  }

  /// Text up to its first zero byte, without white space around it; `nil` if nothing is left.
  ///
  /// Control characters are dropped, bytes that are not UTF-8 replaced, and the length bounded,
  /// because the text goes to logs and clients.
  func text(_ directory: ExifIfd, _ tag: UInt32) -> String? {
    guard let entry = entry(directory, tag), entry.format == EXIF_FORMAT_ASCII else { return nil }
    let characters = String(decoding: entry.bytes.prefix { $0 != 0 }, as: UTF8.self)
      .unicodeScalars.filter { $0.properties.generalCategory != .control }
    let words = String(String.UnicodeScalarView(characters)).split(separator: " ")
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  private var order: ExifByteOrder { unsafe exif_data_get_byte_order(data) }

  private struct Entry {
    let format: ExifFormat
    let bytes: [UInt8]
  }

  /// No value we read is longer than this many bytes.
  private static let longestValue = 256

  private func entry(_ directory: ExifIfd, _ tag: UInt32) -> Entry? {
    let directories = unsafe [
      data.pointee.ifd.0, data.pointee.ifd.1, data.pointee.ifd.2, data.pointee.ifd.3,
      data.pointee.ifd.4,
    ]
    guard
      let content = unsafe directories[Int(directory.rawValue)],
      let entry = unsafe exif_content_get_entry(content, ExifTag(tag)),
      let bytes = unsafe entry.pointee.data
    else { return nil }
    let count = min(Int(unsafe entry.pointee.size), Self.longestValue)
    return unsafe Entry(
      format: entry.pointee.format,
      bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
  }
}
