import FaceTypes

/// Faces of people who do not exist, as numbers only.
///
/// People point in random directions; the faces of one have a cosine similarity of about 0.7.
struct MadeUpPeople {
  private let dimension: Int
  private let fingerprint: ModelFingerprint
  private var generator = SplitMix64(state: 1)

  /// - Parameters:
  ///   - dimension: of the embeddings.
  ///   - fingerprint: of the model that is to have made them.
  init(dimension: Int, fingerprint: ModelFingerprint) {
    self.dimension = dimension
    self.fingerprint = fingerprint
  }

  /// Some faces of a new person.
  mutating func faces(_ count: Int) -> [Face] {
    let person = direction()
    return (0..<count).compactMap { _ in
      let noise = direction()
      let raw = zip(person, noise).map { $0 + 0.65 * $1 }
      return Embedding(raw: raw, fingerprint: fingerprint).map(face)
    }
  }

  /// A face in the middle of a photograph of LFW's size.
  private func face(_ embedding: Embedding) -> Face {
    func point(_ x: Float, _ y: Float) -> Point { Point(x: x, y: y) }
    return Face(
      boundingBox: BoundingBox(x: 85, y: 75, width: 80, height: 105),
      landmarks: Landmarks(
        rightEye: point(107, 114), leftEye: point(143, 114), noseTip: point(125, 135),
        rightMouthCorner: point(110, 155), leftMouthCorner: point(140, 155)),
      score: 0.93, quality: FaceQuality(value: 0.8, obstacles: []), embedding: embedding)
  }

  /// A vector of unit length whose direction is nearly even over the sphere: each number is a sum
  /// of even ones, which is nearly normal.
  private mutating func direction() -> [Float] {
    let values = (0..<dimension).map { _ in
      (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
    }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / max(length, .leastNormalMagnitude) }
  }
}
