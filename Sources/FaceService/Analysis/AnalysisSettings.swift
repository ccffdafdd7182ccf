internal import Configuration
internal import FaceAnalysis

extension AnalysisPolicy {
  /// The policy with what the configuration says.
  init(_ configuration: DaemonConfiguration) {
    self.init()
    detection.scoreThreshold = Float(configuration.analysis.minimumDetectionScore)
    search.firstPassLongSide = configuration.analysis.firstPassLongSide
    thumbnail.quality = configuration.storage.cropQuality
  }
}
