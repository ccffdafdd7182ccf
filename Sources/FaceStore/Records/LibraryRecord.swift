public import FaceTypes

/// A library as it is stored.
public struct LibraryRecord: Hashable, Sendable {
  public let id: LibraryID
  public let name: String
  public let description: String
  /// A JSON text; the store does not look into it.
  public let settings: String
  public let created: Timestamp
  public let updated: Timestamp
}

/// What an update of a library changes.
public struct LibraryUpdate: Hashable, Sendable {
  public var name: Update<String>
  public var description: Update<String>
  /// A JSON text.
  public var settings: Update<String>

  public init(
    name: Update<String> = .keep, description: Update<String> = .keep,
    settings: Update<String> = .keep
  ) {
    self.name = name
    self.description = description
    self.settings = settings
  }
}

/// How much a library holds.
public struct LibraryCounts: Hashable, Sendable {
  public let images: Int
  public let videos: Int
  /// Media whose analysis has failed; they are counted among the images and videos too.
  public let failed: Int
  public let figures: Int
  /// Figures without a cluster.
  public let waitingFigures: Int
  public let clusters: Int
}
