import FaceTypes
import Imaging

/// Part of a photograph at some scale.
struct PixelPatch: Sendable {
  let image: Image
  /// Where the pixels of `image` lie in the full-size photograph.
  let grid: PixelGrid

  /// Patch pixels for each full-size pixel along a side.
  var scale: Float { min(grid.scaleX, grid.scaleY) }

  /// The patch at another size.
  func resized(width: Int, height: Int) -> PixelPatch {
    let scaleX = grid.scaleX * Float(width) / Float(image.width)
    let scaleY = grid.scaleY * Float(height) / Float(image.height)
    return PixelPatch(
      image: image.resized(width: width, height: height),
      grid: PixelGrid(originX: grid.originX, originY: grid.originY, scaleX: scaleX, scaleY: scaleY))
  }

  /// The patch at `factor` times its size, at least one pixel on each side.
  func resized(by factor: Float) -> PixelPatch {
    func side(_ length: Int) -> Int { max(1, Int((Float(length) * factor).rounded())) }
    return resized(width: side(image.width), height: side(image.height))
  }

  /// The patch at a size at which its longer side is `longSide` pixels, unless it is shorter.
  func reduced(toLongSide longSide: Int) -> PixelPatch {
    let present = max(image.width, image.height)
    return present > longSide ? resized(by: Float(longSide) / Float(present)) : self
  }

  /// The part of the patch inside `region`, in patch pixels.
  ///
  /// - Precondition: `region` lies inside the patch.
  func cropped(_ region: PixelRegion) -> PixelPatch {
    PixelPatch(
      image: image.cropped(region),
      grid: PixelGrid(
        originX: grid.originX + Float(region.x) / grid.scaleX,
        originY: grid.originY + Float(region.y) / grid.scaleY,
        scaleX: grid.scaleX, scaleY: grid.scaleY))
  }

  /// The part inside `region`, in full-size pixels, as nearly as whole patch pixels allow.
  func part(_ region: PixelRegion) -> PixelPatch? {
    let left = Int(((Float(region.x) - grid.originX) * grid.scaleX).rounded(.down))
    let top = Int(((Float(region.y) - grid.originY) * grid.scaleY).rounded(.down))
    let local = PixelRegion(
      x: left, y: top, width: Int((Float(region.width) * grid.scaleX).rounded(.up)) + 1,
      height: Int((Float(region.height) * grid.scaleY).rounded(.up)) + 1)
    return local.clipped(toWidth: image.width, height: image.height).map(cropped)
  }

  /// The surroundings of one face, reduced to what looking at it closely and cropping it need.
  ///
  /// Made once for the many squares that are cut from it; wide enough to turn them.
  ///
  /// - Parameters:
  ///   - center: Of the face, in full-size pixels.
  ///   - size: The longer side of its box in full-size pixels.
  /// - Returns: The patch itself if the face lies outside of it.
  func surroundings(of center: Point, size: Float) -> PixelPatch {
    let frame = CloseLook.Frame.large
    let reach = size * Float(frame.side) / frame.faceSize * 0.75
    func clamped(_ value: Float) -> Int { Int(max(-1e6, min(value, 1e6))) }
    let region = PixelRegion(
      x: clamped(center.x - reach), y: clamped(center.y - reach), width: clamped(2 * reach) + 1,
      height: clamped(2 * reach) + 1)
    guard let part = part(region) else { return self }
    let shrinkage = part.scale * size / (2 * frame.faceSize)
    return shrinkage > 1.2 ? part.resized(by: 1 / shrinkage) : part
  }

  /// Whether the patch shows all that a patch of the whole photograph shows of `region`.
  func covers(_ region: PixelRegion, clippedTo whole: PixelPatch) -> Bool {
    func end(_ patch: PixelPatch) -> Point {
      Point(
        x: patch.grid.originX + Float(patch.image.width) / patch.grid.scaleX,
        y: patch.grid.originY + Float(patch.image.height) / patch.grid.scaleY)
    }
    let (mine, theirs) = (end(self), end(whole))
    // One pixel of slack: a reduced image's last pixel may reach beyond the photograph.
    return grid.originX <= max(0, Float(region.x)) + 1
      && grid.originY <= max(0, Float(region.y)) + 1
      && mine.x >= min(theirs.x, Float(region.x + region.width)) - 1
      && mine.y >= min(theirs.y, Float(region.y + region.height)) - 1
  }

