/// Every number that decides how an image is analysed, with its unit and where it comes from.
///
/// "Measured" means `figurebench detection`, `figurebench verification` or the composites of
/// `LargePhotographTests`, November 2026.
public struct AnalysisPolicy: Sendable, Equatable {
  public var detection = DetectionPolicy()
  public var search = SearchPolicy()
  public var uprighting = UprightingPolicy()
  public var alignment = AlignmentPolicy()
  public var quality = QualityPolicy()
  public var thumbnail = ThumbnailPolicy()

  public init() {}
}

/// When the network's answer counts as a face.
public struct DetectionPolicy: Sendable, Equatable {
  /// The least score of a face, in 0…1; what OpenCV's samples for YuNet use.
  public var scoreThreshold: Float = 0.7
  /// The least score of a candidate that is worth a second look, in 0…1.
  ///
  /// Measured: of faces 14 pixels high, too small for the network, 58 % still score this much, and
  /// none reaches ``scoreThreshold``.
  public var candidateThreshold: Float = 0.1
  /// The largest intersection over union of two faces, in 0…1; OpenCV's default.
  public var overlapThreshold: Float = 0.3
  /// The most candidates of one pass that are compared with each other; OpenCV's default.
  public var candidateLimit = 5000

  public init() {}
}

/// At which scales a large image is searched.
public struct SearchPolicy: Sendable, Equatable {
  /// Pixels on the longer side that are decoded of a larger image.
  ///
  /// Measured: of a JPEG of 4000 × 3000 pixels, 2000 take 32 ms, 640 take 28 ms, since most of the
  /// time goes into reading the bits; and most crops then need no second decode.
  public var decodedLongSide = 1600
  /// Pixels on the longer side up to which an image is searched as it is, and to which a larger one
  /// is reduced for the first pass.
  public var firstPassLongSide = 1280
  /// Pixels on the longer side of the pass for faces that fill the image.
  public var closeUpLongSide = 320
  /// A face that is larger in the first pass, in pixels, is looked at again in the close-up pass.
  ///
  /// Measured: the median score falls from 0.95 at 300 pixels to 0.87 at 600 and 0.63 at 1000.
  public var largestReliableFace: Float = 500
  /// An unsure candidate that is smaller in the first pass, in pixels, calls for a finer pass.
  ///
  /// Measured: recall is complete at 64 pixels, 83 % at 32, 58 % at 24 and nil at 16.
  public var smallestReliableFace: Float = 64
  /// A sure face that is smaller in the first pass, in pixels, calls for a finer pass too, since
  /// there may be smaller ones beside it.
  public var smallestLoneFace: Float = 32
  /// The finer pass enlarges the smallest candidate to this size in pixels, if the image has them.
  public var refinedFaceSize: Float = 36
  /// The pixels along a side of the finer pass's tiles that only this tile answers for.
  public var tileCore = 512
  /// Pixels around the core that a tile sees too, so that no face is cut.
  public var tileMargin = 64
  /// The most tiles that one image may cost; the candidates with the best scores come first.
  public var tileLimit = 48
  /// The most pixels that a finer pass decodes: 12-megapixel photographs at full size.
  public var finePixelLimit = 16_000_000

  public init() {}
}

/// How faces that lie on their side or upside down are straightened.
public struct UprightingPolicy: Sendable, Equatable {
  /// A face with a lower score is looked at in eight rotations, in 0…1.
  ///
  /// Measured on LFW: 95 % of upright faces score more than 0.83; turned by 60° to 300° the median
  /// is 0.66 to 0.84, and the landmarks are worthless.
  public var certainScore: Float = 0.9
  /// The least score of a candidate that is turned, in 0…1.
  public var candidateThreshold: Float = 0.2
  /// The least score of a quarter turn that makes the eighths worth a look, in 0…1.
  public var promisingScore: Float = 0.5
  /// How much worse than unturned a quarter turn may score that makes the eighths worth a look.
  ///
  /// A face at 45° scores about the same unturned and turned by a quarter.
  public var promisingLoss: Float = 0.15
  /// How much better the best rotation must score than the present one, in 0…1.
  public var minimumGain: Float = 0.02
  /// The least score after turning of a candidate that was no face before, in 0…1.
  public var scoreThreshold: Float = 0.88
  /// The most faces of one image that are turned.
  public var faceLimit = 32
  /// The least face to turn, in pixels of the searched image.
  public var smallestFace: Float = 24
  /// Landmarks are sought again in a straightened crop when the face is tilted by more, in radians.
  ///
  /// Measured on LFW turned by 30°: the median similarity to the upright face rises from 0.57 to
  /// 0.89 after two rounds.
  public var reliableTilt: Float = 0.05
  /// The most times that the landmarks of one face are sought again.
  public var roundLimit = 5

  public init() {}
}

/// From which pixels the embedder's crop is made.
public struct AlignmentPolicy: Sendable, Equatable {
  /// Image pixels for each crop pixel below which finer pixels are decoded, if the file has them.
  public var minimumPixelsPerCropPixel: Float = 1
  /// The most pixels that are decoded for the finer crops of one image at a time.
  public var regionPixelLimit = 16_000_000

  public init() {}
}

/// The crops that contact sheets show.
public struct ThumbnailPolicy: Sendable, Equatable {
  /// The side of the square over the longer side of the face's box.
  public var enlargement: Float = 1.5
  /// The longest side in pixels.
  public var sideLimit = 160
  /// On libjpeg's scale of 1…100.
  public var quality = 85

  public init() {}
}
