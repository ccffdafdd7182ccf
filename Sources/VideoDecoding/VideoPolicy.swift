/// How videos are read, and what that may cost.
public struct VideoPolicy: Sendable, Equatable {
  public var ffmpegPath = "/usr/bin/ffmpeg"
  public var ffprobePath = "/usr/bin/ffprobe"
  /// The longer side of the frames in pixels; larger ones are reduced to it.
  public var frameLongSide = 1280
  /// Width times height of the stored frames.
  public var pixelLimit = 120_000_000
  /// Seconds; of a video that does not say how long it is, no more are read.
  public var durationLimit: Double = 12 * 3600
  /// Memory that a program may address, in bytes.
  ///
  /// Measured: ffmpeg addresses 0.4 GB for H.264 of 1280 × 720 pixels and holds 60 MB of it.
  public var addressSpaceLimit: UInt64 = 2 << 30
  /// How long no frame may come before the program is killed.
  public var stallLimit: Duration = .seconds(60)
  /// Threads of the decoder.
  public var decoderThreads = 2

  public init() {}
}
