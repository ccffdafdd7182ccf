public import FaceTypes
public import Imaging
public import Inference

/// Turns aligned crops into embeddings: one run of SFace each.
public struct FaceEmbedder: Sendable {
  private let network: Network
  private let output: String
  private let fingerprint: ModelFingerprint

  /// Wraps a network.
  ///
  /// - Precondition: the embedding is the network's only output.
  public init(network: Network, fingerprint: ModelFingerprint) {
    precondition(network.outputs.count == 1, "an embedder has one output")
    self.network = network
    output = network.outputs[0].name
    self.fingerprint = fingerprint
  }

  /// Embeds an aligned crop.
  ///
  /// - Parameters:
  ///   - crop: ``AlignmentTemplate/side`` pixels along each side.
  ///   - workspace: Keeps the network's memory from one crop to the next.
  /// - Returns: The embedding; `nil` if the network's answer is zero or not finite.
  /// - Throws: ``ModelError``.
  public func embedding(
    of crop: Image, workspace: inout Workspace
  ) throws(ModelError) -> Embedding? {
    precondition(crop.width == AlignmentTemplate.side && crop.height == AlignmentTemplate.side)
    try workspace.run(network, pixels: crop.pixels.span, width: crop.width, height: crop.height)
    return Embedding(raw: try workspace.output(output).values, fingerprint: fingerprint)
  }
}
