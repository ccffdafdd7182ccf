/// A frame of an animated WebP file as a still image, which is all that libwebp itself decodes.
///
/// The chunks are those of the WebP Container Specification, "Extended File Format".
struct WebPFrame {
  let x: Int
  let y: Int
  let width: Int
  let height: Int
  /// The frame as a WebP file of its own.
  let file: [UInt8]

  /// Cuts the first frame out of an animation; `nil` if there is none.
  init?(firstOf animation: RawSpan) {
    // The frame's chunk begins with its position, size, duration and flags: 16 bytes.
    guard
      let chunk = riffChunk("ANMF", animation, in: 12..<animation.byteCount), chunk.count > 16,
      let x = animation.littleEndian24(at: chunk.lowerBound),
      let y = animation.littleEndian24(at: chunk.lowerBound + 3),
      let lastColumn = animation.littleEndian24(at: chunk.lowerBound + 6),
      let lastRow = animation.littleEndian24(at: chunk.lowerBound + 9)
    else { return nil }
    (self.x, self.y) = (2 * x, 2 * y)
    (width, height) = (lastColumn + 1, lastRow + 1)
    let content = animation.extracting(chunk.lowerBound + 16..<chunk.upperBound)
    let mayHaveAlpha: UInt32 = 0x10
    var file = Array("RIFF".utf8)
    file.append(littleEndian: UInt32(4 + 18 + content.byteCount), byteCount: 4)
    file.append(contentsOf: "WEBPVP8X".utf8)
    file.append(littleEndian: 10, byteCount: 4)
    file.append(littleEndian: mayHaveAlpha, byteCount: 4)
    file.append(littleEndian: UInt32(lastColumn), byteCount: 3)
    file.append(littleEndian: UInt32(lastRow), byteCount: 3)
    unsafe content.withUnsafeBytes { unsafe file.append(contentsOf: $0) }
    self.file = file
  }
}

extension RawSpan {
  fileprivate func littleEndian24(at offset: Int) -> Int? {
    guard
      let low = byte(at: offset), let middle = byte(at: offset + 1), let high = byte(at: offset + 2)
    else { return nil }
    return Int(high) << 16 | Int(middle) << 8 | Int(low)
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt32, byteCount: Int) {
    for index in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
