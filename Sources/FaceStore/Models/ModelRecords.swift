public import FaceTypes

/// The change from one model to another, as it is stored.
public struct ModelSwitchRecord: Hashable, Sendable {
  /// How far a change of the model has come; the raw values are those of the wire.
  public enum State: String, Hashable, Sendable {
    /// Figures are being embedded anew.
    case preparing = "Preparing"
    /// Everything is there to switch over, also after the switch was taken back.
    case ready = "Ready"
    /// The new model is in use; the old embeddings are kept.
    case applied = "Applied"
  }

  /// The model that is left.
  public let source: ModelFingerprint
  /// The model that takes its place.
  public let target: ModelFingerprint
  public let state: State
  /// The user id of who asked for the preparation.
  public let requestedBy: UInt32
  public let created: Timestamp
  /// When all was ready last.
  public let prepared: Timestamp?
  public let applied: Timestamp?
}

/// What a figure was embedded from by a new model.
public enum EmbeddingOrigin: String, Hashable, Sendable, CaseIterable {
  /// Its photograph or video.
  case medium = "Medium"
  /// The small picture that is kept of it.
  case crop = "Crop"
}

/// What came of embedding one figure anew.
public struct FigureReembedding: Hashable, Sendable {
  public let figure: FigureID
  /// `nil` if it could not be embedded.
  public let embedding: Embedding?
  public let origin: EmbeddingOrigin?
  /// Why its medium did not serve; the store does not look into it.
  public let obstacle: String?

  public init(
    figure: FigureID, embedding: Embedding?, origin: EmbeddingOrigin?, obstacle: String?
  ) {
    self.figure = figure
    self.embedding = embedding
    self.origin = origin
    self.obstacle = obstacle
  }
}

/// How far embedding all figures anew has come.
public struct ModelSwitchExtent: Hashable, Sendable {
  /// Figures of all libraries.
  public var figures = 0
  /// Those that have an embedding of the new model.
  public var embedded = 0
  /// Those of them whose embedding was made from the picture that is kept, not from the medium.
  public var embeddedFromCrops = 0
  /// Figures that cannot be embedded, by what is wrong with their media.
  public var failed: [String: Int] = [:]

  public init() {}
}

/// What a change of the model does in one library.
public struct ModelSwitchPlan: Hashable, Sendable {
  public let library: LibraryID
  public let plan: ReclusteringPlanID
  /// The event by which it was done; `nil` before, or if the log was erased.
  public let event: IdentityEventID?
}
