internal import Configuration
internal import FaceAnalysis
internal import FaceTypes

extension AnalysisPolicy {
  /// The policy with what the configuration says.
  init(_ configuration: DaemonConfiguration) {
    self.init()
    detection.scoreThreshold = Float(configuration.analysis.minimumDetectionScore)
    search.firstPassLongSide = configuration.analysis.firstPassLongSide
    thumbnail.quality = configuration.storage.cropQuality
  }
}

extension DaemonConfiguration.Attributes {
  /// What is switched on.
  var wanted: Set<AttributeKind> {
    Set(
      AttributeKind.allCases.filter { kind in
        switch kind {
        case .age: age
        case .gender: gender
        case .expression: expression
        case .mesh: mesh
        }
      })
  }
}
