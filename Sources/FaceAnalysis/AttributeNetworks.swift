public import FaceTypes
public import Inference
public import Kernels

/// The networks that say more of a face than whose it is, checked against their manifest.
///
/// They do not depend on the embedder, and analyses work without any of them.
public struct AttributeNetworks: Sendable {
  /// Those that were asked for and are there.
  public let networks: [AttributeKind: Network]
  /// For each of ``networks``, all that its answers depend on.
  public let fingerprints: [AttributeKind: ModelFingerprint]

  /// No networks at all.
  public static let none = AttributeNetworks(networks: [:], fingerprints: [:])

  private init(
    networks: [AttributeKind: Network], fingerprints: [AttributeKind: ModelFingerprint]
  ) {
    self.networks = networks
    self.fingerprints = fingerprints
  }

  /// Makes networks of a directory with a manifest, in single precision.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory.
  ///   - wanted: Those to make, if the manifest names them.
  ///   - level: Which instructions the networks may use.
  /// - Throws: ``ModelBundleError``, naming the file.
  public init(
    directory: String, wanted: Set<AttributeKind>, level: ProcessorLevel = .best
  ) throws(ModelBundleError) {
    guard !wanted.isEmpty else {
      self = .none
      return
    }
    let models = try ModelFiles.manifest(path: directory + "/manifest.json").models
    var networks: [AttributeKind: Network] = [:]
    for kind in wanted {
      guard let model = models.network(for: kind) else { continue }
      let source = try ModelFiles.source(model, in: directory)
      networks[kind] = try Self.network(source, for: kind, level: level)
    }
    self.networks = networks
    fingerprints = Self.fingerprints(models, wanted)
  }

  /// The fingerprints of the networks that would be made, by their manifest alone: the files that it
  /// names are not read.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory.
  ///   - wanted: Those to name.
  /// - Returns: One for each that the manifest names.
  /// - Throws: ``ModelBundleError``, naming the manifest.
  public static func fingerprints(
    directory: String, wanted: Set<AttributeKind>
  ) throws(ModelBundleError) -> [AttributeKind: ModelFingerprint] {
    guard !wanted.isEmpty else { return [:] }
    return fingerprints(try ModelFiles.manifest(path: directory + "/manifest.json").models, wanted)
  }

  private static func fingerprints(
    _ models: ModelManifest.Models, _ wanted: Set<AttributeKind>
  ) -> [AttributeKind: ModelFingerprint] {
    var fingerprints: [AttributeKind: ModelFingerprint] = [:]
    for kind in wanted {
      fingerprints[kind] = models.network(for: kind).map { fingerprint(of: $0, for: kind) }
    }
    return fingerprints
  }

  private static func network(
    _ source: ModelFiles.Source, for kind: AttributeKind, level: ProcessorLevel
  ) throws(ModelBundleError) -> Network {
    let network = try source.network(level: level)
    let side = AttributeChip.shown(to: kind).side
    guard network.input.size == .fixed(width: side, height: side) else {
      throw .unsuitableNetwork(
        path: source.path, reason: "a network for \(kind.rawValue) takes \(side)×\(side) pixels")
    }
    let outputs = AttributeEstimator.outputs(of: kind)
    guard network.outputs.count == outputs.count else {
      throw .unsuitableNetwork(
        path: source.path,
        reason: "the number of outputs of a network for \(kind.rawValue) is \(outputs.count)")
    }
    for (name, channels) in outputs {
      guard network.outputs.contains(where: { $0.name == name && $0.channels == channels }) else {
        throw .unsuitableNetwork(
          path: source.path,
          reason: "a network for \(kind.rawValue) has an output \(name) of \(channels) channels")
      }
    }
    return network
  }

  /// Names everything on which what is said of an attribute depends.
  private static func fingerprint(
    of model: ModelManifest.Model, for kind: AttributeKind
  ) -> ModelFingerprint {
    let chip = AttributeChip.shown(to: kind)
    let points = chip.landmarks.points.map { "\($0.x),\($0.y)" }
    return ModelFiles.fingerprint([
      "figured attribute \(kind.rawValue)", "graph \(model.graphSHA256)",
      "weights \(model.weightsSHA256)", "revision \(AttributeEstimator.revision)",
      "side \(chip.side)", "landmarks \(points.joined(separator: " "))",
    ])
  }
}
