/// What somebody who typed a line of words is looking for, as far as it can be told without
/// looking: people, dates, kinds of media, and the words that are left.
///
/// English and Chinese are understood, mixed as they come.
public struct TextQuery: Hashable, Sendable {
  /// Names of people, out of those that are known, as they are known.
  public var people: [String] = []
  public var dates: [DateSpan] = []
  public var mediaType: MediaWord?
  /// How many faces there are to be.
  public var faceCount: ClosedRange<Int>?
  public var position: Position?
  /// What faces are to express.
  public var emotions: [EmotionWord] = []
  /// The words that said so, which may stand in titles and tags as well.
  public var emotionTerms: [String] = []
  /// What is left, in small letters, in the order of the text.
  public var terms: [String] = []

  /// A kind of medium.
  public enum MediaWord: String, Hashable, Sendable {
    case image, video
  }

  /// An expression, called as faces' emotions are.
  public enum EmotionWord: String, Hashable, Sendable {
    case anger, calmness, fear, happiness, sadness, surprise
  }

  /// A place by its coordinates, in degrees.
  public struct Position: Hashable, Sendable {
    public var latitude: Double
    public var longitude: Double

    public init(latitude: Double, longitude: Double) {
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  public init() {}

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - names: the people who are known; the longest that fits is taken.
  ///   - today: the day on which “yesterday” was said.
  public init(_ text: String, names: [String], today: CalendarDay) {
    var text = QueryLine(text)
    position = text.takePosition()
    dates = text.takeDates(today: today)
    for name in names.sorted(by: { ($1.count, $0) < ($0.count, $1) }) where !name.isEmpty {
      if text.take(name) { people.append(name) }
    }
    takeWords(from: &text)
    terms = text.terms
  }

  private mutating func takeWords(from text: inout QueryLine) {
    for (words, kind) in Self.mediaWords where text.takeAny(of: words) { mediaType = kind }
    for (words, count) in Self.faceWords where text.takeAny(of: words) { faceCount = count }
    for (words, emotion) in Self.emotionWords {
      let found = words.filter { text.take($0) }
      guard !found.isEmpty else { continue }
      emotions.append(emotion)
      emotionTerms += found
    }
  }

  private static let mediaWords: [([String], MediaWord)] = [
    (["videos", "video", "clips", "movies", "movie", "视频", "影片", "录像"], .video),
    (
      [
        "photographs", "photograph", "photos", "photo", "pictures", "picture", "images", "image",
        "照片", "图片", "相片",
      ], .image
    ),
  ]

  private static let emotionWords: [([String], EmotionWord)] = [
    (
      [
        "smiling", "smiles", "smile", "laughing", "laughter", "happy", "cheerful", "微笑", "大笑",
        "笑着", "开心", "高兴",
      ], .happiness
    ),
    (["sad", "crying", "unhappy", "难过", "伤心", "哭"], .sadness),
    (["angry", "furious", "生气", "愤怒"], .anger),
    (["surprised", "astonished", "惊讶", "吃惊"], .surprise),
    (["afraid", "frightened", "scared", "害怕"], .fear),
    (["calm", "serious", "平静", "严肃"], .calmness),
  ]

  private static let faceWords: [([String], ClosedRange<Int>)] = [
    (["alone", "nobody else", "单独", "独自", "单人"], 1...1),
    (["two people", "couple", "两个人", "双人"], 2...2),
    (["group", "crowd", "many people", "合影", "合照", "很多人"], 3...Int.max),
  ]
}
