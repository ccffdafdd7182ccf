import FaceTypes

/// Turns what YuNet (2023mar) says about the cells of one stride into detections.
///
/// Source: Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023; the decoding is
/// that of OpenCV's `FaceDetectorYN`.
package struct DetectionDecoding {
  /// Detections below this are left out.
  package let scoreThreshold: Float

  package init(scoreThreshold: Float) {
    self.scoreThreshold = scoreThreshold
  }

  /// Appends the faces of one stride, in pixels of the network's input.
  ///
  /// The score is `√(class · objectness)` with both clamped to 0…1. Boxes and landmarks
  /// that are not finite or absurdly far away are left out.
  ///
  /// - Parameters:
  ///   - priors: the grid; `n` is its number of cells, row by row.
  ///   - classes: `n`, the probability of a face given an object.
  ///   - objectness: `n`, the probability of an object.
  ///   - boxes: `n × 4`: the centre's offset from the prior in cells, the logarithms of width and
  ///     height in cells.
  ///   - landmarks: `n × 10`: five offsets from the prior in cells.
  ///   - detections: where the faces go.
  /// - Precondition: the counts agree with the grid.
  package func append(
    priors: AnchorPriors, classes: Span<Float>, objectness: Span<Float>, boxes: Span<Float>,
    landmarks: Span<Float>, to detections: inout [Detection]
  ) {
    let n = priors.count
    precondition(classes.count == n && objectness.count == n)
    precondition(boxes.count == 4 * n && landmarks.count == 10 * n)
    // Comparing squares leaves the root to the few cells that pass.
    let squaredThreshold = scoreThreshold * scoreThreshold
    for cell in 0..<n {
      let product = clamped(classes[cell]) * clamped(objectness[cell])
      guard product >= squaredThreshold else { continue }
      let detection = decode(
        cell, priors: priors, boxes: boxes, landmarks: landmarks, score: product.squareRoot())
      if let detection { detections.append(detection) }
    }
  }

  private func decode(
    _ cell: Int, priors: AnchorPriors, boxes: Span<Float>, landmarks: Span<Float>, score: Float
  ) -> Detection? {
    let stride = Float(priors.stride)
    let column = Float(cell % priors.columns)
    let row = Float(cell / priors.columns)
    func point(_ index: Int) -> Point {
      Point(
        x: (column + landmarks[10 * cell + 2 * index]) * stride,
        y: (row + landmarks[10 * cell + 2 * index + 1]) * stride)
    }
    let width = exponential(boxes[4 * cell + 2]) * stride
    let height = exponential(boxes[4 * cell + 3]) * stride
    let box = BoundingBox(
      x: (column + boxes[4 * cell]) * stride - width / 2,
      y: (row + boxes[4 * cell + 1]) * stride - height / 2,
      width: width, height: height)
    let detection = Detection(
      boundingBox: box,
      landmarks: Landmarks(
        rightEye: point(0), leftEye: point(1), noseTip: point(2), rightMouthCorner: point(3),
        leftMouthCorner: point(4)),
      score: score)
    return detection.isPlausible ? detection : nil
  }

  /// In 0…1; zero for what is not a number.
  private func clamped(_ probability: Float) -> Float {
    probability > 0 ? min(probability, 1) : 0
  }
}

extension Detection {
  /// Whether the box has an area and every number is of a size that image coordinates have.
  fileprivate var isPlausible: Bool {
    let box = boundingBox
    let points = landmarks.points
    let numbers = [box.x, box.y, box.width, box.height] + points.map(\.x) + points.map(\.y)
    return numbers.allSatisfy { abs($0) < 1e5 } && box.width >= 1 && box.height >= 1
  }
}
