public import FaceTypes

/// What media are counted by.
public enum MediaGrouping: String, Hashable, Sendable, CaseIterable {
  case person, year, month, mediaType, tag
}

/// How many media have something in common.
public struct MediaGroup: Hashable, Sendable {
  /// One value for each grouping; `nil` where a medium has none.
  public let values: [String?]
  public let count: Int
}

/// How many media show two people.
public struct PeopleTogether: Hashable, Sendable {
  public let first: ClusterID
  public let second: ClusterID
  public let count: Int
}

extension Snapshot {
  /// Counts the media that fulfil a search by one or two properties, the largest groups first.
  ///
  /// A medium counts once for each of its people and tags; years and months are the camera's.
  public final func groups(
    of search: MediaSearch, by groupings: [MediaGrouping], limit: Int
  ) throws(StoreError) -> [MediaGroup] {
    precondition((1...2).contains(groupings.count), "media are grouped by one or two properties")
    let first = groupings[0].column
    let second: SQL = groupings.count > 1 ? groupings[1].column : "NULL"
    let joins = groupings.compactMap(\.join).joined(by: " ")
    return try rows(
      """
      SELECT \(first) AS first_value, \(second) AS second_value, count(DISTINCT media.id) AS size
      FROM media \(joins)
      WHERE media.library = \(search.library) AND \(search.condition)
      GROUP BY first_value, second_value ORDER BY size DESC, first_value, second_value
      LIMIT \(limit)
      """
    ) { row throws(StoreError) in
      let values = [row.optionalText(), row.optionalText()]
      return MediaGroup(values: Array(values.prefix(groupings.count)), count: row.int())
    }
  }

  /// Pairs of people who are in the same media, the most frequent first.
  public final func peopleTogether(
    in search: MediaSearch, limit: Int
  ) throws(StoreError) -> [PeopleTogether] {
    try rows(
      """
      SELECT one.cluster, other.cluster, count(DISTINCT media.id) AS size
      FROM media JOIN figures AS one ON one.media = media.id
      JOIN figures AS other ON other.media = media.id AND other.cluster > one.cluster
      WHERE media.library = \(search.library) AND \(search.condition)
      GROUP BY one.cluster, other.cluster ORDER BY size DESC, one.cluster, other.cluster
      LIMIT \(limit)
      """
    ) { PeopleTogether(first: $0.id(), second: $0.id(), count: $0.int()) }
  }
}

extension MediaGrouping {
  fileprivate var column: SQL {
    switch self {
    case .person: "person_cluster.name"
    case .year: "strftime('%Y', media.captured_local / 1000, 'unixepoch')"
    case .month: "strftime('%Y-%m', media.captured_local / 1000, 'unixepoch')"
    case .mediaType: "media.media_type"
    case .tag: "grouped_tag.tag"
    }
  }

  /// Media without a named person or a tag are in no group of those.
  fileprivate var join: SQL? {
    switch self {
    case .person:
      """
      JOIN figures AS person_figure ON person_figure.media = media.id
      JOIN clusters AS person_cluster ON person_cluster.id = person_figure.cluster
        AND person_cluster.name IS NOT NULL
      """
    case .tag: "JOIN media_tags AS grouped_tag ON grouped_tag.media = media.id"
    case .year, .month, .mediaType: nil
    }
  }
}
