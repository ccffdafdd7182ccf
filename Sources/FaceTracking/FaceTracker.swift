internal import FaceTypes

/// Links the faces of a video's frames into tracks, frame by frame.
///
/// A pure state machine: it sees boxes, scores and, when it asks for them, descriptions. It can be
/// saved and goes on as if it had never stopped.
///
/// A face is linked by its place from one frame to the next; where places do not tell, because the
/// picture changed or the face was gone for a moment, it is linked by its looks. Most faces are not
/// looked at closely, since that costs more than finding them.
public struct FaceTracker: Sendable, Codable {
  public let policy: TrackingPolicy
  private var open: [OpenTrack] = []
  private var tracks: [FaceTrack] = []
  /// Of the last frame, in seconds.
  public private(set) var lastTime: Double?

  public init(policy: TrackingPolicy = TrackingPolicy()) { self.policy = policy }

  /// Hands over the tracks that have ended since the last call, and forgets them.
  public mutating func takeFinished() -> [FaceTrack] {
    defer { tracks = [] }
    return tracks
  }

  /// Whether a frame with these faces has somebody come or go since the last one.
  ///
  /// - Parameters:
  ///   - faces: Of the frame.
  ///   - time: Of the frame, in seconds.
  /// - Returns: `false` if everybody who was there is there, and nobody else.
  public func isChanged(by faces: [SeenFace], at time: Double) -> Bool {
    let links = placeLinks(faces, at: time)
    let present = open.indices.filter { open[$0].missedAt == nil }
    let linked = Set(links.map(\.track))
    let continued = Set(links.map(\.face))
    return present.contains { !linked.contains($0) }
      || faces.indices.contains {
        !continued.contains($0) && faces[$0].score >= policy.startingScore
      }
      || links.contains { open[$0.track].missedAt != nil }
  }

  /// Takes in the next frame.
  ///
  /// - Parameters:
  ///   - time: Of the frame, in seconds; later than the last one's.
  ///   - faces: All faces of the frame.
  ///   - isCut: Whether the picture changed as a whole since the last frame.
  ///   - describe: Looks closely at the face with this index; `nil` if it is none.
  /// - Throws: what `describe` throws; the frame is then taken in by part.
  public mutating func advance<Failure: Error>(
    to time: Double, faces: [SeenFace], isCut: Bool = false,
    describe: (Int) throws(Failure) -> DescribedFace?
  ) throws(Failure) {
    let previous = lastTime ?? time
    precondition(lastTime.map { $0 < time } ?? true, "frames come in the order of time")
    lastTime = time
    var described: [Int: DescribedFace] = [:]
    func description(_ face: Int) throws(Failure) -> DescribedFace? {
      if let known = described[face] { return known }
      let new = try describe(face)
      described[face] = new
      return new
    }
    var links: [Link] = []
    for link in placeLinks(faces, at: time) {
      let isDoubtful =
        isCut || open[link.track].missedAt != nil
        || open[link.track].isDescriptionDue(at: time, policy)
      guard isDoubtful else {
        links.append(link)
        continue
      }
      guard let description = try description(link.face) else {
        // Too poor to be recognised; only its place speaks for it.
        if !isCut { links.append(link) }
        continue
      }
      if isSamePerson(description.face, open[link.track], isCut: isCut) {
        open[link.track].add(description, at: time, policy)
        links.append(link)
      }
    }
    let linkedFaces = Set(links.map(\.face))
    var newcomers: [Int] = []
    for face in faces.indices
    where !linkedFaces.contains(face) && faces[face].score >= policy.startingScore {
      if try description(face) != nil { newcomers.append(face) }
    }
    links += looksLinks(
      newcomers.compactMap { face in described[face].map { (face, $0.face.embedding) } },
      besides: Set(links.map(\.track)))
    for link in links {
      if !linkedFaces.contains(link.face), let description = described[link.face] {
        open[link.track].add(description, at: time, policy)
      }
      open[link.track].extend(with: faces[link.face], at: time, previous: previous, policy)
    }
    let (linkedTracks, allLinked) = (Set(links.map(\.track)), Set(links.map(\.face)))
    for track in open.indices where !linkedTracks.contains(track) { open[track].miss(at: time) }
    for face in newcomers where !allLinked.contains(face) {
      guard let description = described[face] else { continue }
      open.append(
        OpenTrack(description, faces[face], at: time, since: (previous + time) / 2))
    }
    finishForgotten(at: time)
  }

