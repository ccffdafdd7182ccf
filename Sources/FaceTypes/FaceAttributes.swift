/// What a network of its own says of a face, beside who it is.
///
/// Each can be switched off, and has a fingerprint of its own.
public enum AttributeKind: String, Hashable, Sendable, Codable, CaseIterable {
  case age
  case gender
  case expression
  /// Head pose and mouth, from a mesh of the face.
  case mesh
}

/// A choice with how sure the network is of it.
public struct Judgement<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  public let value: Value
  /// In 0…1.
  public let confidence: Float

  public init(_ value: Value, confidence: Float) {
    self.value = value
    self.confidence = confidence
  }
}

/// How old a face looks.
public struct AgeEstimate: Hashable, Sendable, Codable {
  /// The mean of the network's distribution, in 0…80.
  public let years: Float
  /// Its standard deviation, in years.
  public let deviation: Float

  public init(years: Float, deviation: Float) {
    self.years = years
    self.deviation = deviation
  }
}

/// The two values that the network was trained to tell apart; it looks at a face, and knows nothing
/// of the person.
public enum Gender: String, Hashable, Sendable, Codable, CaseIterable {
  case female
  case male
}

/// Expressions of a face, called as in the reference's `Emotion`.
public enum Emotion: String, Hashable, Sendable, Codable, CaseIterable {
  case anger
  case disgust
  case fear
  case happiness
  case sadness
  case surprise
  case calmness
}

/// Whether the lips touch, in the reference's words.
public enum MouthState: String, Hashable, Sendable, Codable, CaseIterable {
  case open
  case close
}

/// Where a head points, in degrees; all are zero of a face that looks straight into the camera.
public struct HeadPose: Hashable, Sendable, Codable {
  /// Positive where the face looks up.
  public let pitch: Float
  /// Positive where the face looks to the viewer's right, which is its own left.
  public let yaw: Float
  /// Positive where the head is turned clockwise as the viewer sees it.
  public let roll: Float

  public init(pitch: Float, yaw: Float, roll: Float) {
    self.pitch = pitch
    self.yaw = yaw
    self.roll = roll
  }
}

/// What is known of a face besides whose it is.
///
/// Whatever was switched off when the face was analysed is missing.
public struct FaceAttributes: Hashable, Sendable, Codable {
  public var age: AgeEstimate?
  public var gender: Judgement<Gender>?
  public var emotion: Judgement<Emotion>?
  public var pose: HeadPose?
  public var mouth: Judgement<MouthState>?
  /// In 0…1; computed, without a network.
  public var sharpness: Float?
  /// The networks that were asked.
  public var models: [AttributeKind: ModelFingerprint]

  public init(
    age: AgeEstimate? = nil, gender: Judgement<Gender>? = nil,
    emotion: Judgement<Emotion>? = nil, pose: HeadPose? = nil,
    mouth: Judgement<MouthState>? = nil, sharpness: Float? = nil,
    models: [AttributeKind: ModelFingerprint] = [:]
  ) {
    self.age = age
    self.gender = gender
    self.emotion = emotion
    self.pose = pose
    self.mouth = mouth
    self.sharpness = sharpness
    self.models = models
  }

  /// Whether each of these networks was asked.
  public func cover(_ wanted: [AttributeKind: ModelFingerprint]) -> Bool {
    wanted.allSatisfy { models[$0.key] == $0.value }
  }
}
