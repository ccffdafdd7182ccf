import FaceAnalysis
import FaceTypes
import Imaging
import Testing

/// Photographs of twelve megapixels with faces of many sizes.
@Suite(.serialized) struct LargePhotographTests {
  let analyzer: FaceAnalyzer
  let portraits: [Portrait]

  init() throws {
    analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    portraits = try ["p03_01.jpg", "p07_01.jpg", "p06_01.jpg", "p10_01.jpg"].map(Portrait.init)
  }

  /// Every face of the composite is found where it hangs, is who it is, and nothing else is found.
  private func check(
    _ composite: Composite, _ bytes: [UInt8], people: [Portrait], similarity: Float
  ) throws {
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(bytes, workspace: &workspace)
    #expect(analysis.faces.count == composite.boxes.count)
    for (box, person) in zip(composite.boxes, people) {
      let match = analysis.faces.first { $0.face.boundingBox.intersectionOverUnion(box) > 0.5 }
      let face = try #require(match, "no face of \(Int(box.height)) pixels at \(box.center)").face
      let found = try #require(face.embedding.cosineSimilarity(person.face.embedding))
      #expect(found > similarity, "a face of \(Int(box.height)) pixels")
    }
  }

  @Test(arguments: [72, 100, 200, 400])
  func findsFacesOfEverySize(size: Int) throws {
    var composite = Composite(width: 4000, height: 3000)
    for (index, portrait) in portraits.enumerated() {
      composite.hang(
        portrait.image, face: portrait.face.boundingBox, size: size,
        x: 900 + 2200 * (index % 2), y: 800 + 1500 * (index / 2))
    }
    try check(
      composite, JPEGEncoder.encode(composite.image, quality: 92), people: portraits,
      similarity: size < 100 ? 0.7 : 0.85)
  }

  @Test(arguments: [800, 1500, 2400])
  func findsAFaceThatFillsTheImage(size: Int) throws {
    var composite = Composite(width: 4000, height: 3000)
    composite.hang(
      portraits[0].image, face: portraits[0].face.boundingBox, size: size, x: 2000, y: 1500)
    try check(
      composite, JPEGEncoder.encode(composite.image, quality: 92), people: portraits,
      similarity: 0.85)
  }

  @Test func findsSmallFacesBesideALargeOne() throws {
    var composite = Composite(width: 4000, height: 3000)
    for (index, size) in [1100, 60, 90, 140].enumerated() {
      composite.hang(
        portraits[index].image, face: portraits[index].face.boundingBox, size: size,
        x: [1300, 3000, 3300, 3600][index], y: [1500, 600, 1400, 2400][index])
    }
    try check(
      composite, JPEGEncoder.encode(composite.image, quality: 92), people: portraits,
      similarity: 0.7)
  }

  @Test(arguments: [UInt8(3), 6, 8])
  func givesPlacesInTheUprightImage(orientation: UInt8) throws {
    var composite = Composite(width: 3000, height: 2000)
    for (index, portrait) in portraits.prefix(2).enumerated() {
      composite.hang(
        portrait.image, face: portrait.face.boundingBox, size: [90, 300][index],
        x: 800 + 1200 * index, y: 700)
    }
    // Stored turned the other way, so that the orientation sets it right.
    var stored = composite.image
    let quarterTurns = [3: 2, 6: 3, 8: 1][orientation] ?? 0
    for _ in 0..<quarterTurns { stored = stored.turnedClockwise() }
    try check(
      composite, JPEGEncoder.encode(stored, quality: 92).withOrientation(orientation),
      people: portraits, similarity: 0.8)
  }

  @Test func findsNothingOnAnEmptyWall() throws {
    let wall = Composite(width: 4000, height: 3000)
    try check(
      wall, JPEGEncoder.encode(wall.image, quality: 92), people: [], similarity: 0)
  }

  /// As thin as a header may ask for.
  @Test(arguments: [(1, 1), (1, 4000), (4000, 1), (31, 33), (7, 2500)])
  func survivesImagesOfOddShapes(width: Int, height: Int) throws {
    let image = Image(width: width, height: height, gray: 128)
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(
      JPEGEncoder.encode(image, quality: 90), workspace: &workspace)
    #expect(analysis.faces.isEmpty)
  }
}
