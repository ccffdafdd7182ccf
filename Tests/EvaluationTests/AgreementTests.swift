import Evaluation
import Testing

@Suite struct AgreementTests {
  /// The items a a b | b c, worked out by hand: precision (2/3+2/3+1/3+1/2+1/2)/5,
  /// recall (1+1+1/2+1/2+1)/5.
  @Test func bCubedAgreesWithAHandComputedExample() {
    let score = bCubed(clusters: [1, 1, 1, 2, 2], labels: ["a", "a", "b", "b", "c"])
    #expect(abs(score.precision - 8.0 / 15) < 1e-12)
    #expect(abs(score.recall - 0.8) < 1e-12)
    #expect(abs(score.f - 0.64) < 1e-12)
  }

  /// Together: 3 + 1 pairs, of which one belongs together; belonging: a–a and b–b.
  @Test func pairwiseAgreesWithAHandComputedExample() {
    let score = pairwise(clusters: [1, 1, 1, 2, 2], labels: ["a", "a", "b", "b", "c"])
    #expect(abs(score.precision - 0.25) < 1e-12)
    #expect(abs(score.recall - 0.5) < 1e-12)
    #expect(abs(score.f - 1.0 / 3) < 1e-12)
  }

  @Test func aPerfectClusteringScoresOneWhateverTheNames() {
    let labels = [3, 3, 1, 4, 1]
    #expect(bCubed(clusters: ["x", "x", "y", "z", "y"], labels: labels).f == 1)
    #expect(pairwise(clusters: ["x", "x", "y", "z", "y"], labels: labels).f == 1)
  }

  @Test func oneClusterForAllHasFullRecallAndPoorPrecision() {
    let score = bCubed(clusters: [0, 0, 0, 0], labels: [1, 2, 3, 4])
    #expect(score == AgreementScore(precision: 0.25, recall: 1))
  }

  @Test func nothingToJudgeIsFlawless() {
    #expect(bCubed(clusters: [Int](), labels: [Int]()).f == 1)
    #expect(pairwise(clusters: [1], labels: [1]).f == 1)
  }

  @Test func noAgreementAtAllScoresZero() {
    #expect(pairwise(clusters: [1, 1, 2, 2], labels: [1, 2, 1, 2]).f == 0)
  }
}
