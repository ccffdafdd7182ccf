/// Finds the EXIF block of a file, from its TIFF header on; `nil` if there is none.
///
/// HEIC is not among the formats: its codec finds the block.
func exifBlock(_ format: ImageFormat, _ file: RawSpan) -> Range<Int>? {
  switch format {
  case .jpeg: exifSegment(ofJPEG: file)
  case .png: chunk("eXIf", ofPNG: file)
  case .webp:
    // Some writers repeat the marker that JPEG puts before the block.
    riffChunk("EXIF", file, in: 12..<file.byteCount).map { chunk in
      file.has("Exif\0\0", at: chunk.lowerBound) ? chunk.dropFirst(6) : chunk
    }
  case .heic: nil
  }
}

/// The APP1 segment of a JPEG file that begins with `Exif` (EXIF 2.32, section 4.7.2).
private func exifSegment(ofJPEG file: RawSpan) -> Range<Int>? {
  var position = 2
  while let marker = file.byte(at: position + 1), file.byte(at: position) == 0xFF {
    if marker == 0xFF {  // padding before a marker
      position += 1
      continue
    }
    // The header ends with the first scan; markers without a length do not occur in it.
    guard marker != 0xDA, let length = file.bigEndian16(at: position + 2), length >= 2 else {
      return nil
    }
    let content = position + 4..<position + 2 + length
    guard content.upperBound <= file.byteCount else { return nil }
    if marker == 0xE1, content.count > 6, file.has("Exif\0\0", at: content.lowerBound) {
      return content.dropFirst(6)
    }
    position = content.upperBound
  }
  return nil
}

/// The content of a PNG file's chunk, which may also follow the pixels (PNG 1.2, section 3.2).
private func chunk(_ type: StaticString, ofPNG file: RawSpan) -> Range<Int>? {
  var position = 8
  while let length = file.bigEndian32(at: position) {
    let content = position + 8..<position + 8 + length
    guard content.upperBound <= file.byteCount else { return nil }
    if file.has(type, at: position + 4) { return content }
    position = content.upperBound + 4
  }
  return nil
}

/// The content of the first chunk of a RIFF file with the given type, among those in `range`.
func riffChunk(_ type: StaticString, _ file: RawSpan, in range: Range<Int>) -> Range<Int>? {
  var position = range.lowerBound
  while let length = file.littleEndian32(at: position + 4) {
    let content = position + 8..<position + 8 + length
    guard content.upperBound <= range.upperBound else { return nil }
    if file.has(type, at: position) { return content }
    position = content.upperBound + length % 2
  }
  return nil
}

extension RawSpan {
  /// The byte at `offset`; `nil` beyond the end.
  func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < byteCount ? unsafeLoadByte(offset) : nil
  }

  /// The byte at `offset`, which is checked to lie inside.
  func unsafeLoadByte(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  func bigEndian16(at offset: Int) -> Int? {
    guard let high = byte(at: offset), let low = byte(at: offset + 1) else { return nil }
    return Int(high) << 8 | Int(low)
  }

  func bigEndian32(at offset: Int) -> Int? {
    guard let high = bigEndian16(at: offset), let low = bigEndian16(at: offset + 2) else {
      return nil
    }
    return high << 16 | low
  }

  func littleEndian32(at offset: Int) -> Int? {
    bigEndian32(at: offset).map { Int(UInt32($0).byteSwapped) }
  }

  /// Whether the bytes of `text` are at `offset`.
  func has(_ text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { text in
      text.indices.allSatisfy { unsafe byte(at: offset + $0) == text[$0] }
    }
  }
}

extension Range<Int> {
  fileprivate func dropFirst(_ count: Int) -> Range<Int> {
    Swift.min(lowerBound + count, upperBound)..<upperBound
  }
}
