public import FaceTypes

/// A figure as it is stored, without its embedding and its crop.
public struct FigureRecord: Hashable, Sendable {
  public let id: FigureID
  public let publicID: PublicIdentifier
  public let media: MediaID
  public let library: LibraryID
  /// The number of the face in its medium, counted from 0.
  public let ordinal: Int
  public let boundingBox: BoundingBox
  public let landmarks: Landmarks
  /// The detector's confidence, in 0…1.
  public let score: Float
  public let quality: FaceQuality
  public let cluster: ClusterID?
  /// How sure the clusterer is, in 0…1.
  public let clusterConfidence: Float?
  /// Why the figure has no cluster yet.
  public let waitingReason: String?
  public let created: Timestamp
  /// Without the networks that were asked; `nil` if the figure was stored before there were any.
  public let attributes: FaceAttributes?
}

/// A figure to be inserted.
public struct NewFigure: Hashable, Sendable {
  public var publicID: PublicIdentifier
  public var face: Face
  /// A JPEG of the face.
  public var crop: [UInt8]?

  public init(publicID: PublicIdentifier = .random(), face: Face, crop: [UInt8]? = nil) {
    self.publicID = publicID
    self.face = face
    self.crop = crop
  }
}

/// What the clusterer needs to know of a figure.
public struct EmbeddedFigure: Hashable, Sendable {
  public let figure: FigureID
  public let media: MediaID
  /// Unit length.
  public let embedding: [Float]
  /// The length of the raw vector.
  public let norm: Float
  public let quality: FaceQuality
  /// When the medium was taken; an unknown offset counts as UTC.
  public let captureTime: Timestamp?
  public let cluster: ClusterID?
  /// When it is seen in its video, in seconds; `nil` in a photograph.
  public let interval: ClosedRange<Double>?
}

/// A figure's place among the clusters, as the clusterer decided.
public struct ClusterAssignment: Hashable, Sendable {
  public var figure: FigureID
  public var cluster: ClusterID?
  /// In 0…1.
  public var confidence: Float?
  /// Why the figure has no cluster.
  public var waitingReason: String?

  public init(
    figure: FigureID, cluster: ClusterID?, confidence: Float? = nil, waitingReason: String? = nil
  ) {
    self.figure = figure
    self.cluster = cluster
    self.confidence = confidence
    self.waitingReason = waitingReason
  }
}

/// What went when the figures of media were removed.
public struct RemovedFigures: Hashable, Sendable {
  public var figures: [FigureID]
  /// The clusters that lost figures, each once, by ascending id.
  public var affectedClusters: [ClusterID]

  public init(figures: [FigureID] = [], affectedClusters: [ClusterID] = []) {
    self.figures = figures
    self.affectedClusters = affectedClusters
  }
}
