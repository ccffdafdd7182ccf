internal import FaceTypes

/// A track that may still go on.
struct OpenTrack: Sendable, Codable {
  private(set) var appearances: [TrackAppearance] = []
  private(set) var points: [TrackPoint]
  private(set) var representatives: [TrackRepresentative] = []
  private(set) var score: Float
  /// Since when the present appearance goes on, in seconds.
  private var start: Double
  /// The first time at which the face was looked for and not seen since it was last seen.
  private(set) var missedAt: Double?
  private(set) var describedAt: Double

  /// Begins with a face that was looked at closely.
  ///
  /// - Parameters:
  ///   - described: The face.
  ///   - seen: Where it was seen.
  ///   - time: When, in seconds.
  ///   - start: When it came, in seconds.
  init(_ described: DescribedFace, _ seen: SeenFace, at time: Double, since start: Double) {
    points = [TrackPoint(time: time, boundingBox: seen.boundingBox)]
    score = seen.score
    self.start = start
    describedAt = time
    representatives = [TrackRepresentative(time: time, described: described)]
  }

  var lastPoint: TrackPoint { points[points.count - 1] }
  var lastTime: Double { lastPoint.time }

  /// Where the face is expected: it goes on moving as it did, for a short while.
  func expectedBox(at time: Double) -> BoundingBox {
    let last = lastPoint
    guard points.count > 1 else { return last.boundingBox }
    let before = points[points.count - 2]
    let step = last.time - before.time
    guard step > 0, step < 1, time - last.time < 1 else { return last.boundingBox }
    let factor = Float((time - last.time) / step)
    let (from, to) = (before.boundingBox.center, last.boundingBox.center)
    var box = last.boundingBox
    box.x += factor * (to.x - from.x)
    box.y += factor * (to.y - from.y)
    return box
  }

  /// How far a box is where the face was or is expected, in 0…1.
  func overlap(_ box: BoundingBox, at time: Double) -> Float {
    max(
      lastPoint.boundingBox.intersectionOverUnion(box),
      expectedBox(at: time).intersectionOverUnion(box))
  }

  /// The cosine similarity to the mean of the track's representatives.
  func similarity(to embedding: Embedding) -> Float {
    let mean = Embedding.mean(representatives.map(\.described.face.embedding))
    return mean?.cosineSimilarity(embedding) ?? 0
  }

  /// Whether it is time to look at the face closely again.
  func isDescriptionDue(at time: Double, _ policy: TrackingPolicy) -> Bool {
    let isFull = representatives.count >= policy.representativeLimit
    let interval = isFull ? policy.laterDescribingInterval : policy.describingInterval
    return time - describedAt >= interval - 1e-6
  }

  /// Goes on.
  ///
  /// - Parameters:
  ///   - seen: The face in the present frame.
  ///   - time: Of the frame, in seconds.
  ///   - previous: Of the frame before, in seconds.
  ///   - policy: How long an appearance may be interrupted.
  mutating func extend(
    with seen: SeenFace, at time: Double, previous: Double, _ policy: TrackingPolicy
  ) {
    if missedAt != nil, time - lastTime > policy.longestGap {
      closeAppearance(videoEnd: time)
      points = []
      start = (previous + time) / 2
    }
    missedAt = nil
    score = max(score, seen.score)
    points.append(TrackPoint(time: time, boundingBox: seen.boundingBox))
  }

  /// Notes that the face was looked for and not seen.
  mutating func miss(at time: Double) { if missedAt == nil { missedAt = time } }

  /// Takes a face in among those that stand for the track, if it is better than one of them.
  mutating func add(_ described: DescribedFace, at time: Double, _ policy: TrackingPolicy) {
    describedAt = time
    representatives.append(TrackRepresentative(time: time, described: described))
    // Stable, so that of equals the earlier stays.
    representatives = Array(
      representatives.enumerated().sorted {
        let (left, right) = ($0.element.rank, $1.element.rank)
        return left != right ? left > right : $0.offset < $1.offset
      }.prefix(policy.representativeLimit).map(\.element))
    // The picture of the best one is the track's; nothing ever shows the others'.
    for index in representatives.indices.dropFirst() {
      representatives[index] = representatives[index].withoutThumbnail
    }
  }

  /// Ends the track.
  ///
  /// - Parameter videoEnd: When the last frame ends, in seconds.
  /// - Returns: The whole track.
  consuming func finished(videoEnd: Double) -> FaceTrack {
    closeAppearance(videoEnd: videoEnd)
    return FaceTrack(appearances: appearances, representatives: representatives, score: score)
  }

  /// A face goes between the frame in which it is last seen and the next.
  private mutating func closeAppearance(videoEnd: Double) {
    let end = missedAt.map { (lastTime + $0) / 2 } ?? max(lastTime, videoEnd)
    appearances.append(TrackAppearance(start: start, end: end, points: points))
  }
}

extension TrackRepresentative {
  fileprivate var withoutThumbnail: TrackRepresentative {
    TrackRepresentative(
      time: time, described: DescribedFace(face: described.face, thumbnail: nil))
  }

  /// Those without an obstacle first, then by quality.
  fileprivate var rank: Float {
    let quality = described.face.quality
    return quality.value + (quality.mayFound ? 1 : 0)
  }
}
