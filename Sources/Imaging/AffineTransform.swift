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
    let determinant = Double(a) * Double(d) - Double(b) * Double(c)
    guard determinant.isFinite, determinant != 0 else { return nil }
    let (a, b, tx) = (Double(a), Double(b), Double(tx))
    let (c, d, ty) = (Double(c), Double(d), Double(ty))
    let result = AffineTransform(
      a: Float(d / determinant), b: Float(-b / determinant),
      tx: Float((b * ty - d * tx) / determinant),
      c: Float(-c / determinant), d: Float(a / determinant),
      ty: Float((c * tx - a * ty) / determinant))
    let values = [result.a, result.b, result.tx, result.c, result.d, result.ty]
    return values.allSatisfy(\.isFinite) ? result : nil
  }

  /// Where the transform takes a point.
  public func apply(_ point: Point) -> Point {
    Point(x: a * point.x + b * point.y + tx, y: c * point.x + d * point.y + ty)
  }
}
