/// A rectangle in pixels of the upright image, origin top left.
public struct Boundary: Codable, Equatable, Sendable {
  public let left: Double
  public let top: Double
  public let width: Double
  public let height: Double

  public init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  enum CodingKeys: String, CodingKey {
    case left = "Left"
    case top = "Top"
    case width = "Width"
    case height = "Height"
  }
}

/// A point in pixels of the upright image, origin top left.
public struct PointMessage: Codable, Equatable, Sendable {
  public let x: Double
  public let y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  enum CodingKeys: String, CodingKey {
    case x = "X"
    case y = "Y"
  }
}

/// Where a head points, in degrees; all are zero of a face that looks straight into the camera.
public struct HeadPoseMessage: Codable, Equatable, Sendable {
  /// Positive where the face looks up.
  public var pitch: Double
  /// Positive where the head is turned clockwise as the viewer sees it.
  public var roll: Double
  /// Positive where the face looks to the viewer's right.
  public var yaw: Double

  public init(pitch: Double, roll: Double, yaw: Double) {
    self.pitch = pitch
    self.roll = roll
    self.yaw = yaw
  }

  enum CodingKeys: String, CodingKey {
    case pitch = "Pitch"
    case roll = "Roll"
    case yaw = "Yaw"
  }
}

/// One face, in the shape of the reference's Figure.
public struct FigureMessage: Codable, Equatable, Sendable {
  /// A UUID; absent for a face that is not stored.
  public var figureID: String?
  /// Always `face`.
  public var figureType = "face"
  /// The detector's confidence, in 0…1.
  public var figureConfidence: Double
  /// `Cluster-` and a UUID; absent while the face waits.
  public var figureClusterID: String?
  /// How sure the face is of its cluster, in 0…1.
  public var figureClusterConfidence: Double?
  /// How well the face can be recognised, in 0…1.
  public var faceQuality: Double
  /// How old the face looks, in whole years, and the standard deviation of that.
  ///
  /// This and what follows is absent where it was switched off when the face was analysed.
  public var age: Int?
  public var ageDeviation: Int?
  /// `female` or `male`.
  public var gender: String?
  /// In 0…1, as are the other confidences.
  public var genderConfidence: Double?
  /// `anger`, `disgust`, `fear`, `happiness`, `sadness`, `surprise` or `calmness`.
  public var emotion: String?
  public var emotionConfidence: Double?
  public var headPose: HeadPoseMessage?
  /// `open` or `close`.
  public var mouth: String?
  public var mouthConfidence: Double?
  /// In 0…1.
  public var sharpness: Double?
  public var boundary: Boundary
  /// Right eye, left eye, tip of the nose, right and left corner of the mouth, as the subject's.
  public var landmarks: [PointMessage]
  /// Why the face may not found a cluster, such as `Blurred`.
  public var foundingObstacles: [String]
  /// Why the face is in no cluster; absent if it is in one.
  public var waitingReason: String?
  /// When the face is seen in its video; absent of a photograph.
  public var appearances: [OccurrenceMessage]?
  /// When the frame is shown that the boundary is of, in seconds.
  public var timestamp: Double?
  public var mediaID: String?
  public var inputURL: String?
  /// Unit length; only in an export with embeddings.
  public var embedding: [Float]?
  public var modelFingerprint: String?

  public init(
    figureConfidence: Double, faceQuality: Double, boundary: Boundary, landmarks: [PointMessage],
    foundingObstacles: [String]
  ) {
    self.figureConfidence = figureConfidence
    self.faceQuality = faceQuality
    self.boundary = boundary
    self.landmarks = landmarks
    self.foundingObstacles = foundingObstacles
  }

  enum CodingKeys: String, CodingKey {
    case figureID = "FigureId"
    case figureType = "FigureType"
    case figureConfidence = "FigureConfidence"
    case figureClusterID = "FigureClusterId"
    case figureClusterConfidence = "FigureClusterConfidence"
    case faceQuality = "FaceQuality"
    case age = "Age"
    case ageDeviation = "AgeSD"
    case gender = "Gender"
    case genderConfidence = "GenderConfidence"
    case emotion = "Emotion"
    case emotionConfidence = "EmotionConfidence"
    case headPose = "HeadPose"
    case mouth = "Mouth"
    case mouthConfidence = "MouthConfidence"
    case sharpness = "Sharpness"
    case boundary = "Boundary"
    case landmarks = "Landmarks"
    case foundingObstacles = "FoundingObstacles"
    case waitingReason = "WaitingReason"
    case appearances = "Appearances"
    case timestamp = "Timestamp"
    case mediaID = "MediaId"
    case inputURL = "InputURL"
    case embedding = "Embedding"
    case modelFingerprint = "ModelFingerprint"
  }
}
