import FaceTypes
import Imaging
import Inference

/// The memory that the networks of attributes need; one for each thread.
struct AttributeWorkspace: ~Copyable {
  fileprivate var age = Workspace()
  fileprivate var gender = Workspace()
  fileprivate var expression = Workspace()
  fileprivate var mesh = Workspace()
}

/// Says more of a face than whose it is.
struct AttributeEstimator: Sendable {
  /// Raised when the same network is asked otherwise or its answer read otherwise.
  static let revision = 1

  let networks: [AttributeKind: Network]
  let fingerprints: [AttributeKind: ModelFingerprint]

  /// The outputs that a network must have, with their channels.
  static func outputs(of kind: AttributeKind) -> [(name: String, channels: Int)] {
    switch kind {
    case .age: [("probabilities", AgeEstimate.classCount)]
    case .gender: [("probabilities", Gender.classes.count)]
    case .expression: [("predictions", Emotion.classes.count)]
    case .mesh: [("landmarks", 3 * FaceMesh.pointCount), ("presence", 1)]
    }
  }

  /// Asks every network that there is.
  ///
  /// - Parameters:
  ///   - landmarks: The refined ones, in full-size pixels.
  ///   - patch: Pixels around the face.
  ///   - workspace: Keeps the networks' memory from one face to the next.
  /// - Returns: What they say.
  /// - Throws: ``ModelError``.
  func attributes(
    of landmarks: Landmarks, in patch: PixelPatch, workspace: inout AttributeWorkspace
  ) throws(ModelError) -> FaceAttributes {
    var attributes = FaceAttributes(models: fingerprints)
    // The chip of expressions shows what those of age and gender show and more, as finely as these
    // need: the pixels are averaged once for all three.
    let largest = AttributeChip.shown(to: .expression)
    let shared = largest.transform(landmarks).flatMap {
      patch.averaged(for: $0, side: largest.side, oversampling: largest.oversampling)
    }
    func chip(
      _ kind: AttributeKind
    ) -> (network: Network, pixels: Image, transform: SimilarityTransform)? {
      let chip = AttributeChip.shown(to: kind)
      guard let network = networks[kind], let transform = chip.transform(landmarks) else {
        return nil
      }
      let source = kind == .mesh ? patch : shared ?? patch
      let pixels = source.chip(transform, side: chip.side, oversampling: chip.oversampling)
      return (network, pixels, transform)
    }
    if let (network, image, _) = chip(.age) {
      attributes.age = AgeEstimate(
        distribution: try workspace.age.values(of: network, "probabilities", for: image))
    }
    if let (network, image, _) = chip(.gender) {
      attributes.gender = Judgement(
        probabilities: try workspace.gender.values(of: network, "probabilities", for: image),
        of: Gender.classes)
    }
    if let (network, image, _) = chip(.expression) {
      attributes.emotion = Judgement(
        probabilities: try workspace.expression.values(of: network, "predictions", for: image),
        of: Emotion.classes)
    }
    if let (network, image, transform) = chip(.mesh) {
      let points = try workspace.mesh.values(of: network, "landmarks", for: image)
      let presence = try workspace.mesh.output("presence").values.first ?? -.infinity
      if presence > FaceMesh.leastPresence, let mesh = FaceMesh(points) {
        attributes.pose = mesh.pose?.inPhotograph(transform)
        attributes.mouth = mesh.mouth
      }
    }
    return attributes
  }
}

extension Workspace {
  /// One output of a network for an image.
  fileprivate mutating func values(
    of network: Network, _ output: String, for image: Image
  ) throws(ModelError) -> [Float] {
    try run(network, pixels: image.pixels.span, width: image.width, height: image.height)
    return try self.output(output).values
  }
}
