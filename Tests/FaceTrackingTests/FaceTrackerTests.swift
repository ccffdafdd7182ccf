import FaceTracking
import FaceTypes
import Foundation
import Testing

/// Made-up people, each with a direction of its own, who move through made-up frames.
private struct Stage {
  static let fingerprint = ModelFingerprint(hexadecimal: String(repeating: "0", count: 64))

  struct Actor {
    let person: Int
    let times: ClosedRange<Double>
    /// Where the left edge is at a time.
    var x: (Double) -> Float = { _ in 100 }
    var obstacles: FoundingObstacles = []
    var score: Float = 0.95
  }

  static func box(_ x: Float) -> BoundingBox { BoundingBox(x: x, y: 50, width: 60, height: 80) }

  static func face(_ person: Int, _ box: BoundingBox, _ obstacles: FoundingObstacles) -> Face {
    let corner = Point(x: box.x, y: box.y)
    guard let fingerprint else { preconditionFailure("64 digits are a fingerprint") }
    var values = [Float](repeating: 0, count: 16)
    values[person] = 1
    return Face(
      boundingBox: box,
      landmarks: Landmarks(
        rightEye: corner, leftEye: corner, noseTip: corner, rightMouthCorner: corner,
        leftMouthCorner: corner),
      score: 0.95, quality: FaceQuality(value: 0.7, obstacles: obstacles),
      embedding: Embedding(unitLength: values, norm: 10, fingerprint: fingerprint))
  }

  /// Plays the actors at a rate and returns the tracks.
  static func play(
    _ actors: [Actor], seconds: Double, rate: Double = 10, cuts: [Double] = [],
    policy: TrackingPolicy = TrackingPolicy(), interruptedAt stop: Int? = nil
  ) throws -> [FaceTrack] {
    var tracker = FaceTracker(policy: policy)
    for step in 0..<Int(seconds * rate) {
      if step == stop {
        let saved = try JSONEncoder().encode(tracker)
        tracker = try JSONDecoder().decode(FaceTracker.self, from: saved)
      }
      let time = Double(step) / rate
      let present = actors.filter { $0.times.contains(time) }
      let isCut = cuts.contains { $0 > time - 1 / rate && $0 <= time }
      tracker.advance(
        to: time,
        faces: present.map { SeenFace(boundingBox: box($0.x(time)), score: $0.score) },
        isCut: isCut
      ) { index in
        let actor = present[index]
        return DescribedFace(
          face: face(actor.person, box(actor.x(time)), actor.obstacles), thumbnail: nil)
      }
    }
    return tracker.finish(at: seconds)
  }
}

private func person(_ track: FaceTrack) -> Int? {
  track.representatives[0].described.face.embedding.values.firstIndex(of: 1)
}

@Suite struct FaceTrackerTests {
  @Test func followsTwoPeopleWhoComeAndGo() throws {
    let tracks = try Stage.play(
      [
        .init(person: 1, times: 0...4.95), .init(person: 2, times: 3...6.95, x: { _ in 300 }),
        .init(person: 1, times: 9...12),
      ], seconds: 12)
    #expect(tracks.map(person) == [1, 2, 1])
    let expected = [(0.0, 5.0), (3.0, 7.0), (9.0, 12.0)]
    for (track, (start, end)) in zip(tracks, expected) {
      #expect(track.appearances.count == 1)
      #expect(abs(track.start - start) <= 0.1)
      #expect(abs(track.end - end) <= 0.1)
    }
  }

  @Test func linksAFaceThatMovesByMoreThanItsWidthBetweenFrames() throws {
    let tracks = try Stage.play(
      [.init(person: 1, times: 0...2, x: { Float($0) * 400 })], seconds: 2)
    #expect(tracks.count == 1)
    #expect(tracks[0].appearances[0].points.count == 20)
  }

  @Test func aMomentUnseenIsOneAppearanceAndALongerOneTwoOfATrack() throws {
    func appearances(_ gap: Double) throws -> [Int] {
      try Stage.play(
        [.init(person: 1, times: 0...2), .init(person: 1, times: (2 + gap)...6)], seconds: 6
      ).map(\.appearances.count)
    }
    #expect(try appearances(0.35) == [1])
    #expect(try appearances(1.5) == [2])
    #expect(try appearances(3.5) == [1, 1])
  }

  @Test func anotherPersonInTheSamePlaceIsAnotherTrack() throws {
    let tracks = try Stage.play(
      [.init(person: 1, times: 0...1.95), .init(person: 2, times: 2...4)], seconds: 4, cuts: [2])
    #expect(tracks.map(person) == [1, 2])
    #expect(abs(tracks[0].end - 2) <= 0.1)
    #expect(abs(tracks[1].start - 2) <= 0.1)
  }

  @Test func noticesAnotherPersonInTheSamePlaceWithoutACut() throws {
    let tracks = try Stage.play(
      [.init(person: 1, times: 0...1.95), .init(person: 2, times: 2...4)], seconds: 4)
    #expect(tracks.map(person) == [1, 2])
  }

