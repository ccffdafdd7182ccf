/// SearchMediaClipByFace: when a person is seen in a video, in the shape of the reference.
public struct SearchMediaClipByFaceResult: Codable, Equatable, Sendable {
  /// One for each person, the most probable first.
  public var mediaClipList: [MediaClipMessage]
  /// Clips in all.
  public var total: Int

  public init(mediaClipList: [MediaClipMessage], total: Int) {
    self.mediaClipList = mediaClipList
    self.total = total
  }

  enum CodingKeys: String, CodingKey {
    case mediaClipList = "MediaClipList"
    case total = "Total"
  }
}

/// The appearances of one person in a video.
public struct MediaClipMessage: Codable, Equatable, Sendable {
  /// The probability that it is the person that was searched for, in 0…1.
  public var score: Double
  /// The entity that was searched for, if it was one.
  public var entityID: String?
  /// `Cluster-` and a UUID; absent while the person is in no cluster.
  public var figureClusterID: String?
  /// The person's name, if there is one.
  public var labelName: String?
  /// In the order of time.
  public var occurrencesInfos: [OccurrenceMessage]
  /// `custom` for somebody who has a name, else `unknown`.
  public var category: String

  public init(score: Double, occurrencesInfos: [OccurrenceMessage], category: String) {
    self.score = score
    self.occurrencesInfos = occurrencesInfos
    self.category = category
  }

  enum CodingKeys: String, CodingKey {
    case score = "Score"
    case entityID = "EntityId"
    case figureClusterID = "FigureClusterId"
    case labelName = "LabelName"
    case occurrencesInfos = "OccurrencesInfos"
    case category = "Category"
  }
}

/// A stretch of time in which a person is seen.
public struct OccurrenceMessage: Codable, Equatable, Sendable {
  /// Seconds after the beginning of the video.
  public var startTime: Double
  public var endTime: Double
  /// Where the face is at some moments; absent where it was not asked for.
  public var trackData: [TrackDatum]?
  /// Of whose face; a UUID.
  public var figureID: String?
  /// What the face expresses: `Angry`, `Calm`, `Disgusted`, `Fearful`, `Happy`, `Sad` or
  /// `Surprised`; absent where nobody asked.
  public var expression: String?

  /// Where the face is at a moment.
  public struct TrackDatum: Codable, Equatable, Sendable {
    /// Seconds after the beginning of the video.
    public var timestamp: Double
    public var boxPosition: BoxPosition

    public init(timestamp: Double, boxPosition: BoxPosition) {
      self.timestamp = timestamp
      self.boxPosition = boxPosition
    }

    enum CodingKeys: String, CodingKey {
      case timestamp = "Timestamp"
      case boxPosition = "BoxPosition"
    }
  }

  /// Whole pixels of the frame as it is shown, origin top left.
  public struct BoxPosition: Codable, Equatable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    enum CodingKeys: String, CodingKey {
      case x = "X"
      case y = "Y"
      case width = "W"
      case height = "H"
    }
  }

  public init(startTime: Double, endTime: Double, trackData: [TrackDatum]? = nil) {
    self.startTime = startTime
    self.endTime = endTime
    self.trackData = trackData
  }

  enum CodingKeys: String, CodingKey {
    case startTime = "StartTime"
    case endTime = "EndTime"
    case trackData = "TrackData"
    case figureID = "FigureId"
    case expression = "Expression"
  }
}
