/// A model that is installed on the daemon's machine.
public struct InstalledModelMessage: Codable, Equatable, Sendable {
  /// 64 hexadecimal digits.
  public var fingerprint: String
  public var directory: String
  /// Whether it is the one that the configuration names; else it is the one before.
  public var isConfigured: Bool
  /// Whether faces are compared by it.
  public var isInUse: Bool

  public init(fingerprint: String, directory: String, isConfigured: Bool, isInUse: Bool) {
    self.fingerprint = fingerprint
    self.directory = directory
    self.isConfigured = isConfigured
    self.isInUse = isInUse
  }

  enum CodingKeys: String, CodingKey {
    case fingerprint = "Fingerprint"
    case directory = "Directory"
    case isConfigured = "Configured"
    case isInUse = "InUse"
  }
}

/// The change from one model to another.
public struct ModelSwitchMessage: Codable, Equatable, Sendable {
  public enum Status: String, Codable, Sendable {
    /// Faces are being embedded by the new model, or that was interrupted.
    case preparing = "Preparing"
    /// It can be applied.
    case ready = "Ready"
    /// The new model is in use; the embeddings of the old one are kept.
    case applied = "Applied"
  }

  public var status: Status
  /// The fingerprint of the model that is left.
  public var from: String
  /// The fingerprint of the model that takes its place.
  public var to: String
  /// The user id of who asked for the preparation.
  public var requestedBy: UInt32
  public var createTime: String
  public var prepareTime: String?
  public var applyTime: String?
  /// Faces of all libraries.
  public var figures: Int
  /// Those that have an embedding of the new model.
  public var embedded: Int
  /// Those of them that were embedded from the small picture that is kept, since the medium did not
  /// serve.
  public var embeddedFromCrops: Int
  /// Faces that cannot be embedded, by what is wrong with their media: `NoPath`, `Unreadable`,
  /// `Changed`, `Undecodable`, `FaceNotFound`.
  public var notEmbedded: [String: Int]
  /// Pictures of enrolled people that the new model cannot be compared with.
  public var samplesLeft: Int
  /// What the change does, library by library.
  public var plans: [FigureClusteringPlanMessage]

  public init(
    status: Status, from: String, to: String, requestedBy: UInt32, createTime: String,
    prepareTime: String?, applyTime: String?, figures: Int, embedded: Int, embeddedFromCrops: Int,
    notEmbedded: [String: Int], samplesLeft: Int, plans: [FigureClusteringPlanMessage]
  ) {
    self.status = status
    self.from = from
    self.to = to
    self.requestedBy = requestedBy
    self.createTime = createTime
    self.prepareTime = prepareTime
    self.applyTime = applyTime
    self.figures = figures
    self.embedded = embedded
    self.embeddedFromCrops = embeddedFromCrops
    self.notEmbedded = notEmbedded
    self.samplesLeft = samplesLeft
    self.plans = plans
  }

  enum CodingKeys: String, CodingKey {
    case status = "Status"
    case from = "From"
    case to = "To"
    case requestedBy = "RequestedBy"
    case createTime = "CreateTime"
    case prepareTime = "PrepareTime"
    case applyTime = "ApplyTime"
    case figures = "Figures"
    case embedded = "Embedded"
    case embeddedFromCrops = "EmbeddedFromCrops"
    case notEmbedded = "NotEmbedded"
    case samplesLeft = "SamplesLeft"
    case plans = "Plans"
  }
}

/// GetModelSwitch.
public struct ModelSwitchResult: Codable, Equatable, Sendable {
  /// The one of the configuration first.
  public var models: [InstalledModelMessage]
  /// Absent while no change is prepared or kept.
  public var change: ModelSwitchMessage?

  public init(models: [InstalledModelMessage], change: ModelSwitchMessage?) {
    self.models = models
    self.change = change
  }

  enum CodingKeys: String, CodingKey {
    case models = "Models"
    case change = "ModelSwitch"
  }
}

/// DiscardModelSwitch.
public struct DiscardModelSwitchResult: Codable, Equatable, Sendable {
  public var embeddingsErased: Int

  public init(embeddingsErased: Int) { self.embeddingsErased = embeddingsErased }

  enum CodingKeys: String, CodingKey { case embeddingsErased = "EmbeddingsErased" }
}
