import FaceTypes
import Testing

@Suite struct EmbeddingTests {
  private static let model = ModelFingerprint(hexadecimal: String(repeating: "a", count: 64))
  private static let other = ModelFingerprint(hexadecimal: String(repeating: "b", count: 64))

  @Test func scalesARawVectorToUnitLength() throws {
    let model = try #require(Self.model)
    let embedding = try #require(Embedding(raw: [3, 4], fingerprint: model))
    #expect(embedding.values == [0.6, 0.8])
    #expect(embedding.norm == 5)
  }

  @Test func refusesAVectorWithoutDirection() throws {
    let model = try #require(Self.model)
    #expect(Embedding(raw: [0, 0], fingerprint: model) == nil)
    #expect(Embedding(raw: [.nan, 1], fingerprint: model) == nil)
    #expect(Embedding(raw: [.infinity, 1], fingerprint: model) == nil)
  }

  @Test func neverComparesDifferentModels() throws {
    let (model, other) = (try #require(Self.model), try #require(Self.other))
    let first = try #require(Embedding(raw: [1, 0], fingerprint: model))
    let second = try #require(Embedding(raw: [1, 0], fingerprint: other))
    #expect(first.cosineSimilarity(second) == nil)
    #expect(first.cosineSimilarity(first) == 1)
  }

  @Test(arguments: [
    "", "abc", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
  ])
  func aFingerprintIs64LowerCaseDigits(text: String) {
    #expect(ModelFingerprint(hexadecimal: text) == nil)
  }

  @Test func namesObstaclesInTheOrderOfTheirBits() {
    let obstacles: FoundingObstacles = [.profile, .tooSmall, .weakEmbedding]
    #expect(obstacles.names == ["TooSmall", "Profile", "WeakEmbedding"])
    #expect(!FaceQuality(value: 1, obstacles: obstacles).mayFound)
    #expect(FaceQuality(value: 0, obstacles: []).mayFound)
  }
}
