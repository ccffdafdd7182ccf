public import FaceTypes

/// What kind of person an entity is, in the reference's words.
public enum EntityCategory: String, Hashable, Sendable, CaseIterable {
  case celebrity, sensitive, politician, custom, unknown
}

/// A collection of enrolled people.
public struct RecognitionLibraryRecord: Hashable, Sendable {
  public let id: RecognitionLibraryID
  public let publicID: PublicIdentifier
  public let name: String
  public let description: String
  public let created: Timestamp
}

/// A person enrolled by example.
public struct EntityRecord: Hashable, Sendable {
  public let id: EntityID
  public let publicID: PublicIdentifier
  public let recognitionLibrary: RecognitionLibraryID
  public let name: String
  /// The user's own JSON, if any.
  public let info: String?
  public let category: EntityCategory
  public let sampleCount: Int
  public let created: Timestamp
}

/// A picture of an enrolled person, of which only the embedding is kept.
public struct SampleRecord: Hashable, Sendable {
  public let publicID: PublicIdentifier
  public let entity: EntityID
  public let embedding: Embedding
  public let quality: Float
  public let prompt: String?
  public let created: Timestamp
}