  @Test func theSamePersonGoesOnOverACut() throws {
    let tracks = try Stage.play(
      [.init(person: 1, times: 0...4, x: { $0 < 2 ? 100 : 500 })], seconds: 4, cuts: [2])
    #expect(tracks.map(\.appearances.count) == [1])
  }

  @Test func aBlurredGlimpseMayNotFound() throws {
    let policy = TrackFoundingPolicy()
    let clear = try Stage.play([.init(person: 1, times: 0...4)], seconds: 4)
    #expect(clear[0].face(policy).quality.mayFound)
    let brief = try Stage.play([.init(person: 1, times: 0...0.15)], seconds: 4)
    #expect(brief[0].face(policy).quality.obstacles == .glimpse)
    let blurred = try Stage.play(
      [.init(person: 1, times: 0...4, obstacles: .blurred)], seconds: 4)
    #expect(blurred[0].face(policy).quality.obstacles == [.glimpse, .blurred])
  }

  @Test func anUnsureFlashIsNoTrack() throws {
    #expect(
      try Stage.play([.init(person: 1, times: 1...1.05, score: 0.75)], seconds: 4).isEmpty)
    // Too unsure to begin, sure enough to go on.
    #expect(try Stage.play([.init(person: 1, times: 1...3, score: 0.6)], seconds: 4).isEmpty)
    let fading = try Stage.play(
      [.init(person: 1, times: 0...1), .init(person: 1, times: 1.05...3, score: 0.6)], seconds: 4)
    #expect(fading.count == 1)
    #expect(abs(fading[0].end - 3) <= 0.1)
  }

  @Test(arguments: [1, 17, 30, 55, 80])
  func goesOnAfterItWasSaved(step: Int) throws {
    let actors: [Stage.Actor] = [
      .init(person: 1, times: 0...5, x: { Float($0) * 50 }),
      .init(person: 2, times: 2...7, x: { 600 - Float($0) * 20 }), .init(person: 1, times: 6...9),
    ]
    #expect(
      try Stage.play(actors, seconds: 10, interruptedAt: step)
        == Stage.play(actors, seconds: 10))
  }

  @Test func saysWhenSomebodyComesOrGoes() {
    var tracker = FaceTracker()
    let seen = SeenFace(boundingBox: Stage.box(100), score: 0.9)
    #expect(!tracker.isChanged(by: [], at: 0))
    #expect(tracker.isChanged(by: [seen], at: 0))
    tracker.advance(to: 0, faces: [seen]) { _ in
      DescribedFace(face: Stage.face(1, seen.boundingBox, []), thumbnail: nil)
    }
    #expect(!tracker.isChanged(by: [seen], at: 0.2))
    #expect(tracker.isChanged(by: [], at: 0.2))
    let other = SeenFace(boundingBox: Stage.box(400), score: 0.9)
    #expect(tracker.isChanged(by: [seen, other], at: 0.2))
    #expect(
      !tracker.isChanged(by: [seen, SeenFace(boundingBox: Stage.box(400), score: 0.6)], at: 0.2))
  }
}

/// What a track says of a face besides whose it is.
@Suite struct TrackAttributeTests {
  private static func representative(_ attributes: FaceAttributes?) -> TrackRepresentative {
    let face = Stage.face(1, Stage.box(100), [])
    return TrackRepresentative(
      time: 1,
      described: DescribedFace(
        face: Face(
          boundingBox: face.boundingBox, landmarks: face.landmarks, score: face.score,
          quality: face.quality, embedding: face.embedding, attributes: attributes),
        thumbnail: nil))
  }

  private static func attributes(of views: [FaceAttributes?]) -> FaceAttributes? {
    FaceTrack(
      appearances: [TrackAppearance(start: 0, end: 2, points: [])],
      representatives: views.map(representative), score: 0.9
    ).face(TrackFoundingPolicy()).attributes
  }

  @Test func allViewsAreAskedForWhatDoesNotChangeAndTheBestForTheRest() throws {
    func view(
      _ years: Float, _ gender: Gender, _ confidence: Float, _ emotion: Emotion
    )
      -> FaceAttributes
    {
      FaceAttributes(
        age: AgeEstimate(years: years, deviation: 4),
        gender: Judgement(gender, confidence: confidence),
        emotion: Judgement(emotion, confidence: 0.8))
    }
    let together = try #require(
      Self.attributes(of: [
        view(20, .male, 0.6, .happiness), view(30, .female, 0.9, .anger), nil,
        view(40, .female, 0.9, .sadness),
      ]))
    #expect(together.age == AgeEstimate(years: 30, deviation: 4))
    #expect(together.gender?.value == .female)
    #expect(abs((together.gender?.confidence ?? 0) - (0.4 + 0.9 + 0.9) / 3) < 1e-5)
    #expect(together.emotion == Judgement(.happiness, confidence: 0.8))
    #expect(Self.attributes(of: [nil]) == nil)
  }
}
