package import FaceTypes

/// The 478 points of MediaPipe's mesh of a face, in pixels of the chip that the network saw.
///
/// Depth is in pixels as well, and smaller nearer to the camera.
package struct FaceMesh {
  package static let pointCount = 478

  private let points: [SIMD3<Double>]

  /// Reads the network's output; `nil` unless it has three numbers for each point.
  package init?(_ values: [Float]) {
    guard values.count == 3 * Self.pointCount, values.allSatisfy(\.isFinite) else { return nil }
    points = (0..<Self.pointCount).map { index in
      var point = SIMD3<Double>.zero
      for axis in 0..<3 { point[axis] = Double(values[3 * index + axis]) }
      return point
    }
  }

  /// The score, as a logit, from which the network sees a face; MediaPipe's limit is one half.
  package static let leastPresence: Float = 0

  /// Where the head points in the chip; `nil` if the mesh is flat or turned inside out.
  ///
  /// The rotation that brings a canonical head nearest to the mesh, by the points and weights that
  /// MediaPipe uses for that. Depth is not foreshortened here, as a camera at some distance sees it.
  package var pose: HeadPose? {
    // x to the viewer's right, y up, z towards the viewer.
    func seen(_ index: Int) -> SIMD3<Double> { points[index] * SIMD3(1, -1, -1) }
    let basis = MeshBasisPoint.all
    var (total, canonicalMean, seenMean) = (0.0, SIMD3<Double>.zero, SIMD3<Double>.zero)
    for point in basis {
      total += point.weight
      canonicalMean += point.weight * point.position
      seenMean += point.weight * seen(point.index)
    }
    canonicalMean /= total
    seenMean /= total
    var correlation = Matrix3.zero
    for point in basis {
      correlation.add(
        point.weight, seen(point.index) - seenMean, times: point.position - canonicalMean)
    }
    guard let rotation = correlation.nearestRotation else { return nil }
    // Rotation = Rz(roll) · Ry(yaw) · Rx(pitch), each counterclockwise about its axis.
    let (r20, r21, r22) = (rotation[2][0], rotation[2][1], rotation[2][2])
    func degrees(_ y: Double, _ x: Double) -> Float {
      arcTangent(Float(y), Float(x)) * 180 / .pi
    }
    return HeadPose(
      pitch: -degrees(r21, r22), yaw: degrees(-r20, (r21 * r21 + r22 * r22).squareRoot()),
      roll: -degrees(rotation[1][0], rotation[0][0]))
  }

  /// How far the lips are apart at their middle, in widths of the mouth, both by their inner edges.
  package var mouthGap: Float {
    func distance(_ first: Int, _ second: Int) -> Double {
      let difference = points[first] - points[second]
      return (difference * difference).sum().squareRoot()
    }
    return Float(distance(13, 14) / max(distance(78, 308), 1e-6))
  }

  /// Of 500 faces of LFW, those with less have their lips together, and those with more show teeth
  /// or the inside of the mouth; there are hardly any between 0.06 and 0.10.
  private static let openGap: Float = 0.08
  /// The logistic's unit.
  private static let gapScale: Float = 0.02

  /// Whether the lips are apart.
  package var mouth: Judgement<MouthState> {
    let open = 1 / (1 + exponential((Self.openGap - mouthGap) / Self.gapScale))
    return open > 0.5
      ? Judgement(.open, confidence: open) : Judgement(.close, confidence: 1 - open)
  }
}

extension HeadPose {
  /// The pose in the photograph of a head whose pose in a chip this is.
  ///
  /// - Parameter transform: Takes the photograph to the chip.
  /// - Returns: The roll with what the chip was turned by, in −180…180.
  func inPhotograph(_ transform: SimilarityTransform) -> HeadPose {
    let turned = roll - transform.angle * 180 / .pi
    return HeadPose(
      pitch: pitch, yaw: yaw, roll: turned - 360 * (turned / 360).rounded())
  }
}

/// A point of the mesh by which the head's rotation is found.
private struct MeshBasisPoint {
  let index: Int
  let position: SIMD3<Double>
  let weight: Double

  init(_ index: Int, _ x: Double, _ y: Double, _ z: Double, weight: Double) {
    self.index = index
    position = SIMD3(x, y, z)
    self.weight = weight
  }

  /// Centimetres; x to the viewer's right, y up, z towards the viewer.
  ///
  /// From the metadata of MediaPipe's `face_landmarker.task` (Apache-2.0).
  static let all: [MeshBasisPoint] = [
    .init(4, 0.0000, -0.4632, 7.5866, weight: 0.07091),
    .init(6, 0.0000, 2.4733, 5.7886, weight: 0.03210),
    .init(10, 0.0000, 8.2618, 4.4815, weight: 0.00845),
    .init(33, -4.4459, 2.6640, 3.1734, weight: 0.05872),
    .init(54, -6.2793, 6.6154, 1.4259, weight: 0.00767),
    .init(67, -3.5240, 8.0060, 3.7292, weight: 0.00908),
    .init(117, -5.2587, 0.9458, 2.9743, weight: 0.00979),
    .init(119, -3.3007, 0.8616, 3.8728, weight: 0.01457),
    .init(121, -1.8207, 1.4680, 4.2241, weight: 0.01859),
    .init(127, -7.7431, 2.3650, -2.0052, weight: 0.00520),
    .init(129, -1.7858, -0.9783, 4.8505, weight: 0.12063),
    .init(132, -7.2709, -2.8909, -2.2525, weight: 0.00556),
    .init(133, -1.8564, 2.5852, 3.7579, weight: 0.05329),
    .init(136, -5.0853, -7.1786, 0.7147, weight: 0.06689),
    .init(143, -6.4076, 2.2360, 1.5608, weight: 0.01482),
    .init(147, -6.2349, -1.9444, 1.6635, weight: 0.01426),
    .init(198, -1.2468, 0.2303, 5.6810, weight: 0.02546),
    .init(205, -3.8329, -1.5373, 4.1377, weight: 0.04725),
    .init(263, 4.4459, 2.6640, 3.1734, weight: 0.05872),
    .init(284, 6.2793, 6.6154, 1.4259, weight: 0.00767),
    .init(297, 3.5240, 8.0060, 3.7292, weight: 0.00908),
    .init(346, 5.2587, 0.9458, 2.9743, weight: 0.00979),
    .init(348, 3.3007, 0.8616, 3.8728, weight: 0.01457),
    .init(350, 1.8207, 1.4680, 4.2241, weight: 0.01859),
    .init(356, 7.7431, 2.3650, -2.0052, weight: 0.00520),
    .init(358, 1.7858, -0.9783, 4.8505, weight: 0.12063),
    .init(361, 7.2709, -2.8909, -2.2525, weight: 0.00556),
    .init(362, 1.8564, 2.5852, 3.7579, weight: 0.05329),
    .init(365, 5.0853, -7.1786, 0.7147, weight: 0.06689),
    .init(372, 6.4076, 2.2360, 1.5608, weight: 0.01482),
    .init(376, 6.2349, -1.9444, 1.6635, weight: 0.01426),
    .init(420, 1.2468, 0.2303, 5.6810, weight: 0.02546),
    .init(425, 3.8329, -1.5373, 4.1377, weight: 0.04725),
  ]
}
