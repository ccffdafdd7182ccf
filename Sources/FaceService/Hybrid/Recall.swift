internal import FaceStore
internal import FaceTypes
internal import QueryText

/// One way of finding media by a line of words; several run side by side.
///
/// Each gives its best media first, and what it gives is fused by rank alone
/// (``ReciprocalRankFusion``), so that their scores need not be comparable. A further recall, such
/// as one by embeddings of text, is one more of these.
protocol Recall: Sendable {
  /// As answers name it.
  var name: String { get }

  /// The media that fit, best first; none where the query says nothing to this recall.
  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID]

  /// Why this recall found a medium, in words.
  func reason(for query: TextQuery, _ medium: MediaRecord) -> String
}

/// Where a recall looks.
struct RecallScope {
  let snapshot: Snapshot
  let library: LibraryID
  /// How many media a recall gives at most.
  let limit: Int
}

/// Joins ranked lists into one: a medium's score is the sum of 1 / (60 + rank) over the lists
/// (Cormack, Clarke and Büttcher, 2009).
struct ReciprocalRankFusion {
  /// A medium with what found it.
  struct Entry: Sendable {
    let media: MediaID
    var score: Double
    /// Positions of lists, with the rank in each, from 1.
    var ranks: [(list: Int, rank: Int)]
  }

  private static let constant = 60.0

  /// The media of all lists, best first; the latest stored first among equals.
  static func fuse(_ lists: [[MediaID]]) -> [Entry] {
    var entries: [MediaID: Entry] = [:]
    for (list, media) in lists.enumerated() {
      for (position, media) in media.enumerated() {
        var entry = entries[media] ?? Entry(media: media, score: 0, ranks: [])
        entry.score += 1 / (constant + Double(position + 1))
        entry.ranks.append((list, position + 1))
        entries[media] = entry
      }
    }
    // As a share of what the first of every list would get.
    let best = Double(max(1, lists.count { !$0.isEmpty })) / (constant + 1)
    return entries.values
      .map { Entry(media: $0.media, score: $0.score / best, ranks: $0.ranks) }
      .sorted { ($0.score, $0.media) > ($1.score, $1.media) }
  }
}
