/// SearchMediaByHybrid.
public struct SearchMediaByHybridResult: Codable, Equatable, Sendable {
  public var mediaList: [HybridMedia]
  public var total: Int
  /// What was understood of the text.
  public var query: HybridQuery?

  public init(mediaList: [HybridMedia], total: Int, query: HybridQuery?) {
    self.mediaList = mediaList
    self.total = total
    self.query = query
  }

  enum CodingKeys: String, CodingKey {
    case mediaList = "MediaList"
    case total = "Total"
    case query = "Query"
  }
}

/// A medium that a line of words has found.
public struct HybridMedia: Codable, Equatable, Sendable {
  public var mediaID: String
  /// Where in it the words are.
  public var clipInfo: [HybridClip]
  /// Its share, in 0…1, of what the first in every recall would get.
  public var score: Double?
  /// What found it, and why.
  public var foundBy: [FoundBy]?
  /// What is known of it.
  public var mediaInfo: MediaMessage?

  public init(mediaID: String, clipInfo: [HybridClip]) {
    self.mediaID = mediaID
    self.clipInfo = clipInfo
  }

  enum CodingKeys: String, CodingKey {
    case mediaID = "MediaId"
    case clipInfo = "ClipInfo"
    case score = "Score"
    case foundBy = "FoundBy"
    case mediaInfo = "MediaInfo"
  }
}

/// A part of a medium that fits.
public struct HybridClip: Codable, Equatable, Sendable {
  /// Seconds.
  public var from: Double?
  public var to: Double?
  /// The share of the words, times how sure their source was; or how sure the face is of its
  /// cluster; in 0…1.
  public var score: Double
  /// The text with the words.
  public var content: String?
  /// The name of the person who is seen.
  public var labelName: String?
  /// `Cluster-` and a UUID.
  public var figureClusterID: String?

  public init(from: Double?, to: Double?, score: Double, content: String?) {
    self.from = from
    self.to = to
    self.score = score
    self.content = content
  }

  enum CodingKeys: String, CodingKey {
    case from = "From"
    case to = "To"
    case score = "Score"
    case content = "Content"
    case labelName = "LabelName"
    case figureClusterID = "FigureClusterId"
  }
}

/// A recall that found a medium.
public struct FoundBy: Codable, Equatable, Sendable {
  /// `together`, `people`, `words`, `date` or `attributes`.
  public var recall: String
  /// In the recall's own list, from 1.
  public var rank: Int
  public var reason: String

  public init(recall: String, rank: Int, reason: String) {
    self.recall = recall
    self.rank = rank
    self.reason = reason
  }

  enum CodingKeys: String, CodingKey {
    case recall = "Recall"
    case rank = "Rank"
    case reason = "Reason"
  }
}

/// What was understood of a line of words.
public struct HybridQuery: Codable, Equatable, Sendable {
  public var people: [String]
  /// Days, as `2024-08-01/2024-08-31`.
  public var dates: [String]
  public var mediaType: String?
  /// What faces are to express, as figures' `Emotion`; absent where nothing was said.
  public var emotions: [String]?
  public var terms: [String]

  public init(
    people: [String], dates: [String], mediaType: String?, emotions: [String]?, terms: [String]
  ) {
    self.people = people
    self.dates = dates
    self.mediaType = mediaType
    self.emotions = emotions
    self.terms = terms
  }

  enum CodingKeys: String, CodingKey {
    case people = "People"
    case dates = "Dates"
    case mediaType = "MediaType"
    case emotions = "Emotions"
    case terms = "Terms"
  }
}
