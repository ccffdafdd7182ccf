public import FaceTypes

/// A medium as it is stored.
public struct MediaRecord: Hashable, Sendable {
  public let id: MediaID
  public let publicID: PublicIdentifier
  public let library: LibraryID
  /// Where the file is; unique in its library.
  public let uri: String
  public let mediaType: MediaType
  public let status: MediaStatus
  public let content: MediaContent
  public internal(set) var details: MediaDetails
  public let created: Timestamp
  public let updated: Timestamp
}

/// How far the analysis of a medium has come.
public enum MediaStatus: Hashable, Sendable {
  case registered
  case analysing
  case ready
  case failed(code: String, message: String)

  /// The status without the reason of a failure.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case registered, analysing, ready, failed
  }

  public var kind: Kind {
    switch self {
    case .registered: .registered
    case .analysing: .analysing
    case .ready: .ready
    case .failed: .failed
    }
  }
}

/// What the file of a medium says; `nil` where it is not known.
public struct MediaContent: Hashable, Sendable {
  public var byteCount: Int64?
  /// The SHA-256 digest of the file, 32 bytes.
  public var sha256: [UInt8]?
  /// When the file was last changed.
  public var modified: Timestamp?
  /// The name of the file format.
  public var format: String?
  public var dimensions: MediaDimensions?
  public var captureTime: CaptureTime?
  public var position: GeographicPosition?
  public var cameraMake: String?
  public var cameraModel: String?

  public init(
    byteCount: Int64? = nil, sha256: [UInt8]? = nil, modified: Timestamp? = nil,
    format: String? = nil, dimensions: MediaDimensions? = nil, captureTime: CaptureTime? = nil,
    position: GeographicPosition? = nil, cameraMake: String? = nil, cameraModel: String? = nil
  ) {
    self.byteCount = byteCount
    self.sha256 = sha256
    self.modified = modified
    self.format = format
    self.dimensions = dimensions
    self.captureTime = captureTime
    self.position = position
    self.cameraMake = cameraMake
    self.cameraModel = cameraModel
  }
}

/// The size of a picture in pixels, as stored and as seen upright.
public struct MediaDimensions: Hashable, Sendable {
  public var storedWidth: Int
  public var storedHeight: Int
  /// Upright.
  public var width: Int
  /// Upright.
  public var height: Int
  /// The orientation tag of EXIF, 1…8.
  public var orientation: Int

  public init(storedWidth: Int, storedHeight: Int, width: Int, height: Int, orientation: Int) {
    self.storedWidth = storedWidth
    self.storedHeight = storedHeight
    self.width = width
    self.height = height
    self.orientation = orientation
  }
}

/// What the user says about a medium.
public struct MediaDetails: Hashable, Sendable {
  public var title: String?
  public var description: String?
  public var tags: [String]
  public var namespace: String?
  /// The user's own key; unique in the library if given.
  public var referenceID: String?
  public var userData: String?
  /// The user's own fields, such as `intField1` and `strField1`.
  public var customFields: [String: CustomValue]
  /// What others have made of the medium: text in it, speech, labels, captions.
  public var texts: [AttachedText]

  public init(
    title: String? = nil, description: String? = nil, tags: [String] = [],
    namespace: String? = nil, referenceID: String? = nil, userData: String? = nil,
    customFields: [String: CustomValue] = [:], texts: [AttachedText] = []
  ) {
    self.title = title
    self.description = description
    self.tags = tags
    self.namespace = namespace
    self.referenceID = referenceID
    self.userData = userData
    self.customFields = customFields
    self.texts = texts
  }
}

/// The value of a user's own field.
public enum CustomValue: Hashable, Sendable {
  case integer(Int64)
  case text(String)
}

/// A medium to be inserted.
public struct NewMedia: Hashable, Sendable {
  public var publicID: PublicIdentifier
  public var library: LibraryID
  public var uri: String
  public var mediaType: MediaType
  public var status: MediaStatus
  public var content: MediaContent
  public var details: MediaDetails

  public init(
    publicID: PublicIdentifier = .random(), library: LibraryID, uri: String, mediaType: MediaType,
    status: MediaStatus = .registered, content: MediaContent = MediaContent(),
    details: MediaDetails = MediaDetails()
  ) {
    self.publicID = publicID
    self.library = library
    self.uri = uri
    self.mediaType = mediaType
    self.status = status
    self.content = content
    self.details = details
  }
}

/// Which media of a library are wanted, in which order; every condition must hold.
public struct MediaQuery: Hashable, Sendable {
  public var library: LibraryID
  public var mediaType: MediaType?
  public var namespace: String?
  public var statuses: Set<MediaStatus.Kind>?
  public var created: TimestampRange
  /// By the camera's local clock.
  public var captured: TimestampRange
  public var customFields: [CustomFieldCondition]
  /// Media that show all of these people.
  public var clusters: [ClusterID]
  public var sort: MediaSort
  public var order: SortOrder

  public init(
    library: LibraryID, mediaType: MediaType? = nil, namespace: String? = nil,
    statuses: Set<MediaStatus.Kind>? = nil, created: TimestampRange = TimestampRange(),
    captured: TimestampRange = TimestampRange(), customFields: [CustomFieldCondition] = [],
    clusters: [ClusterID] = [], sort: MediaSort = .id, order: SortOrder = .ascending
  ) {
    self.library = library
    self.mediaType = mediaType
    self.namespace = namespace
    self.statuses = statuses
    self.created = created
    self.captured = captured
    self.customFields = customFields
    self.clusters = clusters
    self.sort = sort
    self.order = order
  }
}

/// What media can be sorted by; equal media are sorted by id.
public enum MediaSort: UInt8, Hashable, Sendable, CaseIterable {
  /// The order of registration.
  case id = 16
  case created
  case updated
  /// The camera's local clock; pictures without one come first in ascending order.
  case captured
  case title
  case uri
}

/// A condition on a user's own field; never true for a medium without the field.
public struct CustomFieldCondition: Hashable, Sendable {
  /// How the value of a field is compared.
  public enum Match: Hashable, Sendable {
    case equal(CustomValue)
    case anyOf([CustomValue])
    /// Both ends included; an end that is `nil` is open.
    case range(from: CustomValue?, through: CustomValue?)
  }

  public var field: String
  public var match: Match

  public init(field: String, match: Match) {
    self.field = field
    self.match = match
  }
}
