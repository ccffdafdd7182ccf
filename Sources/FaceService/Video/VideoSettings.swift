internal import Configuration
internal import FaceTracking
internal import VideoDecoding

/// How videos are analysed.
struct VideoSettings: Sendable {
  var decoding = VideoPolicy()
  var tracking = TrackingPolicy()
  /// Frames a second in which faces are looked for.
  var samplingRate: Double = 5
  /// The longer side in pixels at which frames are searched.
  var detectionLongSide = 640
  /// Whether the picture of each track's best face is kept.
  var keepsCrops = true

  /// Frames a second at which boundaries are looked at at least: they are then right to half the
  /// time between two of them.
  private static let leastBoundaryRate: Double = 10

  /// Frames that are kept between two samples at most, whatever the rates.
  private static let strideLimit = 20

  /// Frames that are decoded for each one in which faces are looked for.
  var stride: Int {
    min(Self.strideLimit, max(1, Int((Self.leastBoundaryRate / samplingRate).rounded(.up))))
  }
  /// Frames a second that are decoded.
  var decodingRate: Double { samplingRate * Double(stride) }
}

extension VideoSettings {
  /// What the configuration says.
  init(_ configuration: DaemonConfiguration) {
    self.init()
    let video = configuration.video
    decoding.ffmpegPath = video.ffmpegPath
    decoding.ffprobePath = video.ffprobePath
    decoding.frameLongSide = video.frameLongSide
    decoding.pixelLimit = configuration.limits.imagePixels
    decoding.durationLimit = video.longest.seconds
    decoding.addressSpaceLimit = UInt64(video.decoderMemory)
    decoding.stallLimit = video.stallTimeout
    tracking.startingScore = Float(configuration.analysis.minimumDetectionScore)
    tracking.continuingScore = min(tracking.continuingScore, tracking.startingScore)
    tracking.founding.isAllowed = video.mayFound
    samplingRate = video.samplingRate
    detectionLongSide = video.detectionLongSide
    keepsCrops = configuration.storage.keepsCrops
  }
}
