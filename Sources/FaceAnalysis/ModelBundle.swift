public import FaceTypes
public import Inference
public import Kernels

/// The networks of the analysis, checked against their manifest.
public struct ModelBundle: Sendable {
  /// Finds faces and their landmarks: YuNet.
  public let detector: Network
  /// Turns an aligned crop into an embedding: SFace.
  public let embedder: Network
  /// Names the space in which the embeddings lie.
  public let fingerprint: ModelFingerprint
  /// What says more of a face than whose it is.
  public let attributes: AttributeNetworks

  /// Makes the networks of a directory with a manifest, in the precision that suits the processor.
  ///
  /// - Parameters:
  ///   - directory: The path of the directory.
  ///   - level: Which instructions the networks may use.
  /// - Throws: ``ModelBundleError``, naming the file.
  public init(directory: String, level: ProcessorLevel = .best) throws(ModelBundleError) {
    try self.init(ModelFiles(directory: directory), level: level, precision: .best(for: level))
  }

  /// Makes the networks of files that were read before.
  ///
  /// - Parameters:
  ///   - files: What the manifest names.
  ///   - level: Which instructions the networks may use.
  ///   - precision: Of the embedder. All others are in single precision.
  ///   - attributes: What is said of each face besides whose it is.
  /// - Throws: ``ModelBundleError``, naming the file.
  public init(
    _ files: ModelFiles, level: ProcessorLevel, precision: Precision,
    attributes: AttributeNetworks = .none
  ) throws(ModelBundleError) {
    detector = try files.detector.network(level: level)
    embedder = try Self.embedder(files, level: level, precision: precision)
    fingerprint = files.fingerprint
    self.attributes = attributes
    try Self.checkDetector(detector, path: files.detector.path)
  }

  /// Makes the embedder alone.
  ///
  /// - Parameters:
  ///   - files: What the manifest names.
  ///   - level: Which instructions it may use.
  ///   - precision: What it multiplies.
  /// - Returns: A network that takes aligned crops and has one output.
  /// - Throws: ``ModelBundleError``, naming the file.
  public static func embedder(
    _ files: ModelFiles, level: ProcessorLevel, precision: Precision
  ) throws(ModelBundleError) -> Network {
    let network = try files.embedder.network(level: level, precision: precision)
    try checkEmbedder(network, path: files.embedder.path)
    return network
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
