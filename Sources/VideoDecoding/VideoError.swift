/// Why a video could not be read.
public enum VideoError: Error, Equatable, Sendable {
  /// There are no bytes.
  case empty
  /// A program that reads videos is not where it should be.
  case programMissing(path: String)
  /// A program could not be started; the number is the system's.
  case programFailed(path: String, errorNumber: Int32)
  /// The content is not a video; the reason is ffprobe's own words.
  case unreadable(reason: String)
  /// Sound or subtitles, and nothing to see.
  case noPictures
  /// More pixels than an image may have.
  case tooLarge(width: Int, height: Int, pixelLimit: Int)
  /// It lasts longer than is allowed, or says so.
  case tooLong(seconds: Double, limit: Double)
  /// Not one frame could be decoded; the reason is ffmpeg's own words.
  case undecodable(reason: String)
  /// Nothing came for so long.
  case stalled(seconds: Int)
  /// Whoever wanted the frames wants them no longer.
  case cancelled
}

extension VideoError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "the video is empty"
    case .programMissing(let path):
      "videos cannot be read, because there is no program \(path): install the Debian package ffmpeg"
    case .programFailed(let path, let number): "\(path) could not be started (error \(number))"
    case .unreadable(let reason): "the content is no video that ffmpeg can read: \(reason)"
    case .noPictures: "the file has no pictures, only sound or other streams"
    case .tooLarge(let width, let height, let limit):
      "the video is \(width) × \(height) pixels large; the limit is \(limit) pixels"
    case .tooLong(let seconds, let limit):
      "the video lasts \(Int(seconds)) seconds; the limit is \(Int(limit))"
    case .undecodable(let reason): "no frame of the video could be decoded: \(reason)"
    case .stalled(let seconds):
      "reading the video was given up: nothing came for \(seconds) seconds"
    case .cancelled: "reading the video was cancelled"
    }
  }
}
