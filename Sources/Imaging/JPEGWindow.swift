/// The decoded pixels of a JPEG that show a region of it at a number of eighths of full size.
struct JPEGWindow {
  /// In pixels of the reduced image.
  let decoded: PixelRegion
  /// The full-size pixels that `decoded` shows.
  let covered: PixelRegion
  /// Whether `decoded` is the whole reduced image.
  let isWhole: Bool

  /// Columns decoded beyond either side and thrown away.
  ///
  /// Chroma is interpolated across them, so that the kept columns equal those of a whole decode.
  static let margin = 8

  /// - Precondition: `eighths` divides 8, so that reduced pixels cover whole full-size pixels.
  init(_ region: PixelRegion, eighths: Int, width: Int, height: Int) {
    precondition(8 % eighths == 0)
    let step = 8 / eighths
    let (left, top) = (region.x / step, region.y / step)
    let right = (region.right + step - 1) / step
    let bottom = (region.bottom + step - 1) / step
    decoded = PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
    covered = PixelRegion(
      x: left * step, y: top * step,
      width: min(width, right * step) - left * step,
      height: min(height, bottom * step) - top * step)
    isWhole = covered.width == width && covered.height == height
  }
}
