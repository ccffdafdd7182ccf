import FaceStore
import FaceTypes
import Testing

/// A medium that is analysed again: who stays, who goes, who is new.
@Suite struct ReanalysisTests {
  private static func content(width: Int, height: Int) -> MediaContent {
    var content = MediaContent()
    content.dimensions = MediaDimensions(
      storedWidth: width, storedHeight: height, width: width, height: height, orientation: 1)
    return content
  }

  /// A made-up face in a box.
  private static func face(_ seed: Int, x: Float, y: Float, side: Float) -> NewFigure {
    let made = NewFigure.made(seed, crop: [UInt8(seed)])
    return NewFigure(
      face: Face(
        boundingBox: BoundingBox(x: x, y: y, width: side, height: side),
        landmarks: made.face.landmarks, score: 0.8,
        quality: FaceQuality(value: Float(seed) / 100, obstacles: []),
        embedding: made.face.embedding), crop: made.crop)
  }

  @Test func aFaceInTheSamePlaceOfAScaledPictureStaysWithAllThatWasSaidOfIt() throws {
    let test = try TestStore()
    let library = try test.library()
    let media = try test.media(library, "/a")
    let first = try test.store.write {
      try $0.setAnalysis(
        of: media, content: Self.content(width: 1000, height: 500),
        figures: [
          Self.face(1, x: 100, y: 100, side: 100), Self.face(2, x: 400, y: 100, side: 100),
          Self.face(3, x: 700, y: 100, side: 100),
        ]
      ).figures
    }
    let cluster = try test.store.write { transaction in
      let cluster = try transaction.nextClusterID(in: library)
      try transaction.insertCluster(cluster, in: library)
      try transaction.assign(first.map { ClusterAssignment(figure: $0, cluster: cluster) })
      try transaction.state(.pin(first[0], cluster), in: library)
      try transaction.state(.cannotLink(first[1], first[2]), in: library)
      return cluster
    }
    let names = try test.store.read { try $0.figures(first).map(\.publicID) }
    // Half as large, in another order, the second gone and a new one there.
    let second = try test.store.write {
      try $0.setAnalysis(
        of: media, content: Self.content(width: 500, height: 250),
        figures: [
          Self.face(13, x: 352, y: 52, side: 50), Self.face(14, x: 10, y: 180, side: 40),
          Self.face(11, x: 50, y: 55, side: 50),
        ])
    }
    #expect(second.kept == [first[0], first[2]])
    #expect(second.removed.figures == [first[1]])
    #expect(second.figures[0] == first[2])
    #expect(second.figures[2] == first[0])
    try test.store.read { snapshot in
      let figures = try snapshot.figures(of: media)
      #expect(figures.map(\.id) == second.figures)
      #expect(figures.map(\.ordinal) == [0, 1, 2])
      #expect(figures[2].publicID == names[0])
      #expect(figures[2].boundingBox.x == 50)
      #expect(figures[2].cluster == cluster)
      #expect(figures[1].cluster == nil)
      #expect(try snapshot.cluster(cluster)?.faceCount == 2)
      #expect(try snapshot.statements(in: library) == [.pin(first[0], cluster)])
      #expect(try snapshot.crop(of: first[0]) == [11])
      #expect(
        try snapshot.embedding(of: first[0])
          == Self.face(11, x: 0, y: 0, side: 1).face.embedding)
    }
    #expect(try test.isIntact())
  }

  @Test func anotherPictureUnderTheSameNameKeepsNobody() throws {
    let test = try TestStore()
    let media = try test.media(try test.library(), "/a")
    let content = Self.content(width: 500, height: 500)
    let (first, second) = try test.store.write { transaction in
      (
        try transaction.setAnalysis(
          of: media, content: content, figures: [Self.face(1, x: 10, y: 10, side: 90)]),
        try transaction.setAnalysis(
          of: media, content: content, figures: [Self.face(2, x: 10, y: 10, side: 90)],
          isSameFace: { ($0.cosineSimilarity($1) ?? 1) > 0.5 })
      )
    }
    #expect(second.kept.isEmpty)
    #expect(second.removed.figures == first.figures)
  }

  @Test func oneBoxIsMatchedOnceAndTheLargestOverlapComesFirst() {
    func box(_ x: Float) -> BoundingBox { BoundingBox(x: x, y: 0, width: 10, height: 10) }
    let pairs = BoundingBox.pairs([box(0), box(3)], [box(2), box(0.5), box(30)])
    #expect(pairs.map(\.old) == [0, 1])
    #expect(pairs.map(\.new) == [1, 0])
    #expect(BoundingBox.pairs([box(0)], [box(0)], where: { _, _ in false }).isEmpty)
  }
}
