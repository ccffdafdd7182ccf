internal import FaceStore
internal import FaceTypes
internal import WireProtocol

// The parts of a medium that a line of words is about.

extension Snapshot {
  /// Where in a medium some of the words are, and named people are seen: the best first.
  ///
  /// - Parameters:
  ///   - medium: a photograph has attached texts at most.
  ///   - words: in lower case.
  ///   - kinds: of attached texts that count.
  ///   - isWanted: whether somebody of a name is searched for.
  /// - Returns: one clip a text and one an appearance.
  /// - Throws: ``StoreError``.
  func clips(
    of medium: MediaRecord, words: [String],
    kinds: Set<AttachedTextKind> = Set(AttachedTextKind.allCases),
    people isWanted: (String) -> Bool
  ) throws -> [HybridClip] {
    let clips = try clips(of: medium, words: words, kinds: kinds)
    return (clips + (try appearances(in: medium, of: isWanted))).sorted {
      $0.score != $1.score ? $0.score > $1.score : ($0.from ?? 0) < ($1.from ?? 0)
    }
  }

  private func clips(
    of medium: MediaRecord, words: [String], kinds: Set<AttachedTextKind>
  ) throws -> [HybridClip] {
    let count = Double(max(1, words.count))
    return try texts(of: medium.id, withWords: words)
      .filter { kinds.contains($0.text.kind) }
      .filter { $0.text.start != nil || $0.text.end != nil || $0.text.moment != nil }
      .map { hit in
        HybridClip(
          from: hit.text.start ?? hit.text.moment, to: hit.text.end ?? hit.text.moment,
          score: Double(share: Float(Double(hit.count) / count * (hit.text.score ?? 1))),
          content: hit.text.content)
      }
  }

  private func appearances(
    in medium: MediaRecord, of isWanted: (String) -> Bool
  ) throws -> [HybridClip] {
    guard medium.mediaType == .video else { return [] }
    var clips: [HybridClip] = []
    for figure in try figures(of: medium.id) {
      guard let cluster = try figure.cluster.flatMap({ try cluster($0) }),
        let name = cluster.name, isWanted(name), let track = try track(of: figure.id)
      else { continue }
      for appearance in track.appearances {
        let occurrence = OccurrenceMessage(appearance, withTrackData: false)
        var clip = HybridClip(
          from: occurrence.startTime, to: occurrence.endTime,
          score: Double(share: figure.clusterConfidence ?? 1), content: nil)
        clip.labelName = name
        clip.figureClusterID = cluster.publicID.asCluster
        clips.append(clip)
      }
    }
    return clips
  }
}
