package import FaceTypes

/// A rotation, a uniform scale and a shift: `(x, y) → (a·x − b·y + tx, b·x + a·y + ty)`.
package struct SimilarityTransform: Hashable, Sendable {
  package let a: Float
  package let b: Float
  package let tx: Float
  package let ty: Float

  /// How much longer distances become.
  package var scale: Float { (a * a + b * b).squareRoot() }

  /// The transform that brings `source` nearest to `destination` in the sense of least squares.
  ///
  /// This is Umeyama's solution ("Least-squares estimation of transformation parameters between
  /// two point patterns", 1991) without reflection. In the plane it needs no singular value
  /// decomposition: with centred points as complex numbers `s` and `d`, rotation and scale
  /// together are `Σ s̄·d / Σ |s|²`. Sums are in double precision because the points of a large
  /// image are far from the origin compared with their distances.
  ///
  /// `nil` if there are no points, the counts differ, all source points coincide, or the
  /// result is not finite or shrinks everything to a point.
  package init?(from source: [Point], to destination: [Point]) {
    guard !source.isEmpty, source.count == destination.count else { return nil }
    let sourceMean = Self.mean(source)
    let destinationMean = Self.mean(destination)
    var (real, imaginary, spread) = (0.0, 0.0, 0.0)
    for (from, to) in zip(source, destination) {
      let (sx, sy) = (Double(from.x) - sourceMean.x, Double(from.y) - sourceMean.y)
      let (dx, dy) = (Double(to.x) - destinationMean.x, Double(to.y) - destinationMean.y)
      real += sx * dx + sy * dy
      imaginary += sx * dy - sy * dx
      spread += sx * sx + sy * sy
    }
    guard spread > 1e-12 else { return nil }
    let (a, b) = (real / spread, imaginary / spread)
    let tx = destinationMean.x - (a * sourceMean.x - b * sourceMean.y)
    let ty = destinationMean.y - (b * sourceMean.x + a * sourceMean.y)
    guard a.isFinite, b.isFinite, tx.isFinite, ty.isFinite, a * a + b * b > 1e-12 else {
      return nil
    }
    (self.a, self.b, self.tx, self.ty) = (Float(a), Float(b), Float(tx), Float(ty))
  }

  /// Wraps the four numbers.
  package init(a: Float, b: Float, tx: Float, ty: Float) {
    (self.a, self.b, self.tx, self.ty) = (a, b, tx, ty)
  }

  /// Turns by `angle` radians and scales around `center`, which goes to `destination`.
  ///
  /// With `y` downwards, a positive angle turns clockwise as seen.
  package init(turning center: Point, by angle: Float, scale: Float, to destination: Point) {
    a = scale * cosine(angle)
    b = scale * sine(angle)
    tx = destination.x - (a * center.x - b * center.y)
    ty = destination.y - (b * center.x + a * center.y)
  }

  /// The angle in radians by which directions turn; positive is clockwise as seen.
  package var angle: Float { arcTangent(b, a) }

  /// The transform that undoes this one.
  ///
  /// - Precondition: ``scale`` is not zero.
  package var inverse: SimilarityTransform {
    let squaredScale = a * a + b * b
    precondition(squaredScale > 0)
    let (inverseA, inverseB) = (a / squaredScale, -b / squaredScale)
    return SimilarityTransform(
      a: inverseA, b: inverseB, tx: -(inverseA * tx - inverseB * ty),
      ty: -(inverseB * tx + inverseA * ty))
  }

  /// Where a point goes.
  package func apply(_ point: Point) -> Point {
    Point(x: a * point.x - b * point.y + tx, y: b * point.x + a * point.y + ty)
  }

  private static func mean(_ points: [Point]) -> (x: Double, y: Double) {
    let count = Double(points.count)
    return (
      points.reduce(0) { $0 + Double($1.x) } / count, points.reduce(0) { $0 + Double($1.y) } / count
    )
  }
}
