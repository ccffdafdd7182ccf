internal import FoundationEssentials

/// What a video says of itself.
public struct VideoFacts: Hashable, Sendable, Codable {
  /// Pixels of the stored frames.
  public let storedWidth: Int
  public let storedHeight: Int
  /// How far the frames are turned clockwise to be shown, in degrees: 0, 90, 180 or 270.
  public let rotation: Int
  /// Pixels of a frame as it is shown: turned, and with square pixels.
  public let width: Int
  public let height: Int
  /// Seconds; `nil` if the file does not say.
  public let duration: Double?
  /// When the pictures end, in seconds after the file's beginning: sound may last longer; `nil` if the
  /// file does not say.
  public let pictureEnd: Double?
  /// When the first picture is shown, in seconds after the file's beginning.
  public let start: Double
  /// Frames a second on average; `nil` if the file does not say.
  public let frameRate: Double?
  /// Such as `h264`.
  public let codec: String
  /// When it was taken, as the file writes it: ISO 8601 with a zone; `nil` if it does not say.
  public let creationTime: String?

  /// The tag of EXIF that turns the stored frames likewise, 1, 3, 6 or 8.
  public var orientation: Int { [0: 1, 90: 6, 180: 3, 270: 8][rotation] ?? 1 }

  public init(
    storedWidth: Int, storedHeight: Int, rotation: Int = 0, width: Int, height: Int,
    duration: Double?, pictureEnd: Double? = nil, start: Double = 0, frameRate: Double? = nil,
    codec: String, creationTime: String? = nil
  ) {
    self.storedWidth = storedWidth
    self.storedHeight = storedHeight
    self.rotation = rotation
    self.width = width
    self.height = height
    self.duration = duration
    self.pictureEnd = pictureEnd
    self.start = start
    self.frameRate = frameRate
    self.codec = codec
    self.creationTime = creationTime
  }

  /// Pixels of a frame as it is shown for each pixel of a decoded one, along a side; 1 or more.
  public func shownPerDecodedPixel(_ policy: VideoPolicy) -> Float {
    Float(width) / Float(frameSize(longSide: policy.frameLongSide).width)
  }

  /// The size of the frames when the longer side is to have `longSide` pixels at most.
  public func frameSize(longSide: Int) -> (width: Int, height: Int) {
    let factor = min(1, Double(longSide) / Double(max(width, height)))
    func side(_ length: Int) -> Int { max(2, Int((Double(length) * factor).rounded())) }
    return (side(width), side(height))
  }
}

extension VideoFacts {
  /// Reads what ffprobe wrote.
  ///
  /// - Parameter json: Its output with `-of json`.
  /// - Throws: ``VideoError/noPictures`` or ``VideoError/unreadable(reason:)``.
  init(json: [UInt8]) throws(VideoError) {
    guard let report = try? JSONDecoder().decode(Report.self, from: Data(json)) else {
      throw .unreadable(reason: "ffprobe says nothing that makes sense")
    }
    guard let stream = report.streams?.first else { throw .noPictures }
    guard let width = stream.width, let height = stream.height, width > 0, height > 0 else {
      throw .unreadable(reason: "its pictures have no size")
    }
    let turned = stream.sideData?.compactMap(\.rotation).first ?? 0
    // FFmpeg counts anticlockwise.
    let rotation = ((Int((-turned / 90).rounded()) * 90) % 360 + 360) % 360
    let aspect = stream.aspect.flatMap(Self.ratio) ?? 1
    let squareWidth = max(1, Int((Double(width) * aspect).rounded()))
    let isOnSide = rotation % 180 != 0
    let fileStart = report.format?.start.flatMap(Double.init) ?? 0
    let streamStart = stream.start.flatMap(Double.init) ?? fileStart
    let duration =
      report.format?.duration.flatMap(Double.init) ?? stream.duration.flatMap(Double.init)
    self.init(
      storedWidth: width, storedHeight: height, rotation: rotation,
      width: isOnSide ? height : squareWidth, height: isOnSide ? squareWidth : height,
      duration: duration.flatMap { $0.isFinite && $0 > 0 ? $0 : nil },
      pictureEnd: stream.end(after: streamStart).map { $0 - fileStart },
      start: max(0, streamStart - fileStart),
      frameRate: stream.frameRate.flatMap(Self.ratio), codec: stream.codec ?? "unknown",
      creationTime: Self.creationTime([report.format?.tags, stream.tags]))
  }

  /// Apple's devices also write the time on the camera's clock, with its zone; the other tag is in UTC.
  private static func creationTime(_ tags: [[String: String]?]) -> String? {
    for name in ["com.apple.quicktime.creationdate", "creation_time"] {
      for tags in tags {
        if let time = tags?[name] { return time }
      }
    }
    return nil
  }

  /// `30000/1001` or `16:15`; `nil` if it is not a positive number.
  private static func ratio(_ text: String) -> Double? {
    let parts = text.split { $0 == "/" || $0 == ":" }.compactMap { Double($0) }
    guard parts.count == 2, parts[0] > 0, parts[1] > 0 else { return nil }
    return parts[0] / parts[1]
  }

  private struct Report: Decodable {
    let streams: [Stream]?
    let format: Format?
  }
  private struct Format: Decodable {
    let start: String?
    let duration: String?
    let tags: [String: String]?
    enum CodingKeys: String, CodingKey {
      case start = "start_time"
      case duration, tags
    }
  }
  private struct Stream: Decodable {
    let codec: String?
    let width: Int?
    let height: Int?
    let aspect: String?
    let frameRate: String?
    let start: String?
    let duration: String?
    let sideData: [SideData]?
    let tags: [String: String]?

    /// When it ends by the file's clock: Matroska has a tag for that, others say how long it is.
    func end(after start: Double) -> Double? {
      if let seconds = duration.flatMap(Double.init) { return start + seconds }
      let parts = (tags?["DURATION"] ?? "").split(separator: ":").map { Double($0) }
      guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2]
      else { return nil }
      return 3600 * hours + 60 * minutes + seconds
    }

    enum CodingKeys: String, CodingKey {
      case codec = "codec_name"
      case width, height, duration, tags
      case aspect = "sample_aspect_ratio"
      case frameRate = "avg_frame_rate"
      case start = "start_time"
      case sideData = "side_data_list"
    }
  }
  private struct SideData: Decodable { let rotation: Double? }
}
