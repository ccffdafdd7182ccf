public import FaceTypes
public import MatchLanguage

/// Which media are searched for, and in which order they come.
public struct MediaSearch: Hashable, Sendable {
  /// One of several things that media are sorted by.
  public struct SortKey: Hashable, Sendable {
    public var field: SortField
    public var order: SortOrder

    public init(_ field: SortField, _ order: SortOrder) {
      self.field = field
      self.order = order
    }
  }

  /// What media can be sorted by.
  public enum SortField: Hashable, Sendable, CaseIterable {
    case created, modified, captured, title, inputURL, mediaID, fileSize, width, height, faceCount
  }

  public var library: LibraryID
  /// What must hold; anything if `nil`.
  public var match: MatchExpression?
  /// What must hold as well, of the user's own fields.
  public var customFields: [CustomFieldCondition]
  /// Only these; all if `nil`.
  public var among: [MediaID]?
  /// The first counts most; without any, the latest medium comes first.
  public var sort: [SortKey]

  public init(
    library: LibraryID, match: MatchExpression? = nil, customFields: [CustomFieldCondition] = [],
    among: [MediaID]? = nil, sort: [SortKey] = []
  ) {
    self.library = library
    self.match = match
    self.customFields = customFields
    self.among = among
    self.sort = sort
  }
}

/// How many media fulfil a search.
public struct MediaTotal: Hashable, Sendable {
  public var count: Int
  /// Whether there may be more than `count`.
  public var isLowerBound: Bool

  public init(count: Int, isLowerBound: Bool) {
    self.count = count
    self.isLowerBound = isLowerBound
  }
}

extension Snapshot {
  /// Longer lists of candidates are not worth being looked at one by one.
  private static var candidateLimit: Int { 5000 }
  /// So many media are counted among without being asked whether that is worth it.
  private static var effortlessCount: Int { 10_000 }

  /// The first media that fulfil a search, in its order, and how many do.
  ///
  /// Where an index names few candidates, those are looked at; otherwise the media are walked
  /// through in the order of the search until there are enough.
  ///
  /// - Parameters:
  ///   - search: what is searched for.
  ///   - offset: how many to pass over.
  ///   - count: how many at most.
  ///   - countsAll: counts exactly even where that takes long.
  /// - Returns: the media, and their number: exact in libraries of up to 10,000 media, where an
  ///   index names the candidates, or where `countsAll`.
  /// - Throws: ``StoreError``.
  public final func media(
    _ search: MediaSearch, offset: Int = 0, count: Int, countsAll: Bool = false
  ) throws(StoreError) -> (media: [MediaID], total: MediaTotal) {
    let condition = search.condition
    let order = search.sortTerms
    let source: SQL
    let candidates = try fewestCandidates(of: search)
    if let candidates {
      source = """
        (SELECT DISTINCT id FROM (\(candidates))) AS candidate
        CROSS JOIN media ON media.id = candidate.id
        """
    } else {
      source = "media"
    }
    let media = try rows(
      """
      SELECT media.id FROM \(source) WHERE media.library = \(search.library) AND \(condition)
      ORDER BY \(order) LIMIT \(count) OFFSET \(offset)
      """
    ) { $0.id() as MediaID }
    if media.count < count && (offset == 0 || !media.isEmpty) {
      return (media, MediaTotal(count: offset + media.count, isLowerBound: false))
    }
    if candidates != nil || countsAll || search.isEverything {
      let total = try self.count(
        """
        SELECT count(*) FROM \(source) WHERE media.library = \(search.library) AND \(condition)
        """)
      return (media, MediaTotal(count: total, isLowerBound: false))
    }
    // As many as there are among the first of the library, which is all of a small one.
    let (seen, found) =
      try firstRow(
        """
        SELECT count(*), total(\(condition)) FROM (
          SELECT * FROM media WHERE library = \(search.library)
          ORDER BY created DESC, id DESC LIMIT \(Self.effortlessCount)
        ) AS media
        """
      ) { ($0.int(), Int($0.double())) } ?? (0, 0)
    return (
      media,
      MediaTotal(
        count: max(found, offset + media.count), isLowerBound: seen == Self.effortlessCount)
    )
  }

  /// The shortest list of candidates that an index gives; `nil` if all are long.
  private final func fewestCandidates(of search: MediaSearch) throws(StoreError) -> SQL? {
    if let among = search.among {
      let numbers = "[" + among.map { "\($0.rawValue)" }.joined(separator: ",") + "]"
      return "SELECT value AS id FROM json_each(\(numbers))"
    }
    var best: (candidates: SQL, count: Int)?
    for condition in search.match?.necessaryConditions ?? [] {
      guard let candidates = try self.candidates(for: condition, in: search.library) else {
        continue
      }
      let limit = best?.count ?? Self.candidateLimit
      let count = try count("SELECT count(*) FROM (\(candidates) LIMIT \(limit))")
      if count < limit { best = (candidates, count) }
    }
    return best?.candidates
  }
}

extension MatchExpression {
  /// Conditions that hold wherever the whole does.
  fileprivate var necessaryConditions: [MatchCondition] {
    switch self {
    case .condition(let condition): [condition]
    case .all(let parts): parts.flatMap(\.necessaryConditions)
    case .not, .any: []
    }
  }
}

extension MediaSearch {
  /// Whether every medium of the library fulfils it.
  fileprivate var isEverything: Bool { match == nil && customFields.isEmpty && among == nil }

  /// What must hold of the row `media`.
  var condition: SQL {
    ([match?.condition ?? "TRUE"] + customFields.map(\.condition)).conjunction
  }

  fileprivate var sortTerms: SQL {
    let keys = sort.isEmpty ? [SortKey(.created, .descending)] : sort
    let last: SQL =
      keys[0].order == .descending ? "media.id DESC" : "media.id ASC"
    return
      (keys.map { key -> SQL in
        key.order == .descending ? "\(key.field.column) DESC" : "\(key.field.column) ASC"
      } + [last]).joined(by: ", ")
  }
}

extension MediaSearch.SortField {
  fileprivate var column: SQL {
    switch self {
    case .created: "media.created"
    case .modified: "media.updated"
    case .captured: "media.captured_local"
    case .title: "media.title"
    case .inputURL: "media.uri"
    case .mediaID: "media.public_id"
    case .fileSize: "media.byte_count"
    case .width: "media.width"
    case .height: "media.height"
    case .faceCount: "(SELECT count(*) FROM figures WHERE figures.media = media.id)"
    }
  }
}
