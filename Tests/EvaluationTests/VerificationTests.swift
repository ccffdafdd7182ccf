import Evaluation
import Testing

@Suite struct VerificationTests {
  private let pairs: [VerificationPair] = [
    .init(similarity: 0.9, isSame: true), .init(similarity: 0.8, isSame: true),
    .init(similarity: 0.7, isSame: false), .init(similarity: 0.6, isSame: true),
    .init(similarity: 0.5, isSame: false), .init(similarity: 0.4, isSame: true),
    .init(similarity: 0.3, isSame: false), .init(similarity: 0.2, isSame: false),
  ]

  @Test(arguments: [
    (rate: 0.0, threshold: 0.8, accepted: 0.5, falsely: 0.0),
    (rate: 0.25, threshold: 0.6, accepted: 0.75, falsely: 0.25),
    (rate: 0.3, threshold: 0.6, accepted: 0.75, falsely: 0.25),
    (rate: 0.5, threshold: 0.4, accepted: 1.0, falsely: 0.5),
    (rate: 1.0, threshold: 0.2, accepted: 1.0, falsely: 1.0),
  ])
  func operatingPointsAgreeWithHandComputedOnes(
    rate: Double, threshold: Float, accepted: Double, falsely: Double
  ) {
    let point = trueAcceptRate(of: pairs.reversed(), atFalseAcceptRate: rate)
    #expect(point.threshold == threshold)
    #expect(point.trueAcceptRate == accepted)
    #expect(point.falseAcceptRate == falsely)
  }

  @Test func equalSimilaritiesAreAcceptedTogetherOrNotAtAll() {
    let tied = [
      VerificationPair(similarity: 0.5, isSame: true),
      VerificationPair(similarity: 0.5, isSame: false),
    ]
    #expect(trueAcceptRate(of: tied, atFalseAcceptRate: 0).trueAcceptRate == 0)
  }

  @Test func tenFoldsOfSeparablePairsAreAllRight() {
    let pairs = (0..<100).map {
      VerificationPair(similarity: $0 < 50 ? 0.6 : 0.2, isSame: $0 < 50)
    }
    let accuracy = verificationAccuracy(of: pairs)
    #expect(accuracy.mean == 1)
    #expect(accuracy.standardDeviation == 0)
    #expect(accuracy.thresholds.count == 10)
    #expect(accuracy.thresholds.allSatisfy { abs($0 - 0.4) < 1e-6 })
  }

  /// Two folds: each is judged by the threshold of the other, 0.45 and 0.25.
  @Test func aFoldIsJudgedByTheThresholdOfTheOthers() {
    let pairs: [VerificationPair] = [
      .init(similarity: 0.4, isSame: true), .init(similarity: 0.6, isSame: true),
      .init(similarity: 0.1, isSame: false), .init(similarity: 0.3, isSame: false),
    ]
    let accuracy = verificationAccuracy(of: pairs, foldCount: 2)
    #expect(accuracy.thresholds.count == 2)
    #expect(abs(accuracy.thresholds[0] - 0.45) < 1e-6)
    #expect(abs(accuracy.thresholds[1] - 0.25) < 1e-6)
    // First fold at 0.45: the same pair at 0.4 is missed. Second fold at 0.25: 0.3 is accepted.
    #expect(accuracy.mean == 0.5)
  }
}
