internal import FaceAnalysis
internal import FaceTracking
internal import FaceTypes
internal import Imaging
internal import VideoDecoding

/// Follows the faces of one video, frame by frame.
///
/// Faces are looked for in every sample. Only where somebody came or went since the last one, or
/// the scene changed, are the frames between looked at too, so that beginnings and ends are right
/// to half the time between two decoded frames.
struct FaceFollowing {
  private(set) var tracker: FaceTracker
  /// Tracks that have ended.
  private(set) var finished: [FaceTrack]
  private let analyzer: FaceAnalyzer
  private let settings: VideoSettings
  /// Frames since the last sample.
  private var pending: [(frame: VideoFrames.Frame, isCut: Bool)] = []
  private var lastSketch: PictureSketch?
  /// The last frame that was searched, for frames that are no different.
  private var lastSearch: (image: Image, found: [Detection])?
  private(set) var lastTime: Double?

  /// Begins, or goes on with what was saved.
  init(
    _ analyzer: FaceAnalyzer, _ settings: VideoSettings, tracker: FaceTracker? = nil,
    finished: [FaceTrack] = []
  ) {
    self.finished = finished
    self.analyzer = analyzer
    self.settings = settings
    self.tracker = tracker ?? FaceTracker(policy: settings.tracking)
  }

  /// Takes in a frame.
  ///
  /// - Parameters:
  ///   - frame: Later than all before.
  ///   - isSample: Whether faces are to be looked for in any case.
  ///   - workspace: The analyser's memory.
  /// - Throws: what the analyser throws.
  mutating func take(
    _ frame: VideoFrames.Frame, isSample: Bool, workspace: inout AnalysisWorkspace
  ) throws {
    let sketch = PictureSketch(frame.image)
    pending.append((frame, lastSketch.map { $0.isCut(to: sketch) } ?? false))
    lastSketch = sketch
    lastTime = frame.time
    if isSample { try look(&workspace) }
  }

  /// Ends all tracks.
  ///
  /// - Parameters:
  ///   - end: When the last frame ends, in seconds.
  ///   - workspace: The analyser's memory.
  /// - Returns: The tracks, in pixels of the frames.
  /// - Throws: what the analyser throws.
  mutating func finish(at end: Double, workspace: inout AnalysisWorkspace) throws -> [FaceTrack] {
    if !pending.isEmpty { try look(&workspace) }
    return (finished + tracker.finish(at: end)).sorted { $0.start < $1.start }
  }

  private mutating func look(_ workspace: inout AnalysisWorkspace) throws {
    let frames = pending
    pending = []
    guard let sample = frames.last else { return }
    let found = try detections(sample.frame.image, &workspace)
    let hasCut = frames.contains(where: \.isCut)
    let isChanged =
      tracker.isChanged(by: found.map(\.seen), at: sample.frame.time)
      || (hasCut && !found.isEmpty)
    if isChanged {
      for (frame, isCut) in frames.dropLast() {
        let between = try detections(frame.image, &workspace)
        try advance(to: frame, between, isCut: isCut, &workspace)
      }
    }
    let isCut = isChanged ? sample.isCut : hasCut
    try advance(to: sample.frame, found, isCut: isCut, &workspace)
    finished += tracker.takeFinished()
  }

  private mutating func advance(
    to frame: VideoFrames.Frame, _ found: [Detection], isCut: Bool,
    _ workspace: inout AnalysisWorkspace
  ) throws {
    try tracker.advance(to: frame.time, faces: found.map(\.seen), isCut: isCut) { index in
      try analyzer.describe(
        found[index], in: frame.image, thumbnail: settings.keepsCrops, workspace: &workspace
      ).map { DescribedFace(face: $0.face, thumbnail: $0.thumbnail) }
    }
  }

  private mutating func detections(
    _ image: Image, _ workspace: inout AnalysisWorkspace
  ) throws -> [Detection] {
    if let lastSearch, lastSearch.image == image { return lastSearch.found }
    let found = try analyzer.detections(
      in: image, longSide: settings.detectionLongSide,
      minimumScore: settings.tracking.continuingScore, workspace: &workspace)
    lastSearch = (image, found)
    return found
  }
}

extension Detection {
  fileprivate var seen: SeenFace { SeenFace(boundingBox: boundingBox, score: score) }
}
