internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import Synchronization
internal import WireProtocol

/// The people enrolled by example, in memory; read anew from the store after each change.
final class EnrolledPeople: Sendable {
  private struct Content {
    var gallery = EntityGallery([])
    var entities: [EntityID: EntityRecord] = [:]
  }

  /// How often a stranger may be taken for one enrolled person where nobody says otherwise.
  static let standardRate = 0.0001

  private let store: FaceStore
  private let content = Mutex(Content())

  init(store: FaceStore) throws {
    self.store = store
    try reload()
  }

  /// Reads everybody from the store.
  func reload() throws {
    let new = try store.read { snapshot in
      var entities: [EntityID: EntityRecord] = [:]
      for library in try snapshot.recognitionLibraries() {
        for entity in try snapshot.entities(in: library.id) { entities[entity.id] = entity }
      }
      let samples = try snapshot.samples().map {
        EntityGallery.Sample(entity: $0.entity, embedding: $0.embedding)
      }
      return Content(gallery: EntityGallery(samples), entities: entities)
    }
    content.withLock { $0 = new }
  }

  /// Those whom the faces of a library are compared with.
  func enrolled(for library: LibraryID, _ snapshot: Snapshot) throws -> Enrolled {
    let chosen = Set(try snapshot.recognitionLibraries(of: library).map(\.id))
    return enrolled { chosen.isEmpty || chosen.contains($0) }
  }

  /// Those of some collections.
  func enrolled(in isMeant: (RecognitionLibraryID) -> Bool) -> Enrolled {
    let content = content.withLock { $0 }
    return Enrolled(
      gallery: content.gallery,
      entities: content.entities.filter { isMeant($0.value.recognitionLibrary) })
  }
}

/// Some enrolled people, to compare faces with.
struct Enrolled: Sendable {
  fileprivate let gallery: EntityGallery
  fileprivate let entities: [EntityID: EntityRecord]

  fileprivate init(gallery: EntityGallery, entities: [EntityID: EntityRecord]) {
    self.gallery = gallery
    self.entities = entities
  }

  /// How many have a picture.
  var count: Int { entities.values.count { $0.sampleCount > 0 } }

  subscript(_ entity: EntityID) -> EntityRecord? { entities[entity] }

  /// Whom a face shows; `nil` if nobody who is enrolled.
  func match(
    _ face: Embedding, falseAcceptRate: Double = EnrolledPeople.standardRate
  ) -> (entity: EntityRecord, match: EntityGallery.Match)? {
    guard
      let match = gallery.match(
        face, falseAcceptRate: falseAcceptRate, among: { entities[$0] != nil }),
      let entity = entities[match.entity]
    else { return nil }
    return (entity, match)
  }
}
