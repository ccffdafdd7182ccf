internal import Configuration
internal import FaceAnalysis

extension AnalysisPolicy {
  /// The policy with what the configuration says.
  init(_ settings: DaemonConfiguration.Analysis) {
    self.init()
    detection.scoreThreshold = Float(settings.minimumDetectionScore)
    search.firstPassLongSide = settings.firstPassLongSide
  }
}
