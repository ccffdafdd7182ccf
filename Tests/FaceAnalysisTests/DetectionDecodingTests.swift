import FaceAnalysis
import FaceTypes
import Testing

@Suite struct DetectionDecodingTests {
  /// The outputs of one stride with nothing in them.
  private struct Outputs {
    let priors: AnchorPriors
    var classes: [Float]
    var objectness: [Float]
    var boxes: [Float]
    var landmarks: [Float]

    init(stride: Int, width: Int, height: Int) {
      priors = AnchorPriors(stride: stride, paddedWidth: width, paddedHeight: height)
      classes = [Float](repeating: 0, count: priors.count)
      objectness = [Float](repeating: 0, count: priors.count)
      boxes = [Float](repeating: 0, count: 4 * priors.count)
      landmarks = [Float](repeating: 0, count: 10 * priors.count)
    }

    func decoded(scoreThreshold: Float) -> [Detection] {
      var detections: [Detection] = []
      DetectionDecoding(scoreThreshold: scoreThreshold).append(
        priors: priors, classes: classes.span, objectness: objectness.span, boxes: boxes.span,
        landmarks: landmarks.span, to: &detections)
      return detections
    }
  }

  @Test func addsUpToTheCellsOfThreeStrides() {
    let counts = AnchorPriors.strides.map {
      AnchorPriors(stride: $0, paddedWidth: 320, paddedHeight: 256).count
    }
    #expect(counts == [40 * 32, 20 * 16, 10 * 8])
  }

  @Test(arguments: [(1, 32), (31, 32), (32, 32), (33, 64), (250, 256), (1280, 1280)])
  func padsToMultiplesOfTheCoarsestStride(side: Int, padded: Int) {
    #expect(AnchorPriors.padded(side) == padded)
  }

  @Test(arguments: AnchorPriors.strides)
  func readsOffsetsInCells(stride: Int) throws {
    var outputs = Outputs(stride: stride, width: 96, height: 64)
    // Column 2, row 1.
    let cell = outputs.priors.columns + 2
    outputs.classes[cell] = 0.81
    outputs.objectness[cell] = 1
    outputs.boxes.replaceSubrange(4 * cell..<4 * cell + 4, with: [0.5, -0.25, 0, 1])
    outputs.landmarks.replaceSubrange(
      10 * cell..<10 * cell + 10, with: [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1])
    let detection = try #require(outputs.decoded(scoreThreshold: 0.7).first)
    let s = Float(stride)
    #expect(abs(detection.score - 0.9) < 1e-6)
    #expect(abs(detection.boundingBox.width - s) < 1e-4)
    #expect(abs(detection.boundingBox.height - 2.7182817 * s) < 1e-4)
    #expect(abs(detection.boundingBox.center.x - 2.5 * s) < 1e-4)
    #expect(abs(detection.boundingBox.center.y - 0.75 * s) < 1e-4)
    #expect(detection.landmarks.leftEye == Point(x: 3 * s, y: s))
    #expect(detection.landmarks.noseTip == Point(x: 2.5 * s, y: 1.5 * s))
  }

  @Test func clampsProbabilities() {
    var outputs = Outputs(stride: 32, width: 96, height: 32)
    outputs.classes = [4, -1, .nan]
    outputs.objectness = [1, 1, 1]
    #expect(outputs.decoded(scoreThreshold: 0.1).map(\.score) == [1])
  }

  @Test func leavesOutWhatIsNoPlace() {
    var outputs = Outputs(stride: 32, width: 96, height: 32)
    outputs.classes = [1, 1, 1]
    outputs.objectness = [1, 1, 1]
    outputs.boxes[2] = 1000
    outputs.boxes[4] = .nan
    outputs.landmarks[25] = .infinity
    #expect(outputs.decoded(scoreThreshold: 0.7).isEmpty)
  }
}
