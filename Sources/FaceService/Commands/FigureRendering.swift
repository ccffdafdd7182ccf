internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Double {
  /// A number as short as it may be without losing what matters: two decimals of a pixel or degree.
  init(pixels value: Float) { self = (Double(value) * 100).rounded() / 100 }
  /// A share in 0…1 with four decimals.
  init(share value: Float) { self = (Double(value) * 10_000).rounded() / 10_000 }
}

extension Boundary {
  init(_ box: BoundingBox) {
    self.init(
      left: Double(pixels: box.x), top: Double(pixels: box.y), width: Double(pixels: box.width),
      height: Double(pixels: box.height))
  }
}

extension FigureMessage {
  private init(
    boundingBox: BoundingBox, landmarks: Landmarks, score: Float, quality: FaceQuality
  ) {
    self.init(
      figureConfidence: Double(share: score), faceQuality: Double(share: quality.value),
      boundary: Boundary(boundingBox),
      landmarks: landmarks.points.map {
        PointMessage(x: Double(pixels: $0.x), y: Double(pixels: $0.y))
      },
      foundingObstacles: quality.obstacles.names)
  }

  /// A face that is not stored.
  init(_ face: Face) {
    self.init(
      boundingBox: face.boundingBox, landmarks: face.landmarks, score: face.score,
      quality: face.quality)
    describe(face.attributes)
  }

  /// Says what is known besides whose the face is.
  private mutating func describe(_ attributes: FaceAttributes?) {
    guard let attributes else { return }
    age = attributes.age.map { Int($0.years.rounded()) }
    ageDeviation = attributes.age.map { Int($0.deviation.rounded()) }
    gender = attributes.gender?.value.rawValue
    genderConfidence = attributes.gender.map { Double(share: $0.confidence) }
    emotion = attributes.emotion?.value.rawValue
    emotionConfidence = attributes.emotion.map { Double(share: $0.confidence) }
    headPose = attributes.pose.map {
      HeadPoseMessage(
        pitch: Double(pixels: $0.pitch), roll: Double(pixels: $0.roll), yaw: Double(pixels: $0.yaw))
    }
    mouth = attributes.mouth?.value.rawValue
    mouthConfidence = attributes.mouth.map { Double(share: $0.confidence) }
    sharpness = attributes.sharpness.map { Double(share: $0) }
  }

  /// A stored face.
  ///
  /// - Parameters:
  ///   - figure: as it is stored.
  ///   - clusterID: the public identifier of the figure's cluster, if it is in one.
  init(_ figure: FigureRecord, cluster clusterID: PublicIdentifier?) {
    self.init(
      boundingBox: figure.boundingBox, landmarks: figure.landmarks, score: figure.score,
      quality: figure.quality)
    figureID = figure.publicID.asFigure
    figureClusterID = clusterID?.asCluster
    figureClusterConfidence = figure.clusterConfidence.map { Double(share: $0) }
    waitingReason = figure.waitingReason
    describe(figure.attributes)
  }
}
