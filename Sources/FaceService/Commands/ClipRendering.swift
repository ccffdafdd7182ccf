internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension OccurrenceMessage {
  /// Moments that one answer tells of an appearance; of a longer one, as many at equal distances.
  private static let pointLimit = 500

  /// An appearance with or without where the face is.
  init(_ appearance: Appearance, withTrackData: Bool) {
    func milliseconds(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
    self.init(
      startTime: milliseconds(appearance.start), endTime: milliseconds(appearance.end),
      trackData: withTrackData
        ? appearance.points.thinned(to: Self.pointLimit).map { point in
          TrackDatum(
            timestamp: milliseconds(point.time), boxPosition: BoxPosition(point.boundingBox))
        } : nil)
  }
}

extension OccurrenceMessage.BoxPosition {
  fileprivate init(_ box: BoundingBox) {
    func pixels(_ value: Float) -> Int { Int(max(-1e6, min(value, 1e6)).rounded()) }
    self.init(
      x: pixels(box.x), y: pixels(box.y), width: pixels(box.width), height: pixels(box.height))
  }
}

extension [AppearancePoint] {
  /// At most `limit` of the elements, the first and the last among them.
  fileprivate func thinned(to limit: Int) -> [AppearancePoint] {
    guard count > limit else { return self }
    return (0..<limit).map { self[$0 * (count - 1) / (limit - 1)] }
  }
}

extension Snapshot {
  /// The clips of a video in which figures are seen, one for each person, the most probable first.
  ///
  /// - Parameters:
  ///   - figures: Figures of the video with the probability that they are who is searched for.
  ///   - withTrackData: Whether to tell where the faces are.
  /// - Returns: The clips; none of a photograph.
  /// - Throws: ``StoreError``.
  func clips(
    of figures: [FigureID: Float], withTrackData: Bool = true
  ) throws -> [MediaClipMessage] {
    var people: [ClusterID?: [(figure: FigureRecord, score: Float)]] = [:]
    for (id, score) in figures.sorted(by: { $0.key < $1.key }) {
      guard let figure = try figure(id) else { continue }
      people[figure.cluster, default: []].append((figure, score))
    }
    var clips: [MediaClipMessage] = []
    for (cluster, members) in people {
      // Those who are in no cluster are each somebody else, as far as is known.
      let groups = cluster == nil ? members.map { [$0] } : [members]
      for group in groups {
        if let clip = try clip(of: group, in: cluster, withTrackData) { clips.append(clip) }
      }
    }
    return clips.sorted {
      $0.score != $1.score
        ? $0.score > $1.score
        : ($0.occurrencesInfos.first?.startTime ?? 0) < ($1.occurrencesInfos.first?.startTime ?? 0)
    }
  }

  private func clip(
    of members: [(figure: FigureRecord, score: Float)], in cluster: ClusterID?,
    _ withTrackData: Bool
  ) throws -> MediaClipMessage? {
    var occurrences: [OccurrenceMessage] = []
    for (figure, _) in members {
      for appearance in try track(of: figure.id)?.appearances ?? [] {
        var occurrence = OccurrenceMessage(appearance, withTrackData: withTrackData)
        occurrence.figureID = figure.publicID.asFigure
        occurrence.expression = figure.attributes?.emotion?.value.expression
        occurrences.append(occurrence)
      }
    }
    guard !occurrences.isEmpty else { return nil }
    let person = try cluster.flatMap { try self.cluster($0) }
    let name = person?.name.flatMap { $0.isEmpty ? nil : $0 }
    var clip = MediaClipMessage(
      score: Double(share: members.map(\.score).max() ?? 0),
      occurrencesInfos: occurrences.sorted { $0.startTime < $1.startTime },
      category: name == nil ? "unknown" : "custom")
    clip.figureClusterID = person?.publicID.asCluster
    clip.labelName = name
    return clip
  }
}

extension Emotion {
  /// How the reference calls the expressions of clips.
  fileprivate var expression: String {
    switch self {
    case .anger: "Angry"
    case .disgust: "Disgusted"
    case .fear: "Fearful"
    case .happiness: "Happy"
    case .sadness: "Sad"
    case .surprise: "Surprised"
    case .calmness: "Calm"
    }
  }
}
