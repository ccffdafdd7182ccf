import ContentHash
public import FaceTypes
import FoundationEssentials
public import Inference
public import Kernels

/// The two networks of the analysis, checked against their manifest.
public struct ModelBundle: Sendable {
  /// Finds faces and their landmarks: YuNet.
  public let detector: Network
  /// Turns an aligned crop into an embedding: SFace.
  public let embedder: Network
  /// Names the space in which the embeddings lie.
  public let fingerprint: ModelFingerprint

  /// The largest file that is read, in bytes; the largest of ours has 39 million.
  private static let byteLimit = 1 << 30

  /// Reads `manifest.json` and the files that it names from one directory.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory.
  ///   - level: Which instructions the networks may use.
  /// - Throws: ``ModelBundleError``, naming the file.
  public init(directory: String, level: ProcessorLevel = .best) throws(ModelBundleError) {
    let manifest = try Self.manifest(path: directory + "/manifest.json")
    let models = manifest.models
    detector = try Self.network(models.detector, in: directory, level: level)
    embedder = try Self.network(models.embedder, in: directory, level: level)
    fingerprint = Self.fingerprint(of: models.embedder)
    try Self.checkDetector(detector, path: directory + "/" + models.detector.graph)
    try Self.checkEmbedder(embedder, path: directory + "/" + models.embedder.graph)
  }

  private static func manifest(path: String) throws(ModelBundleError) -> ModelManifest {
    let data = Data(try BoundedFile.content(path: path, byteLimit: byteLimit))
    do {
      let header = try JSONDecoder().decode(ModelManifestHeader.self, from: data)
      guard header.format == ModelManifest.format, header.version == ModelManifest.version else {
        throw ModelBundleError.unsupportedManifest(
          path: path, format: header.format, version: header.version)
      }
      return try JSONDecoder().decode(ModelManifest.self, from: data)
    } catch let error as ModelBundleError {
      throw error
    } catch {
      throw .malformedManifest(path: path, reason: "\(error)")
    }
  }

  private static func network(
    _ model: ModelManifest.Model, in directory: String, level: ProcessorLevel
  ) throws(ModelBundleError) -> Network {
    let graph = try content(model.graph, sha256: model.graphSHA256, in: directory)
    let weights = try content(model.weights, sha256: model.weightsSHA256, in: directory)
    do {
      return try Network(ModelFile(graph: graph, weights: weights), level: level)
    } catch {
      throw .unusableNetwork(path: directory + "/" + model.graph, reason: error)
    }
  }

  /// Reads a file that the manifest names and compares its digest.
  private static func content(
    _ name: String, sha256: String, in directory: String
  ) throws(ModelBundleError) -> [UInt8] {
    let path = directory + "/" + name
    guard !name.isEmpty, !name.contains("/"), name != ".." else {
      throw .unreadable(path: path, reason: "the manifest must name files beside it")
    }
    let bytes = try BoundedFile.content(path: path, byteLimit: byteLimit)
    let actual = SHA256Digest(of: bytes).hexadecimal
    guard actual == sha256 else {
      throw .wrongChecksum(path: path, expected: sha256, actual: actual)
    }
    return bytes
  }

  /// Names everything on which the place of a face in the embedding space depends.
  ///
  /// The graph states the pre-processing. The detector is left out: another one puts the same
  /// five points elsewhere by a pixel, and embeddings stay comparable.
  private static func fingerprint(of model: ModelManifest.Model) -> ModelFingerprint {
    let points = AlignmentTemplate.landmarks.points.map { "\($0.x),\($0.y)" }
    let description = [
      "figured embedding", "graph \(model.graphSHA256)", "weights \(model.weightsSHA256)",
      "alignment \(AlignmentTemplate.revision)", "side \(AlignmentTemplate.side)",
      "landmarks \(points.joined(separator: " "))",
    ].joined(separator: "\n")
    let digest = SHA256Digest(of: Array(description.utf8)).hexadecimal
    guard let fingerprint = ModelFingerprint(hexadecimal: digest) else {
      preconditionFailure("a digest has 64 hexadecimal digits")
    }
    return fingerprint
  }

  /// The detector must take images of any size and have the outputs that we decode.
  private static func checkDetector(
    _ network: Network, path: String
  ) throws(ModelBundleError) {
    guard network.input.size == .padded(multipleOf: AnchorPriors.alignment) else {
      throw .unsuitableNetwork(
        path: path, reason: "a detector pads images to multiples of \(AnchorPriors.alignment)")
    }
    for output in DetectorOutput.allCases {
      for name in AnchorPriors.strides.map(output.name) {
        let isThere = network.outputs.contains {
          $0.name == name && $0.channels == output.channels
        }
        guard isThere else {
          throw .unsuitableNetwork(
            path: path,
            reason: "a detector has an output \(name) of \(output.channels) channels")
        }
      }
    }
  }

  /// The embedder must take aligned crops and have one output.
  private static func checkEmbedder(
    _ network: Network, path: String
  ) throws(ModelBundleError) {
    let side = AlignmentTemplate.side
    guard network.input.size == .fixed(width: side, height: side), network.outputs.count == 1 else {
      throw .unsuitableNetwork(
        path: path, reason: "an embedder takes \(side)×\(side) pixels and has one output")
    }
  }
}
