public import FaceTypes

/// A map of the plane, `(x, y) → (a·x + b·y + tx, c·x + d·y + ty)`, in pixels.
///
/// A pixel's coordinates are those of its centre: the first pixel's centre is (0, 0), as in
/// OpenCV's `warpAffine`.
public struct AffineTransform: Hashable, Sendable {
  public var a: Float
  public var b: Float
  public var tx: Float
  public var c: Float
  public var d: Float
  public var ty: Float

  public init(a: Float, b: Float, tx: Float, c: Float, d: Float, ty: Float) {
    self.a = a
    self.b = b
    self.tx = tx
    self.c = c
    self.d = d
    self.ty = ty
  }

  public static let identity = AffineTransform(a: 1, b: 0, tx: 0, c: 0, d: 1, ty: 0)

  /// The transform that undoes this one; `nil` if it flattens the plane or is not finite.
  public var inverse: AffineTransform? {
    guard let exact = AffineInverse(self) else { return nil }
    let rounded = AffineTransform(
      a: Float(exact.a), b: Float(exact.b), tx: Float(exact.tx),
      c: Float(exact.c), d: Float(exact.d), ty: Float(exact.ty))
    let values = [rounded.a, rounded.b, rounded.tx, rounded.c, rounded.d, rounded.ty]
    return values.allSatisfy(\.isFinite) ? rounded : nil
  }

  /// Where the transform takes a point.
  public func apply(_ point: Point) -> Point {
    Point(x: a * point.x + b * point.y + tx, y: c * point.x + d * point.y + ty)
  }
}

/// The inverse of an ``AffineTransform`` in double precision, as warping a large image needs it.
struct AffineInverse {
  let a, b, tx, c, d, ty: Double

  /// Inverts; `nil` if `transform` flattens the plane or is not finite.
  init?(_ transform: AffineTransform) {
    let (a, b, tx) = (Double(transform.a), Double(transform.b), Double(transform.tx))
    let (c, d, ty) = (Double(transform.c), Double(transform.d), Double(transform.ty))
    let determinant = a * d - b * c
    guard determinant.isFinite, determinant != 0, tx.isFinite, ty.isFinite else { return nil }
    self.a = d / determinant
    self.b = -b / determinant
    self.tx = (b * ty - d * tx) / determinant
    self.c = -c / determinant
    self.d = a / determinant
    self.ty = (c * tx - a * ty) / determinant
  }

  func apply(x: Double, y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + tx, c * x + d * y + ty)
  }
}
