import Clustering
import FaceTypes
import Testing

/// Unclear faces that resemble one picture of a person much, and the others hardly.
@Suite struct ExemplarTests {
  private let crowd = Crowd(people: 6, picturesEach: 8, seed: 90)
  /// A clear picture of the first person in an unusual pose.
  private let posed: ClusterableFigure
  /// An unclear one in the same pose.
  private let unclear: ClusterableFigure

  init() {
    var numbers = Numbers(state: 91)
    let pose = numbers.direction(Crowd.dimension)
    posed = Self.figure(101, crowd.people[0], 0.7, pose, 0.7, mayFound: true)
    unclear = Self.figure(102, crowd.people[0], 0.2, pose, 0.98, mayFound: false)
  }

  private static func figure(
    _ number: Int64, _ person: [Float], _ ofPerson: Float, _ pose: [Float], _ ofPose: Float,
    mayFound: Bool
  ) -> ClusterableFigure {
    ClusterableFigure(
      figure: FigureID(rawValue: number), media: MediaID(rawValue: number),
      embedding: unit(zip(person, pose).map { ofPerson * $0 + ofPose * $1 }), mayFound: mayFound)
  }

  private func clusterer(_ figures: [ClusterableFigure]) -> IncrementalClusterer {
    var clusterer = Crowd.clusterer()
    _ = clusterer.add(crowd.figures)
    for figure in figures { _ = clusterer.add([figure]) }
    return clusterer
  }

  @Test func itGoesWhereThatPictureIsWhicheverComesFirst() throws {
    #expect(clusterer([unclear]).cluster(of: unclear.figure) == nil, "the others say nothing")
    for figures in [[posed, unclear], [unclear, posed]] {
      var clusterer = clusterer(figures)
      let person = try #require(clusterer.cluster(of: crowd.figures[0].figure))
      #expect(clusterer.cluster(of: posed.figure) == person)
      #expect(clusterer.cluster(of: unclear.figure) == person)
      let standing = try #require(
        clusterer.standing(of: unclear.figure, in: person, exemplarCount: 1))
      #expect(standing.gain < 0, "the average alone would leave it waiting")
      #expect(standing.exemplars.map(\.figure) == [posed.figure])
      #expect(clusterer.recluster().isEmpty)
      #expect(clusterer.soundnessFault == nil)
    }
  }

  @Test func itFollowsThatPicture() throws {
    var clusterer = clusterer([posed, unclear])
    let person = try #require(clusterer.cluster(of: posed.figure))
    let other = try #require(clusterer.cluster(of: crowd.figures[1].figure))
    _ = clusterer.constrain([.exclude(posed.figure, from: person)])
    #expect(clusterer.cluster(of: posed.figure) != person)
    #expect(clusterer.cluster(of: unclear.figure) != person)
    // There its average is too low, and one picture is not enough by itself.
    _ = clusterer.constrain([.pin(posed.figure, to: other)])
    #expect(clusterer.cluster(of: unclear.figure) != person)
    #expect(clusterer.soundnessFault == nil)
  }

  @Test func aNamedPersonKeepsItThoughThatPictureGoes() throws {
    var clusterer = clusterer([posed, unclear])
    let person = try #require(clusterer.cluster(of: unclear.figure))
    _ = clusterer.setProtected(person, true)
    _ = clusterer.remove([posed.figure])
    var numbers = Numbers(state: 92)
    _ = clusterer.add([face(200, of: crowd.people[0], using: &numbers)])
    while !clusterer.settle().isSettled {}
    #expect(clusterer.cluster(of: unclear.figure) == person)
    _ = clusterer.recluster()
    #expect(clusterer.cluster(of: unclear.figure) == person)
  }

  @Test func whatIsSavedStaysWithoutThatMemory() throws {
    let before = clusterer([posed, unclear])
    var restored = Crowd.clusterer()
    restored.restore(
      (crowd.figures + [posed, unclear]).map { ($0, before.cluster(of: $0.figure)) })
    var numbers = Numbers(state: 93)
    _ = restored.add([face(201, of: crowd.people[0], using: &numbers)])
    while !restored.settle().isSettled {}
    #expect(restored.cluster(of: unclear.figure) == before.cluster(of: unclear.figure))
  }
}
