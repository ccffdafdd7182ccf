public import FaceTypes
public import Imaging
public import Inference

/// Turns aligned crops into embeddings: one run of SFace each.
public struct FaceEmbedder: Sendable {
  private let network: Network
  private let fingerprint: ModelFingerprint

  /// The most crops that are embedded at once.
  ///
  /// What they share is the time of reading the last layer's weights, a tenth of an embedding's;
  /// of that eight crops save seven eighths.
  static let batchLimit = 8

  /// Wraps a network.
  ///
  /// - Precondition: the embedding is the network's only output.
  public init(network: Network, fingerprint: ModelFingerprint) {
    precondition(network.outputs.count == 1, "an embedder has one output")
    self.network = network
    self.fingerprint = fingerprint
  }

  /// Embeds aligned crops.
  ///
  /// - Parameters:
  ///   - crops: ``AlignmentTemplate/side`` pixels along each side.
  ///   - workspace: Keeps the network's memory from one batch to the next.
  /// - Returns: For each crop its embedding, the same as if it were alone; `nil` if the network's
  ///   answer is zero or not finite.
  /// - Throws: ``ModelError``.
  public func embeddings(
    of crops: [Image], workspace: inout Workspace
  ) throws(ModelError) -> [Embedding?] {
    let side = AlignmentTemplate.side
    precondition(crops.allSatisfy { $0.width == side && $0.height == side })
    var embeddings: [Embedding?] = []
    for start in stride(from: 0, to: crops.count, by: Self.batchLimit) {
      let batch = crops[start..<min(crops.count, start + Self.batchLimit)]
      let raw = try workspace.outputs(
        of: network, images: batch.map(\.pixels), width: side, height: side)
      embeddings += raw.map { Embedding(raw: $0, fingerprint: fingerprint) }
    }
    return embeddings
  }
}
