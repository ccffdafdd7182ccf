import FaceAnalysis
import FaceTypes
import Testing

@Suite struct NonMaximumSuppressionTests {
  private let suppression = NonMaximumSuppression(overlapThreshold: 0.3, candidateLimit: 5000)

  private func detection(_ x: Float, _ side: Float = 10, score: Float) -> Detection {
    let corner = Point(x: x, y: 0)
    return Detection(
      boundingBox: BoundingBox(x: x, y: 0, width: side, height: side),
      landmarks: Landmarks(
        rightEye: corner, leftEye: corner, noseTip: corner, rightMouthCorner: corner,
        leftMouthCorner: corner),
      score: score)
  }

  @Test func keepsNothingOfNothing() {
    #expect(suppression.survivors(of: []).isEmpty)
  }

  @Test func keepsTheBestOfOverlappingDetections() {
    let kept = suppression.survivors(of: [
      detection(0, score: 0.8), detection(1, score: 0.9), detection(2, score: 0.7),
      detection(40, score: 0.75),
    ])
    #expect(kept.map(\.score) == [0.9, 0.75])
  }

  /// A face that overlaps only a suppressed one stays.
  @Test func comparesWithSurvivorsOnly() {
    let kept = suppression.survivors(of: [
      detection(0, score: 0.9), detection(4, score: 0.8), detection(8, score: 0.7),
    ])
    #expect(kept.map(\.boundingBox.x) == [0, 8])
  }

  /// Two squares of side 13 that overlap by 6 columns: 78 / (338 − 78) = 0.3 exactly.
  @Test func keepsAnOverlapOfExactlyTheThreshold() {
    let kept = suppression.survivors(of: [
      detection(0, 13, score: 0.9), detection(7, 13, score: 0.8),
    ])
    #expect(kept.count == 2)
  }

  @Test func keepsTheEarlierOfEqualScores() {
    let kept = suppression.survivors(of: [detection(1, score: 0.9), detection(0, score: 0.9)])
    #expect(kept.map(\.boundingBox.x) == [1])
  }

  @Test func looksAtNoMoreCandidatesThanItsLimit() {
    let limited = NonMaximumSuppression(overlapThreshold: 0.3, candidateLimit: 3)
    let many = (0..<10).map { detection(Float($0) * 20, score: 0.5 + 0.01 * Float($0)) }
    #expect(limited.survivors(of: many).map(\.boundingBox.x) == [180, 160, 140])
  }
}
