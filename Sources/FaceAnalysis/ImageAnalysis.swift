public import FaceTypes
public import Imaging

/// What was found in one image.
public struct ImageAnalysis: Sendable {
  /// What the headers say.
  public let info: ImageInfo
  /// The largest score × size first.
  public let faces: [AnalyzedFace]
  /// Whether the limits of ``AnalysisOptions`` left out faces or a further search.
  public let wasLimited: Bool
  /// Where the time went.
  public let durations: AnalysisDurations
}

/// A face and, if asked for, how it looks.
public struct AnalyzedFace: Sendable {
  public let face: Face
  /// The numbers behind the quality.
  public let measurements: FaceMeasurements
  /// A JPEG file; `nil` if not asked for.
  public let thumbnail: [UInt8]?
}

/// How long the parts of one analysis took.
public struct AnalysisDurations: Sendable, Equatable {
  /// Reading pixels out of the file, finer ones included.
  public internal(set) var decoding: Duration = .zero
  /// Searching for faces, straightening included.
  public internal(set) var detection: Duration = .zero
  /// Cutting out aligned crops, and judging their quality.
  public internal(set) var alignment: Duration = .zero
  public internal(set) var embedding: Duration = .zero
  /// Age, gender and the like, cutting out what their networks see included.
  public internal(set) var attributes: Duration = .zero
  public internal(set) var thumbnails: Duration = .zero

  public init() {}

  public var total: Duration { Self.stages.reduce(.zero) { $0 + self[keyPath: $1] } }

  /// Adds an equal share of what several faces took together.
  mutating func add(_ other: AnalysisDurations, dividedBy count: Int) {
    for stage in Self.stages { self[keyPath: stage] += other[keyPath: stage] / count }
  }

  private static var stages: [WritableKeyPath<AnalysisDurations, Duration>] {
    [\.decoding, \.detection, \.alignment, \.embedding, \.attributes, \.thumbnails]
  }
}
