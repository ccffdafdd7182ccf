public import FaceTypes
public import Imaging
public import Inference

/// Turns aligned crops into embeddings: one run of SFace each.
public struct FaceEmbedder: Sendable {
  private let network: Network
  private let fingerprint: ModelFingerprint

  /// Wraps a network whose only output is the embedding.
  public init(network: Network, fingerprint: ModelFingerprint) {
    self.network = network
    self.fingerprint = fingerprint
  }

  /// The embedding of an aligned crop; `nil` if the network's answer is zero or not finite.
  ///
  /// - Parameters:
  ///   - crop: ``AlignmentTemplate/side`` pixels along each side.
  ///   - workspace: Keeps the network's memory from one crop to the next.
  /// - Throws: ``ModelError``
  public func embedding(
    of crop: Image, workspace: inout Workspace
  ) throws(ModelError) -> Embedding? {
    precondition(crop.width == AlignmentTemplate.side && crop.height == AlignmentTemplate.side)
    try workspace.run(network, pixels: crop.pixels.span, width: crop.width, height: crop.height)
    return nil
  }
}
