public import FaceTypes

/// A cluster as it is stored.
public struct ClusterRecord: Hashable, Sendable {
  public let id: ClusterID
  public let publicID: PublicIdentifier
  public let library: LibraryID
  public let name: String?
  public let customID: String?
  public internal(set) var customLabels: [String: String] = [:]
  /// The cover that the user chose.
  public let chosenCover: FigureID?
  /// The figure of the best quality; `nil` in an empty cluster.
  public let bestFigure: FigureID?
  public let isHidden: Bool
  public let isFavourite: Bool
  /// A stranger: kept and grown like others, and left out of lists.
  public let isIgnored: Bool
  /// A user put the cluster together, so the machine only adds to it.
  public let isConfirmed: Bool
  /// `YYYY-MM-DD`.
  public let birthDate: String?
  /// The enrolled person whom a user said it shows.
  public let entity: EntityID?
  /// The cluster that this one was merged into; it has no figures then.
  public let mergedInto: ClusterID?
  /// Starts at 0 and grows by one with each change by a user.
  public let metaLockVersion: Int64
  public let faceCount: Int
  /// How many different images the figures are in.
  public let imageCount: Int
  /// How many different videos the figures are in.
  public let videoCount: Int
  public let created: Timestamp
  /// The last change of the metadata or of the figures.
  public let updated: Timestamp

  /// The user's cover, otherwise the best figure.
  public var cover: FigureID? { chosenCover ?? bestFigure }
}

/// What a user changes in a cluster.
public struct ClusterUpdate: Hashable, Sendable {
  public var name: Update<String?>
  public var customID: Update<String?>
  /// Replaces all labels.
  public var customLabels: Update<[String: String]>
  /// A figure of the cluster; `nil` goes back to the best one.
  public var cover: Update<FigureID?>
  public var isHidden: Update<Bool>
  public var isFavourite: Update<Bool>
  public var isIgnored: Update<Bool>
  public var isConfirmed: Update<Bool>
  /// `YYYY-MM-DD`.
  public var birthDate: Update<String?>
  /// An enrolled person.
  public var entity: Update<EntityID?>

  public init(
    name: Update<String?> = .keep, customID: Update<String?> = .keep,
    customLabels: Update<[String: String]> = .keep, cover: Update<FigureID?> = .keep,
    isHidden: Update<Bool> = .keep, isFavourite: Update<Bool> = .keep,
    isIgnored: Update<Bool> = .keep, isConfirmed: Update<Bool> = .keep,
    birthDate: Update<String?> = .keep, entity: Update<EntityID?> = .keep
  ) {
    self.name = name
    self.customID = customID
    self.customLabels = customLabels
    self.cover = cover
    self.isHidden = isHidden
    self.isFavourite = isFavourite
    self.isIgnored = isIgnored
    self.isConfirmed = isConfirmed
    self.birthDate = birthDate
    self.entity = entity
  }
}

/// What clusters can be sorted by; equal clusters are sorted by id.
public enum ClusterSort: UInt8, Hashable, Sendable, CaseIterable {
  case id = 32
  case imageCount
  case videoCount
  case faceCount
  case created
  case updated
  /// By code points; clusters without a name come first in ascending order.
  case name
  /// Clusters of which it is not known come first in ascending order, as with the next.
  case gender
  case averageAge
}

/// Which clusters of a library are wanted, in which order; every condition must hold.
public struct ClusterQuery: Hashable, Sendable {
  public var library: LibraryID
  public var name: String?
  public var customID: String?
  /// Labels that a cluster must have, with these values.
  public var customLabels: [String: String]
  public var created: TimestampRange
  public var updated: TimestampRange
  public var minimumFaceCount: Int
  /// What most of the faces are taken for.
  public var gender: Gender?
  /// Years.
  public var averageAge: ClosedRange<Double>?
  public var includesHidden: Bool
  public var includesIgnored: Bool
  public var sort: ClusterSort
  public var order: SortOrder

  public init(
    library: LibraryID, name: String? = nil, customID: String? = nil,
    customLabels: [String: String] = [:], created: TimestampRange = TimestampRange(),
    updated: TimestampRange = TimestampRange(), minimumFaceCount: Int = 0,
    gender: Gender? = nil, averageAge: ClosedRange<Double>? = nil, includesHidden: Bool = true,
    includesIgnored: Bool = true, sort: ClusterSort = .id,
    order: SortOrder = .ascending
  ) {
    self.library = library
    self.name = name
    self.customID = customID
    self.customLabels = customLabels
    self.created = created
    self.updated = updated
    self.minimumFaceCount = minimumFaceCount
    self.gender = gender
    self.averageAge = averageAge
    self.includesHidden = includesHidden
    self.includesIgnored = includesIgnored
    self.sort = sort
    self.order = order
  }
}
