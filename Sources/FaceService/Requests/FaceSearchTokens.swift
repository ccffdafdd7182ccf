internal import FaceTypes

/// The face searches that clients may page through, each under the token that names it.
///
/// A token stands for one answer, found once: its pages never shift under later imports. Tokens
/// hold faces, so they live in memory only, belong to the user who made them, and expire.
final class FaceSearchTokens: Sendable {
  /// Who may use a token, and what it is called.
  struct Key: Hashable, Sendable {
    let userID: UInt32
    let library: LibraryID
    let token: String
  }

  /// A medium with the figures that were found in it.
  struct Hit: Sendable {
    let media: MediaID
    /// Best first.
    var figures: [FigureHit]
  }

  /// A search and its answer.
  struct Search: Sendable {
    /// Everything that decides the answer besides the image: filters, threshold, model.
    let conditions: [UInt8]
    /// SHA-256 of each image that was searched by.
    let imageDigest: [UInt8]
    /// The face of the image that was searched by; `nil` for a search by what is stored.
    let queryFace: Face?
    /// Which face of the image that is, from 0.
    let queryIndex: Int?
    /// Faces in the query's image.
    let faceCount: Int
    /// Best first.
    let hits: [Hit]
  }

  private static let capacity = 1024

  private let searches: ExpiringTable<Key, Search>

  /// - Parameter lifetime: how long after its last use a token expires.
  init(lifetime: Duration) {
    searches = ExpiringTable(lifetime: lifetime, capacity: Self.capacity)
  }

  /// The search under `key`, whose life this prolongs; `nil` if there is none or it expired.
  func search(_ key: Key) -> Search? { searches.value(key) }

  /// Keeps `search` under `key`, in place of what was there.
  func keep(_ search: Search, as key: Key) { searches.keep(search, as: key) }

  /// Forgets one search.
  func forget(_ key: Key) { searches.forget { $0 == key } }

  /// Forgets every search.
  func forgetAll() { searches.forget { _ in true } }

  /// Forgets everything that was asked of `library`.
  func forget(_ library: LibraryID) { searches.forget { $0.library == library } }
}
