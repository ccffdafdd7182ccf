import FaceAnalysis
import FaceTypes
import Testing

/// Faces that were found before, embedded once more.
@Suite struct KnownFacesTests {
  private let analyzer: FaceAnalyzer
  private let analyses: [(bytes: [UInt8], faces: [AnalyzedFace])]

  init() throws {
    analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    analyses = try SharedAnalysis.library.get().sorted { $0.key < $1.key }.map {
      (try ProjectFiles.photo($0.key), $0.value.faces)
    }
  }

  @Test func theirPhotographsGiveTheSameEmbeddings() throws {
    var workspace = AnalysisWorkspace()
    for (bytes, faces) in analyses {
      let again = try analyzer.embeddings(
        of: faces.map {
          KnownFace(boundingBox: $0.face.boundingBox, landmarks: $0.face.landmarks)
        }, in: bytes, workspace: &workspace)
      #expect(again.count == faces.count)
      for (found, embedding) in zip(faces, again) {
        let similarity = try #require(embedding?.cosineSimilarity(found.face.embedding))
        // Which part of the file is read finely hangs on the landmarks.
        #expect(similarity > 0.999)
      }
    }
  }

  /// Two photographs of one person are no nearer than 0.9.
  @Test func theirThumbnailsGiveSimilarOnesOrNone() throws {
    var workspace = AnalysisWorkspace()
    var similarities: [Float] = []
    for found in analyses.flatMap(\.faces) {
      let face = try analyzer.face(
        ofThumbnail: try #require(found.thumbnail), of: found.face.boundingBox,
        obstacles: found.face.quality.obstacles, workspace: &workspace)
      guard let embedding = face?.embedding else { continue }
      similarities.append(try #require(embedding.cosineSimilarity(found.face.embedding)))
    }
    similarities.sort()
    #expect(similarities.count * 4 > analyses.flatMap(\.faces).count * 3)
    #expect(similarities[0] > 0.75)
    #expect(similarities[similarities.count / 2] > 0.9)
  }
}
