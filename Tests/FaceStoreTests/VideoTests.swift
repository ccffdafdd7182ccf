import FaceStore
import FaceTypes
import Testing

@Suite struct VideoTests {
  private func track(_ start: Double, _ end: Double) -> Track {
    let box = BoundingBox(x: 10, y: 20, width: 30, height: 40)
    return Track(
      best: start,
      appearances: [
        Appearance(
          start: start, end: end,
          points: [
            AppearancePoint(time: start, boundingBox: box),
            AppearancePoint(time: end, boundingBox: box),
          ])
      ])
  }

  @Test func keepsWhatIsKnownOfAVideoAndItsTracks() throws {
    let test = try TestStore()
    let video = try test.media(try test.library(), "a.mp4", type: .video)
    let figures = try test.figures(video, [.made(1), .made(2)])
    let content = VideoContent(duration: 12, frameRate: 25, codec: "h264", note: "It ends early.")
    try test.store.write { transaction in
      try transaction.setVideo(content, of: video)
      try transaction.setTrack(track(0, 5), of: figures[0])
      try transaction.setTrack(track(1, 2), of: figures[0])
    }
    try test.store.read { snapshot in
      #expect(try snapshot.video(video) == content)
      #expect(try snapshot.track(of: figures[0]) == track(1, 2))
      #expect(try snapshot.track(of: figures[1]) == nil)
      let embedded = try snapshot.embeddedFigure(figures[0], fingerprint: .first)
      #expect(embedded?.interval == 1...2)
      #expect(try snapshot.embeddedFigure(figures[1], fingerprint: .first)?.interval == nil)
    }
    #expect(try test.isIntact())
    _ = try test.store.write { try $0.deleteMedia([video]) }
    #expect(try test.store.read { try $0.video(video) } == nil)
    #expect(try test.store.read { try $0.track(of: figures[0]) } == nil)
    #expect(try test.isIntact())
  }

  @Test func keepsCheckpointsUntilTheTaskEnds() throws {
    let test = try TestStore()
    let library = try test.library()
    let task = try test.store.write {
      try $0.insertTask(
        NewTask(library: library, kind: "MediaImport", parameters: "{}", requestedBy: 0))
    }
    func save(_ state: UInt8, _ part: UInt8?, isFirst: Bool = false) throws {
      try test.store.write {
        try $0.setCheckpoint(
          AnalysisCheckpoint(state: [state], parts: part.map { [[$0]] } ?? []), of: task,
          ordinal: 3, replacingParts: isFirst)
      }
    }
    func saved() throws -> AnalysisCheckpoint? {
      try test.store.read { try $0.checkpoint(of: task, ordinal: 3) }
    }
    #expect(try saved() == nil)
    try save(1, 11, isFirst: true)
    try save(2, nil)
    try save(3, 12)
    #expect(try saved() == AnalysisCheckpoint(state: [3], parts: [[11], [12]]))
    try save(4, 13, isFirst: true)
    #expect(try saved() == AnalysisCheckpoint(state: [4], parts: [[13]]))
    _ = try test.store.write { try $0.endTask(task, .cancelled) }
    #expect(try saved() == nil)
    #expect(try test.isIntact())
  }
}
