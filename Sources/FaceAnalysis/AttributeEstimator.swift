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

  private let networks: [AttributeKind: Network]
  let fingerprints: [AttributeKind: ModelFingerprint]

  init(_ networks: AttributeNetworks) {
    self.networks = networks.networks
    fingerprints = networks.fingerprints
  }

  /// The outputs that a network must have, with their channels.
  static func outputs(of kind: AttributeKind) -> [(name: String, channels: Int)] {
    switch kind {
    case .age: [("probabilities", AgeEstimate.classCount)]
    case .gender: [("probabilities", Gender.classes.count)]
    case .expression: [("predictions", Emotion.classes.count)]
    case .mesh: [("landmarks", 3 * FaceMesh.pointCount), ("presence", 1)]
    }
  }

  /// Cuts out what the networks see of a face.
  ///
  /// The mesh is asked at once, since its chip is as large as all that is kept of twenty faces.
  ///
  /// - Parameters:
  ///   - landmarks: The refined ones, in full-size pixels.
  ///   - patch: Pixels around the face.
  ///   - workspace: Keeps the networks' memory from one face to the next.
  /// - Returns: What ``attributes(of:workspace:)`` needs.
  /// - Throws: ``ModelError``.
  func chips(
    of landmarks: Landmarks, in patch: PixelPatch, workspace: inout AttributeWorkspace
  ) throws(ModelError) -> FaceChips {
    var chips = FaceChips(attributes: FaceAttributes(models: fingerprints))
    // The chip of expressions shows what those of age and gender show and more, as finely as these
    // need: the pixels are averaged once for all three.
    let largest = AttributeChip.shown(to: .expression)
    let shared = largest.transform(landmarks).flatMap {
      patch.averaged(for: $0, side: largest.side, oversampling: largest.oversampling)
    }
    for kind in networks.keys {
      let chip = AttributeChip.shown(to: kind)
      guard let transform = chip.transform(landmarks) else { continue }
      let source = kind == .mesh ? patch : shared ?? patch
      let pixels = source.chip(transform, side: chip.side, oversampling: chip.oversampling)
      if kind == .mesh {
        try findMesh(in: pixels, transform, of: &chips.attributes, workspace: &workspace.mesh)
      } else {
        chips.images[kind] = pixels
      }
    }
    return chips
  }

  private func findMesh(
    in pixels: Image, _ transform: SimilarityTransform, of attributes: inout FaceAttributes,
    workspace: inout Workspace
  ) throws(ModelError) {
    guard let network = networks[.mesh] else { return }
    let points = try workspace.values(of: network, "landmarks", for: pixels)
    let presence = try workspace.output("presence").values.first ?? -.infinity
    guard presence > FaceMesh.leastPresence, let mesh = FaceMesh(points) else { return }
    attributes.pose = mesh.pose?.inPhotograph(transform)
    attributes.mouth = mesh.mouth
  }

  /// Asks one network after the other about all faces, so that its weights are read from memory once.
  ///
  /// - Parameters:
  ///   - faces: What the networks see of each.
  ///   - workspace: Keeps the networks' memory from one call to the next.
  /// - Returns: What they say of each face.
  /// - Throws: ``ModelError``.
  func attributes(
    of faces: [FaceChips], workspace: inout AttributeWorkspace
  ) throws(ModelError) -> [FaceAttributes] {
    var attributes = faces.map(\.attributes)
    for (face, values) in try answers(.age, of: faces, workspace: &workspace.age) {
      attributes[face].age = AgeEstimate(distribution: values)
    }
    for (face, values) in try answers(.gender, of: faces, workspace: &workspace.gender) {
      attributes[face].gender = Judgement(probabilities: values, of: Gender.classes)
    }
    for (face, values) in try answers(.expression, of: faces, workspace: &workspace.expression) {
      attributes[face].emotion = Judgement(probabilities: values, of: Emotion.classes)
    }
    return attributes
  }

  /// What a network with one output says of all faces that it has a chip of.
  private func answers(
    _ kind: AttributeKind, of faces: [FaceChips], workspace: inout Workspace
  ) throws(ModelError) -> [(face: Int, values: [Float])] {
    guard let network = networks[kind] else { return [] }
    let shown = faces.indices.filter { faces[$0].images[kind] != nil }
    let images = shown.compactMap { faces[$0].images[kind] }
    let side = AttributeChip.shown(to: kind).side
    let outputs = try workspace.outputs(
      of: network, images: images.map(\.pixels), width: side, height: side)
    return Array(zip(shown, outputs))
  }
}

/// What networks see of a face, for those that have not been asked yet.
struct FaceChips: Sendable {
  var images: [AttributeKind: Image] = [:]
  /// What is known already.
  var attributes: FaceAttributes
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
