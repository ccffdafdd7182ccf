/// A kind of video file, told by its first bytes.
///
/// The raw value is what FFmpeg's demuxer is called, and what stands for the format in answers.
public enum VideoContainer: String, Sendable, CaseIterable {
  case mp4, matroska, avi, mpegts, mpeg, flv, ogg, asf

  /// Bytes that ``init(header:)`` wants to see.
  public static let headerLength = 1024

  /// Brands after `ftyp` that stand for pictures rather than videos.
  private static let pictureBrands: Set<String> = [
    "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis",
  ]

  /// Recognises a file; `nil` if it is nothing that is known to hold a video.
  ///
  /// - Parameter header: The first ``headerLength`` bytes, or all if there are fewer.
  public init?(header: [UInt8]) {
    func has(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
      header.count >= offset + bytes.count
        && header[offset..<offset + bytes.count].elementsEqual(bytes)
    }
    func has(_ text: String, at offset: Int = 0) -> Bool { has(Array(text.utf8), at: offset) }
    let boxes = ["ftyp", "moov", "mdat", "wide", "free", "skip"]
    if boxes.contains(where: { has($0, at: 4) }) {
      let brand = String(decoding: header.dropFirst(8).prefix(4), as: UTF8.self)
      if has("ftyp", at: 4), Self.pictureBrands.contains(brand) { return nil }
      self = .mp4
    } else if has([0x1A, 0x45, 0xDF, 0xA3]) {
      self = .matroska
    } else if has("RIFF"), has("AVI ", at: 8) {
      self = .avi
    } else if has([0x47]), has([0x47], at: 188), has([0x47], at: 376) {
      self = .mpegts
    } else if has([0x00, 0x00, 0x01, 0xBA]) || has([0x00, 0x00, 0x01, 0xB3]) {
      self = .mpeg
    } else if has("FLV\u{1}") {
      self = .flv
    } else if has("OggS") {
      self = .ogg
    } else if has([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) {
      self = .asf
    } else {
      return nil
    }
  }

  /// The demuxers that FFmpeg may use: none that opens other files, as playlists do.
  static let demuxers = "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf"
}
