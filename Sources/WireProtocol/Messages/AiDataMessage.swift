/// What is known of a medium's content, in the shape of the reference's AiData.
public struct AiDataMessage: Codable, Equatable, Sendable {
  public var aiLabelInfo: [Label]?
  public var asrInfo: [Text]?
  public var ocrInfo: [Text]?

  public init(aiLabelInfo: [Label]?, asrInfo: [Text]?, ocrInfo: [Text]?) {
    self.aiLabelInfo = aiLabelInfo
    self.asrInfo = asrInfo
    self.ocrInfo = ocrInfo
  }

  enum CodingKeys: String, CodingKey {
    case aiLabelInfo = "AiLabelInfo"
    case asrInfo = "AsrInfo"
    case ocrInfo = "OcrInfo"
  }

  /// A face, or something else that others recognised.
  public struct Label: Codable, Equatable, Sendable {
    /// The FigureId of a face.
    public var faceID: String?
    /// `Face`, or whatever it was attached with.
    public var labelType: String?
    /// `vision` for faces.
    public var source: String?
    public var category: String?
    /// Of a face the person's name.
    public var labelName: String?
    public var labelID: String?
    /// Of a face.
    public var figureClusterID: String?
    public var occurrences: [Occurrence]

    public init(occurrences: [Occurrence]) { self.occurrences = occurrences }

    enum CodingKeys: String, CodingKey {
      case faceID = "FaceId"
      case labelType = "LabelType"
      case source = "Source"
      case category = "Category"
      case labelName = "LabelName"
      case labelID = "LabelId"
      case figureClusterID = "FigureClusterId"
      case occurrences = "Occurrences"
    }
  }

  /// Where and when a label applies.
  public struct Occurrence: Codable, Equatable, Sendable {
    /// In 0…1.
    public var score: Double?
    /// Seconds; absent in photographs.
    public var from: Double?
    public var to: Double?
    public var tracks: [Track]?

    public init(score: Double?, from: Double? = nil, to: Double? = nil, tracks: [Track]? = nil) {
      self.score = score
      self.from = from
      self.to = to
      self.tracks = tracks
    }

    enum CodingKeys: String, CodingKey {
      case score = "Score"
      case from = "From"
      case to = "To"
      case tracks = "Tracks"
    }
  }

  /// A box at a moment.
  public struct Track: Codable, Equatable, Sendable {
    /// The side of a square of the box's area, in pixels.
    public var size: Double
    /// Pixels of the upright image, as `left;top;right;bottom`.
    public var position: String
    /// Seconds; absent in photographs.
    public var timestamp: Double?

    public init(size: Double, position: String, timestamp: Double? = nil) {
      self.size = size
      self.position = position
      self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey {
      case size = "Size"
      case position = "Position"
      case timestamp = "Timestamp"
    }
  }

  /// Words that are heard or seen.
  public struct Text: Codable, Equatable, Sendable {
    public var content: String
    /// Seconds.
    public var from: Double?
    public var to: Double?
    public var timestamp: Double?

    public init(content: String, from: Double?, to: Double?, timestamp: Double?) {
      self.content = content
      self.from = from
      self.to = to
      self.timestamp = timestamp
    }

    enum CodingKeys: String, CodingKey {
      case content = "Content"
      case from = "From"
      case to = "To"
      case timestamp = "Timestamp"
    }
  }
}
