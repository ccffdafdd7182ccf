import FaceAnalysis
import FaceTypes
import Imaging
import Testing

/// What the outputs of the networks of attributes are taken to mean.
@Suite struct AttributeReadingTests {
  @Test func tellsTheMeanAndTheDeviationOfADistribution() {
    var distribution = [Float](repeating: 0, count: 81)
    distribution[20] = 0.5
    distribution[40] = 0.5
    let age = AgeEstimate(distribution: distribution)
    #expect(abs(age.years - 30) < 1e-4)
    #expect(abs(age.deviation - 10) < 1e-3)
  }

  @Test func takesTheFirstClassForNewborns() {
    let age = AgeEstimate(distribution: [1] + [Float](repeating: 0, count: 80))
    #expect(age.years == 0.25 && age.deviation == 0)
  }

  @Test func choosesTheMostProbableClass() {
    #expect(
      Judgement(probabilities: [0.3, 0.7], of: Gender.classes) == Judgement(.male, confidence: 0.7))
    let emotion = Judgement(
      probabilities: [0, 0, 0, 0.9, 0, 0, 0.1], of: Emotion.classes)
    #expect(emotion == Judgement(.happiness, confidence: 0.9))
    #expect(Judgement(probabilities: [], of: Gender.classes) == nil)
  }
}

/// The whole way on photographs of the example library.
@Suite struct AttributeTests {
  private static let bundle = Result {
    try ModelBundle(
      ModelFiles(directory: ProjectFiles.models), level: .best, precision: .best(for: .best),
      attributes: AttributeNetworks(
        directory: ProjectFiles.models, wanted: Set(AttributeKind.allCases)))
  }

  private func attributes(of image: Image) throws -> FaceAttributes {
    let analyzer = FaceAnalyzer(bundle: try Self.bundle.get())
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(
      JPEGEncoder.encode(image, quality: 95), workspace: &workspace)
    return try #require(analysis.faces.first?.face.attributes)
  }

  @Test func saysNothingUnlessAsked() throws {
    let portrait = try Portrait("p01_01.jpg")
    let attributes = try #require(portrait.face.attributes)
    #expect(attributes.age == nil && attributes.gender == nil && attributes.emotion == nil)
    #expect(attributes.pose == nil && attributes.mouth == nil && attributes.models.isEmpty)
    #expect(try #require(attributes.sharpness) > 0)
  }

  @Test func hasAFingerprintForEachNetworkThatIsNotTheEmbedders() throws {
    let bundle = try Self.bundle.get()
    let fingerprints = bundle.attributes.fingerprints
    #expect(Set(fingerprints.keys) == Set(AttributeKind.allCases))
    #expect(Set(fingerprints.values).count == fingerprints.count)
    #expect(bundle.fingerprint == (try SharedAnalysis.bundle.get()).fingerprint)
  }

  @Test(arguments: ["p01_01.jpg", "p03_01.jpg", "p07_01.jpg"])
  func mirroringTurnsYawAndRollRound(name: String) throws {
    let image = try Portrait(name).image
    let mirrored = image.warped(
      by: AffineTransform(a: -1, b: 0, tx: Float(image.width - 1), c: 0, d: 1, ty: 0),
      width: image.width, height: image.height)
    let (plain, other) = (try attributes(of: image), try attributes(of: mirrored))
    let (pose, turned) = (try #require(plain.pose), try #require(other.pose))
    // The network was not made symmetric: LFW's faces differ by a degree on average.
    #expect(abs(pose.yaw + turned.yaw) < 5)
    #expect(abs(pose.pitch - turned.pitch) < 5)
    #expect(abs(pose.roll + turned.roll) < 4)
    #expect(abs(try #require(plain.age).years - (try #require(other.age)).years) < 12)
  }

  @Test(arguments: [("p01_01.jpg", 25), ("p03_01.jpg", -40), ("p07_01.jpg", 90)])
  func turningAPhotographTurnsTheRollWithIt(name: String, degrees: Int) throws {
    let portrait = try Portrait(name)
    let face = portrait.face.boundingBox
    func photograph(turnedBy degrees: Int) -> Image {
      let turn = SimilarityTransform(
        turning: face.center, by: Float(degrees) * .pi / 180,
        scale: 170 / max(face.width, face.height), to: Point(x: 200, y: 200))
      return portrait.image.warped(
        by: AffineTransform(
          a: turn.a, b: -turn.b, tx: turn.tx, c: turn.b, d: turn.a, ty: turn.ty),
        width: 400, height: 400)
    }
    let upright = try #require(try attributes(of: photograph(turnedBy: 0)).pose)
    let turned = try #require(try attributes(of: photograph(turnedBy: degrees)).pose)
    #expect(abs(turned.roll - upright.roll - Float(degrees)) < 6)
    #expect(abs(turned.yaw - upright.yaw) < 8 && abs(turned.pitch - upright.pitch) < 8)
  }

  /// Asked later, by the landmarks that were found, they say what they say at once.
  @Test func saysTheSameOfFacesThatAreKnown() throws {
    let bundle = try Self.bundle.get()
    let plain = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    let (atOnce, later) = (FaceAnalyzer(bundle: bundle), plain.asking(bundle.attributes))
    var workspace = AnalysisWorkspace()
    var judged = 0
    for name in ["p01_01.jpg", "p03_01.jpg", "group_01.jpg"] {
      let bytes = try ProjectFiles.photo(name)
      let faces = try atOnce.analyze(bytes, workspace: &workspace).faces.map(\.face)
      let found = try later.attributes(
        of: faces.map { KnownFace(boundingBox: $0.boundingBox, landmarks: $0.landmarks) },
        in: bytes, workspace: &workspace)
      for (face, again) in zip(faces, found) {
        let (expected, again) = (try #require(face.attributes), try #require(again))
        #expect(again.models == expected.models && again.sharpness == nil)
        // Which part of the file is read finely hangs on the landmarks.
        #expect(abs(try #require(again.age).years - (try #require(expected.age)).years) < 1)
        #expect(again.gender?.value == expected.gender?.value)
        #expect(abs((again.pose?.yaw ?? 0) - (expected.pose?.yaw ?? 0)) < 1)
        judged += 1
      }
    }
    #expect(judged >= 3)
  }
}
