internal import FaceTypes
internal import Synchronization

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

  /// One hit: a medium with its best figure.
  struct Hit: Sendable {
    let media: MediaID
    let figure: FigureID
    /// The probability that the figure shows the searched person, in 0…1.
    let score: Float
    /// All figures of the medium that may show the person, each with its probability.
    let figures: [FigureID: Float]
  }

  /// A search and its answer.
  struct Search: Sendable {
    /// Everything that decides the answer besides the image: filters, threshold, model.
    let conditions: [UInt8]
    /// SHA-256 of the image that was searched by.
    let imageDigest: [UInt8]
    let queryFace: Face
    /// Faces in the query's image.
    let faceCount: Int
    /// Best first.
    let hits: [Hit]
  }

  private struct Entry {
    let search: Search
    var lastUse: ContinuousClock.Instant
  }

  /// Searches kept at a time; the one that was not used for longest goes first.
  static let capacity = 1024

  private let entries = Mutex<[Key: Entry]>([:])
  private let lifetime: Duration

  /// - Parameter lifetime: how long after its last use a token expires.
  init(lifetime: Duration) { self.lifetime = lifetime }

  /// The search under `key`, whose life this prolongs; `nil` if there is none or it expired.
  func search(_ key: Key, now: ContinuousClock.Instant = .now) -> Search? {
    entries.withLock { entries in
      guard var entry = entries[key], now - entry.lastUse < lifetime else {
        entries[key] = nil
        return nil
      }
      entry.lastUse = now
      entries[key] = entry
      return entry.search
    }
  }

  /// Keeps `search` under `key`, in place of what was there.
  func keep(_ search: Search, as key: Key, now: ContinuousClock.Instant = .now) {
    entries.withLock { entries in
      entries = entries.filter { now - $0.value.lastUse < lifetime }
      if entries.count >= Self.capacity, entries[key] == nil,
        let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
      {
        entries[oldest] = nil
      }
      entries[key] = Entry(search: search, lastUse: now)
    }
  }

  /// Forgets everything that was asked of `library`.
  func forget(_ library: LibraryID) {
    entries.withLock { $0 = $0.filter { $0.key.library != library } }
  }
}