  /// Ends all tracks.
  ///
  /// - Parameter end: When the last frame ends, in seconds.
  /// - Returns: Every track that counts and was not handed over, in the order of their beginnings.
  public mutating func finish(at end: Double) -> [FaceTrack] {
    for track in open { keep(track.finished(videoEnd: end)) }
    open = []
    return tracks.sorted { $0.start < $1.start }
  }

  // MARK: Links

  private struct Link {
    let track: Int
    let face: Int
  }

  /// Links faces and tracks by place, one to one, the largest overlap first; tracks that were seen
  /// in the last frame come before those that were not.
  ///
  /// Frames further apart than the memory, as of a slide show, are linked by looks alone.
  private func placeLinks(_ faces: [SeenFace], at time: Double) -> [Link] {
    var candidates: [(value: Float, link: Link)] = []
    for (track, state) in open.enumerated() where time - state.lastTime <= policy.overlapMemory {
      for (face, seen) in faces.enumerated() where seen.score >= policy.continuingScore {
        let overlap = state.overlap(seen.boundingBox, at: time)
        if overlap >= policy.minimumOverlap {
          let isPresent = state.missedAt == nil
          candidates.append((overlap + (isPresent ? 1 : 0), Link(track: track, face: face)))
        }
      }
    }
    return Self.oneToOne(candidates)
  }

  /// Links faces by looks with tracks that are not in this frame by their place.
  private func looksLinks(
    _ faces: [(face: Int, embedding: Embedding)], besides taken: Set<Int>
  ) -> [Link] {
    var candidates: [(value: Float, link: Link)] = []
    for (track, state) in open.enumerated() where !taken.contains(track) {
      for (face, embedding) in faces {
        let similarity = state.similarity(to: embedding)
        if similarity >= policy.minimumSimilarity {
          candidates.append((similarity, Link(track: track, face: face)))
        }
      }
    }
    return Self.oneToOne(candidates)
  }

  private static func oneToOne(_ candidates: [(value: Float, link: Link)]) -> [Link] {
    var links: [Link] = []
    var (tracks, faces): (Set<Int>, Set<Int>) = ([], [])
    let ordered = candidates.sorted {
      $0.value != $1.value
        ? $0.value > $1.value
        : ($0.link.track, $0.link.face) < ($1.link.track, $1.link.face)
    }
    for (_, link) in ordered where !tracks.contains(link.track) && !faces.contains(link.face) {
      tracks.insert(link.track)
      faces.insert(link.face)
      links.append(link)
    }
    return links
  }

  private func isSamePerson(_ face: Face, _ track: OpenTrack, isCut: Bool) -> Bool {
    let similarity = track.similarity(to: face.embedding)
    if isCut { return similarity >= policy.minimumSimilarity }
    let isClear = face.quality.mayFound && track.representatives[0].described.face.quality.mayFound
    return !isClear || similarity >= policy.minimumSimilarityInPlace
  }

  // MARK: Ends

  private mutating func finishForgotten(at time: Double) {
    var rest: [OpenTrack] = []
    for track in open {
      if track.missedAt != nil, time - track.lastTime > policy.identityMemory {
        keep(track.finished(videoEnd: time))
      } else {
        rest.append(track)
      }
    }
    open = rest
  }

  /// Keeps a track unless it is a moment's mistake of the detector.
  private mutating func keep(_ track: FaceTrack) {
    guard track.pointCount > 1 || track.score >= policy.minimumScoreOfGlimpse else { return }
    tracks.append(track)
  }
}