  /// Cuts out a square through a transform of the full-size photograph.
  ///
  /// Where the square has less than half as many pixels as the patch along a side, the patch is
  /// averaged first: sampling every third pixel would make a pattern of hair and skin.
  ///
  /// - Parameters:
  ///   - transform: Takes full-size points to points of the square.
  ///   - side: The width and height of the square in pixels.
  /// - Returns: The square; black outside the patch.
  func square(_ transform: SimilarityTransform, side: Int) -> Image {
    guard let region = footprint(transform, side: side) else {
      return Image(width: side, height: side, gray: 0)
    }
    let shrinkage = scale / transform.scale
    if shrinkage <= 2 { return sampled(transform, side: side) }
    return cropped(region).resized(by: 1 / shrinkage).sampled(transform, side: side)
  }

  /// Cuts out a square as ``square(_:side:)`` does, and leaves more detail in it.
  ///
  /// - Parameters:
  ///   - transform: Takes full-size points to points of the square.
  ///   - side: The width and height of the square in pixels.
  ///   - oversampling: As for ``averaged(for:side:oversampling:)``.
  /// - Returns: The square; black outside the patch.
  func chip(_ transform: SimilarityTransform, side: Int, oversampling: Float) -> Image {
    averaged(for: transform, side: side, oversampling: oversampling)?
      .sampled(transform, side: side) ?? Image(width: side, height: side, gray: 0)
  }

  /// What a square shows, averaged over a whole number of pixels so that `oversampling` of them along a
  /// side, or up to twice as many, are left for one of the square.
  ///
  /// - Returns: The patch itself where it has no more; `nil` if the square lies outside.
  func averaged(
    for transform: SimilarityTransform, side: Int, oversampling: Float
  ) -> PixelPatch? {
    guard let region = footprint(transform, side: side) else { return nil }
    let count = (scale / transform.scale / oversampling).rounded(.down)
    return count < 2 ? self : cropped(region).resized(by: 1 / count)
  }

  /// The patch pixels that a square shows; `nil` if it lies outside.
  private func footprint(_ transform: SimilarityTransform, side: Int) -> PixelRegion? {
    let (minimum, maximum) = transform.sourceBounds(side: side)
    let (first, last) = (grid.local(minimum), grid.local(maximum))
    // Clamping to the patch before rounding keeps faces far outside from overflowing an integer.
    func clamped(_ value: Float, _ limit: Int) -> Int { Int(max(-2, min(value, Float(limit) + 2))) }
    let (x, y) = (clamped(first.x, image.width) - 2, clamped(first.y, image.height) - 2)
    let region = PixelRegion(
      x: x, y: y, width: clamped(last.x, image.width) + 3 - x,
      height: clamped(last.y, image.height) + 3 - y)
    return region.clipped(toWidth: image.width, height: image.height)
  }

  private func sampled(_ transform: SimilarityTransform, side: Int) -> Image {
    // full = (local + ½) / scale − ½ + origin, put into the transform.
    let origin = grid.fullSize(Point(x: 0, y: 0))
    let shift = transform.apply(origin)
    let affine = AffineTransform(
      a: transform.a / grid.scaleX, b: -transform.b / grid.scaleY, tx: shift.x,
      c: transform.b / grid.scaleX, d: transform.a / grid.scaleY, ty: shift.y)
    return image.warped(by: affine, width: side, height: side)
  }
}

extension SimilarityTransform {
  /// The corners of the smallest upright rectangle around what a square of `side` pixels shows.
  func sourceBounds(side: Int) -> (minimum: Point, maximum: Point) {
    let back = inverse
    let end = Float(side)
    let corners = [(0, 0), (end, 0), (0, end), (end, end)].map { back.apply(Point(x: $0, y: $1)) }
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    return (
      Point(x: xs.min() ?? 0, y: ys.min() ?? 0), Point(x: xs.max() ?? 0, y: ys.max() ?? 0)
    )
  }
}

extension PixelRegion {
  /// The smallest region around several; `nil` if there are none.
  init?(around regions: [PixelRegion]) {
    guard let left = regions.map(\.x).min(), let top = regions.map(\.y).min(),
      let right = regions.map({ $0.x + $0.width }).max(),
      let bottom = regions.map({ $0.y + $0.height }).max()
    else { return nil }
    self.init(x: left, y: top, width: right - left, height: bottom - top)
  }
}
