public import Imaging

/// An open video: what it says of itself, and its frames.
///
/// ffprobe and ffmpeg read it, each as a child with limits; see ``ChildProgram``.
public struct VideoFile: Sendable {
  public let facts: VideoFacts
  private let input: VideoInput
  private let policy: VideoPolicy

  /// What ffprobe may answer, in bytes.
  private static let reportLimit = 1 << 20

  /// Asks ffprobe about a file.
  ///
  /// - Parameters:
  ///   - descriptor: Of a regular file; it must stay open as long as this value is used.
  ///   - byteCount: The file's size.
  ///   - policy: How it is read.
  ///   - isCancelled: Asked several times a second.
  /// - Throws: ``VideoError``.
  public init(
    descriptor: Int32, byteCount: Int, policy: VideoPolicy, isCancelled: () -> Bool = { false }
  ) throws(VideoError) {
    guard byteCount > 0 else { throw .empty }
    let input = VideoInput(descriptor: descriptor, byteCount: byteCount)
    input.rewind()
    // “V” leaves out the covers of music.
    var program = try ChildProgram(
      policy.ffprobePath,
      ["-v", "error", "-hide_banner"] + input.arguments
        + ["-select_streams", "V:0", "-show_streams", "-show_format", "-of", "json"],
      file: descriptor, policy: policy, fileSize: input.fileSizeLimit)
    var report = [UInt8](repeating: 0, count: Self.reportLimit)
    let count = try program.read(
      into: &report, stallLimit: policy.stallLimit, isCancelled: isCancelled)
    guard program.exitStatus() == 0 else { throw .unreadable(reason: program.reason) }
    let facts = try VideoFacts(json: Array(report[..<count]))
    let pixels = facts.width.multipliedReportingOverflow(by: facts.height)
    guard !pixels.overflow, pixels.partialValue <= policy.pixelLimit else {
      throw .tooLarge(width: facts.width, height: facts.height, pixelLimit: policy.pixelLimit)
    }
    if let duration = facts.duration, duration > policy.durationLimit {
      throw .tooLong(seconds: duration, limit: policy.durationLimit)
    }
    self.facts = facts
    self.input = input
    self.policy = policy
  }

  /// Begins to decode.
  ///
  /// - Parameters:
  ///   - rate: Frames a second.
  ///   - start: Seconds after the beginning; a multiple of 1 / `rate`.
  /// - Returns: The frames from there on.
  /// - Throws: ``VideoError``.
  public func frames(rate: Double, from start: Double = 0) throws(VideoError) -> VideoFrames {
    try VideoFrames(of: input, facts: facts, policy: policy, rate: rate, start: start)
  }
}

/// The frames of a video at a steady rate, each as a player would show it at that moment.
///
/// Frames of a variable rate are shown for as long as they last, so that a time says what is to be
/// seen then, whatever the file's own frames are.
public struct VideoFrames: ~Copyable {
  private var program: ChildProgram
  private let policy: VideoPolicy
  private let width: Int
  private let height: Int
  private let rate: Double
  private let start: Double
  private var index = 0

  /// One frame.
  public struct Frame: Sendable {
    /// Seconds after the beginning of the video.
    public let time: Double
    /// Turned upright, with square pixels, and perhaps reduced.
    public let image: Image

    public init(time: Double, image: Image) {
      self.time = time
      self.image = image
    }
  }

  init(
    of input: VideoInput, facts: VideoFacts, policy: VideoPolicy, rate: Double, start: Double
  ) throws(VideoError) {
    (width, height) = facts.frameSize(longSide: policy.frameLongSide)
    self.policy = policy
    self.rate = rate
    self.start = start
    input.rewind()
    program = try ChildProgram(
      policy.ffmpegPath,
      ["-nostdin", "-hide_banner", "-v", "error", "-threads", "\(policy.decoderThreads)"]
        + (start > 0 ? ["-ss", "\(start)"] : []) + input.arguments
        + [
          "-map", "0:V:0", "-t", "\(policy.durationLimit)", "-filter_threads", "1",
          // At n / rate the last frame that has begun by then; “bilinear” needs no memory that is
          // both writable and executable, as “fast_bilinear” does.
          "-vf",
          "fps=\(rate):round=up:start_time=0,scale=\(width):\(height):flags=bilinear,setsar=1",
          "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
        ],
      file: input.descriptor, policy: policy, fileSize: input.fileSizeLimit)
  }

  /// The next frame; `nil` at the end.
  ///
  /// - Parameter isCancelled: Asked several times a second.
  /// - Returns: The frame with its time.
  /// - Throws: ``VideoError``; ``VideoError/undecodable(reason:)`` if there is not a single frame.
  public mutating func next(isCancelled: () -> Bool = { false }) throws(VideoError) -> Frame? {
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    let count = try program.read(
      into: &pixels, stallLimit: policy.stallLimit, isCancelled: isCancelled)
    guard count == pixels.count else {
      _ = program.exitStatus()
      if index == 0, start == 0 { throw .undecodable(reason: program.reason) }
      return nil
    }
    defer { index += 1 }
    return Frame(
      time: start + Double(index) / rate,
      image: Image(width: width, height: height, pixels: pixels))
  }

  /// What ffmpeg complained of so far; empty if it was content.
  public var complaint: String { program.complaints.isEmpty ? "" : program.reason }
}
