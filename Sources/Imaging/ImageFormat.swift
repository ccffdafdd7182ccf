/// A format that ``ImageDecoder`` reads, recognised by its first bytes and never by a file's name.
public enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg
  case png
  case webp
  case heic

  /// The brands of ISO/IEC 23008-12 that stand for pictures coded with HEVC.
  private static let heicBrands: [StaticString] = [
    "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1",
  ]

  /// The most bytes that ``init(recognizing:)`` looks at.
  public static let signatureLength = 12

  /// Recognises a format by the first ``signatureLength`` bytes; `nil` for any other content.
  public init?(recognizing bytes: [UInt8]) {
    func has(_ text: StaticString, at offset: Int) -> Bool {
      bytes.count >= offset + text.utf8CodeUnitCount
        && text.withUTF8Buffer { text in
          unsafe text.elementsEqual(bytes[offset..<offset + text.count])
        }
    }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if has("RIFF", at: 0), has("WEBP", at: 8) {
      self = .webp
    } else if has("ftyp", at: 4), Self.heicBrands.contains(where: { has($0, at: 8) }) {
      self = .heic
    } else {
      return nil
    }
  }
}
