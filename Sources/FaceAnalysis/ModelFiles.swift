internal import ContentHash
public import FaceTypes
internal import FoundationEssentials
internal import Inference
internal import Kernels

/// The files of a model bundle, read and compared with their manifest.
///
/// They are as large as the networks, so they should be let go of once those are made.
public struct ModelFiles: Sendable {
  /// One network's graph and weights.
  struct Source: Sendable {
    /// Of the graph, for errors.
    let path: String
    let file: ModelFile
  }

  let detector: Source
  let embedder: Source
  /// Names the space in which the embeddings lie.
  public let fingerprint: ModelFingerprint

  /// The largest file that is read, in bytes; the largest of ours has 19 million.
  private static let byteLimit = 1 << 30

  /// Reads `manifest.json` and the files of detector and embedder from one directory.
  ///
  /// - Parameter directory: The path of the directory.
  /// - Throws: ``ModelBundleError``, naming the file.
  public init(directory: String) throws(ModelBundleError) {
    let models = try Self.manifest(path: directory + "/manifest.json").models
    detector = try Self.source(models.detector, in: directory)
    embedder = try Self.source(models.embedder, in: directory)
    fingerprint = Self.fingerprint(of: models.embedder)
  }

  /// The fingerprint of the models in a directory, by their manifest alone: the files that it names
  /// are not read.
  ///
  /// - Throws: ``ModelBundleError``, naming the manifest.
  public static func fingerprint(
    directory: String
  ) throws(ModelBundleError) -> ModelFingerprint {
    fingerprint(of: try manifest(path: directory + "/manifest.json").models.embedder)
  }

  static func manifest(path: String) throws(ModelBundleError) -> ModelManifest {
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

  static func source(
    _ model: ModelManifest.Model, in directory: String
  ) throws(ModelBundleError) -> Source {
    let graph = try content(model.graph, sha256: model.graphSHA256, in: directory)
    let weights = try content(model.weights, sha256: model.weightsSHA256, in: directory)
    var ranges: [UInt8]?
    if let name = model.ranges {
      ranges = try content(name, sha256: model.rangesSHA256 ?? "", in: directory)
    }
    let path = directory + "/" + model.graph
    do {
      return Source(path: path, file: try ModelFile(graph: graph, weights: weights, ranges: ranges))
    } catch {
      throw .unusableNetwork(path: path, reason: error)
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
  /// five points elsewhere by a pixel, and embeddings stay comparable. So are the ranges, and with
  /// them the precision: Benchmarks/README.md says how little similarities depend on it.
  private static func fingerprint(of model: ModelManifest.Model) -> ModelFingerprint {
    let points = AlignmentTemplate.landmarks.points.map { "\($0.x),\($0.y)" }
    let description = [
      "figured embedding", "graph \(model.graphSHA256)", "weights \(model.weightsSHA256)",
      "alignment \(AlignmentTemplate.revision)", "side \(AlignmentTemplate.side)",
      "landmarks \(points.joined(separator: " "))",
    ]
    return fingerprint(description)
  }

  /// The digest of some lines.
  static func fingerprint(_ lines: [String]) -> ModelFingerprint {
    let description = lines.joined(separator: "\n")
    let digest = SHA256Digest(of: Array(description.utf8)).hexadecimal
    guard let fingerprint = ModelFingerprint(hexadecimal: digest) else {
      preconditionFailure("a digest has 64 hexadecimal digits")
    }
    return fingerprint
  }
}

extension ModelFiles.Source {
  /// Makes the network that the files describe.
  func network(
    level: ProcessorLevel, precision: Precision = .float32
  ) throws(ModelBundleError) -> Network {
    do {
      return try Network(file, level: level, precision: precision)
    } catch {
      throw .unusableNetwork(path: path, reason: error)
    }
  }
}
