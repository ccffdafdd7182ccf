/// AggregateMedia.
public struct AggregateMediaResult: Codable, Equatable, Sendable {
  public var groups: [Group]
  public init(groups: [Group]) { self.groups = groups }
  enum CodingKeys: String, CodingKey { case groups = "Groups" }

  /// Media that have something in common.
  public struct Group: Codable, Equatable, Sendable {
    /// One for each of GroupBy; `null` where the media have none.
    public var values: [String?]
    public var count: Int

    public init(values: [String?], count: Int) {
      self.values = values
      self.count = count
    }

    enum CodingKeys: String, CodingKey {
      case values = "Values"
      case count = "Count"
    }
  }
}

/// QueryPeopleTogether.
public struct PeopleTogetherResult: Codable, Equatable, Sendable {
  public var pairs: [Pair]
  public init(pairs: [Pair]) { self.pairs = pairs }
  enum CodingKeys: String, CodingKey { case pairs = "Pairs" }

  /// Two people who are in the same media.
  public struct Pair: Codable, Equatable, Sendable {
    public var figureClusters: [Person]
    public var mediaCount: Int

    public init(figureClusters: [Person], mediaCount: Int) {
      self.figureClusters = figureClusters
      self.mediaCount = mediaCount
    }

    enum CodingKeys: String, CodingKey {
      case figureClusters = "FigureClusters"
      case mediaCount = "MediaCount"
    }
  }

  /// One of them.
  public struct Person: Codable, Equatable, Sendable {
    public var objectID: String
    public var name: String?

    public init(objectID: String, name: String?) {
      self.objectID = objectID
      self.name = name
    }

    enum CodingKeys: String, CodingKey {
      case objectID = "ObjectId"
      case name = "Name"
    }
  }
}
