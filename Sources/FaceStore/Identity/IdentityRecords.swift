public import FaceTypes

/// An event of the identity log, by its row.
public struct IdentityEventID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// What somebody, or the machine, did to who is who.
public enum IdentityEventKind: String, Hashable, Sendable, CaseIterable {
  /// The machine placed faces as media came and went.
  case clustering = "Clustering"
  /// The machine clustered a library anew, or a plan of it was applied.
  case reclustering = "Reclustering"
  /// Name, cover, labels and the like of clusters.
  case update = "Update"
  case merge = "Merge"
  case split = "Split"
  /// Figures were put into a cluster.
  case move = "Move"
  /// "This is not them."
  case rejection = "Rejection"
  case notAFace = "NotAFace"
  /// Two figures were said to show one person.
  case link = "Link"
  /// Two figures were said to show two people.
  case separation = "Separation"
  /// Another model took the place of the one before.
  case modelSwitch = "ModelSwitch"
  /// People came from a file.
  case peopleImport = "PeopleImport"
  /// What contradicted itself was mended.
  case repair = "Repair"
  /// Another event was taken back.
  case undo = "Undo"
}

/// One entry of the identity log.
public struct IdentityEventRecord: Hashable, Sendable {
  public let id: IdentityEventID
  /// The name that clients know it by, also to undo it.
  public let publicID: PublicIdentifier
  public let library: LibraryID
  public let kind: IdentityEventKind
  /// The user id of who asked; `nil` for the machine's own decisions.
  public let requestedBy: UInt32?
  /// The event that this one took back.
  public let reverses: IdentityEventID?
  /// The event that took this one back.
  public let reversedBy: IdentityEventID?
  public let created: Timestamp
}

/// Where a figure is, and why.
public struct FigurePlacement: Hashable, Sendable {
  public let cluster: ClusterID?
  /// In 0…1.
  public let confidence: Float?
  public let waitingReason: String?

  public init(cluster: ClusterID?, confidence: Float?, waitingReason: String?) {
    self.cluster = cluster
    self.confidence = confidence
    self.waitingReason = waitingReason
  }
}

/// What an event did to one figure.
public struct PlacementChange: Hashable, Sendable {
  public let figure: FigureID
  public let before: FigurePlacement
  public let after: FigurePlacement
}

/// What an event did to one cluster; `nil` while there is none.
public struct ClusterIdentityChange: Hashable, Sendable {
  public let cluster: ClusterID
  public let before: ClusterIdentity?
  public let after: ClusterIdentity?
}

/// What a user said of who is who, in the store's words.
public enum IdentityStatement: Hashable, Sendable {
  /// The figure shows the cluster's person.
  case pin(FigureID, ClusterID)
  /// The figure does not show the cluster's person.
  case exclude(FigureID, ClusterID)
  /// Both figures show one person.
  case mustLink(FigureID, FigureID)
  /// The figures show two people.
  case cannotLink(FigureID, FigureID)
  /// The figure is no face.
  case notAFace(FigureID)
}

/// A statement that an event made or took back.
public struct StatementChange: Hashable, Sendable {
  public let statement: IdentityStatement
  public let isAdded: Bool
}

/// Everything that an event did.
public struct IdentityEffects: Hashable, Sendable {
  public var placements: [PlacementChange] = []
  public var clusters: [ClusterIdentityChange] = []
  public var statements: [StatementChange] = []
}
