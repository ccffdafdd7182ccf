internal import FaceStore
internal import FaceTypes

/// The searches for media that clients may scroll through.
///
/// A token stands for a place in one list of media, found once: what is stored, changed or deleted
/// later neither repeats nor hides any of them. Each page has a token for the next one; an older
/// one can be used again, to repeat its page.
final class MediaScrolls: Sendable {
  /// Who may use a token, and what it is called.
  struct Key: Hashable, Sendable {
    let userID: UInt32
    let library: LibraryID
    let token: String
  }

  /// A place in a list.
  struct Place: Sendable {
    /// Everything that decides the list.
    let conditions: [UInt8]
    let media: [MediaID]
    let total: MediaTotal
    /// How many of `media` were shown.
    var shown: Int
  }

  /// Media of one search that can be scrolled through, as the reference has it.
  static let limit = 1000
  private static let capacity = 4096

  private let places: ExpiringTable<Key, Place>

  /// - Parameter lifetime: how long after its last use a token expires.
  init(lifetime: Duration) {
    places = ExpiringTable(lifetime: lifetime, capacity: Self.capacity)
  }

  func place(_ key: Key) -> Place? { places.value(key) }

  /// Keeps a place.
  ///
  /// - Returns: the token for it, 32 characters.
  func token(for place: Place, userID: UInt32, library: LibraryID) -> String {
    let token = PublicIdentifier.random().hexadecimal.uppercased()
    places.keep(place, as: Key(userID: userID, library: library, token: token))
    return token
  }

  /// Forgets everything that was asked of `library`.
  func forget(_ library: LibraryID) { places.forget { $0.library == library } }
}
