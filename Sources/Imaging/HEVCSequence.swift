/// What an HEVC sequence parameter set says about the pictures that follow it (ITU-T H.265, 7.3.2.2).
struct HEVCSequence {
  /// 0: grey alone, 1: 4:2:0, 2: 4:2:2, 3: 4:4:4.
  let chromaFormat: Int
  /// Luma samples in a row as coded, before cropping.
  let codedWidth: Int
  let codedHeight: Int
  /// Luma samples in a row as shown.
  let width: Int
  let height: Int
  let lumaBits: Int

  /// The type of a network abstraction layer unit that holds a parameter set (table 7-1).
  static let unitType: UInt8 = 33

  /// Reads a unit with its two-byte header; `nil` if the unit is too short or contradicts itself.
  init?(unit: RawSpan) {
    var bits = HEVCBits(unit)
    bits.skip(16 + 4)
    guard let subLayers = bits.read(3) else { return nil }
    bits.skip(1)
    guard bits.skipProfiles(subLayers: subLayers) else { return nil }
    guard bits.readGolomb() != nil, let chroma = bits.readGolomb(), chroma <= 3 else { return nil }
    if chroma == 3 { bits.skip(1) }
    guard
      let codedWidth = bits.readGolomb(), let codedHeight = bits.readGolomb(),
      codedWidth > 0, codedHeight > 0, let isCropped = bits.read(1)
    else { return nil }
    var crop = [0, 0, 0, 0]
    if isCropped == 1 {
      for index in crop.indices {
        guard let offset = bits.readGolomb(), offset < 1 << 16 else { return nil }
        crop[index] = offset
      }
    }
    guard let lumaBits = bits.readGolomb(), lumaBits <= 8 else { return nil }
    let horizontal = chroma == 1 || chroma == 2 ? 2 : 1
    let vertical = chroma == 1 ? 2 : 1
    chromaFormat = chroma
    self.codedWidth = codedWidth
    self.codedHeight = codedHeight
    width = codedWidth - horizontal * (crop[0] + crop[1])
    height = codedHeight - vertical * (crop[2] + crop[3])
    self.lumaBits = 8 + lumaBits
    guard width > 0, height > 0 else { return nil }
  }
}

/// Bits, the highest of a byte first, without the bytes that keep start codes from occurring.
private struct HEVCBits {
  private var bytes: [UInt8] = []
  private var position = 0

  /// More bytes than the fields that are read can take.
  private static let longestPrefix = 256

  init(_ unit: RawSpan) {
    var zeros = 0
    for offset in 0..<min(unit.byteCount, Self.longestPrefix) {
      let byte = unit.unsafeLoadByte(offset)
      if zeros >= 2 && byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      bytes.append(byte)
    }
  }

  mutating func skip(_ count: Int) { position += count }

  /// An unsigned number of `count` bits; `nil` beyond the end.
  mutating func read(_ count: Int) -> Int? {
    guard position + count <= 8 * bytes.count else { return nil }
    var value = 0
    for _ in 0..<count {
      value = value << 1 | Int(bytes[position / 8] >> (7 - position % 8) & 1)
      position += 1
    }
    return value
  }

  /// An unsigned number in Exponential-Golomb code (9.2), of at most 31 bits.
  mutating func readGolomb() -> Int? {
    var zeros = 0
    while let bit = read(1), bit == 0 { zeros += 1 }
    guard zeros < 32, let rest = read(zeros) else { return nil }
    return 1 << zeros - 1 + rest
  }

  /// Skips the structure of 7.3.3; `false` beyond the end.
  mutating func skipProfiles(subLayers: Int) -> Bool {
    skip(88 + 8)
    var bitCount = 0
    for _ in 0..<subLayers {
      guard let hasProfile = read(1), let hasLevel = read(1) else { return false }
      bitCount += 88 * hasProfile + 8 * hasLevel
    }
    if subLayers > 0 { skip(2 * (8 - subLayers) + bitCount) }
    return true
  }
}
