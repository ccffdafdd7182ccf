import FaceTypes
import Imaging

/// Part of a photograph at some scale.
struct PixelPatch: Sendable {
  let image: Image
  /// Where the pixels of `image` lie in the full-size photograph.
  let grid: PixelGrid

  /// The patch at another size.
  func resized(width: Int, height: Int) -> PixelPatch {
    let scaleX = grid.scaleX * Float(width) / Float(image.width)
    let scaleY = grid.scaleY * Float(height) / Float(image.height)
    return PixelPatch(
      image: image.resized(width: width, height: height),
      grid: PixelGrid(originX: grid.originX, originY: grid.originY, scaleX: scaleX, scaleY: scaleY))
  }

  /// The patch at a size at which its longer side is `longSide` pixels, unless it is shorter.
  func reduced(toLongSide longSide: Int) -> PixelPatch {
    let present = max(image.width, image.height)
    guard present > longSide else { return self }
    let factor = Float(longSide) / Float(present)
    func side(_ length: Int) -> Int { max(1, Int((Float(length) * factor).rounded())) }
    return resized(width: side(image.width), height: side(image.height))
  }
}

/// A photograph under analysis: its whole at a reduced size, and finer pixels of parts on demand.
struct Photograph: Sendable {
  /// The size of the upright photograph in pixels.
  let width: Int
  let height: Int
  /// All of it, perhaps reduced.
  let whole: PixelPatch
  private let source: Source?

  /// The file, if the photograph came from one.
  private struct Source: Sendable {
    let bytes: [UInt8]
    let decoder: ImageDecoder
  }

  /// Reads a file, at least `minimumLongSide` pixels long if it has them.
  init(
    _ bytes: [UInt8], decoder: ImageDecoder, minimumLongSide: Int
  ) throws(ImageError) {
    let decoded = try decoder.decode(bytes, minimumLongSide: minimumLongSide)
    width = decoded.info.width
    height = decoded.info.height
    whole = PixelPatch(
      image: decoded.image,
      grid: PixelGrid(originX: 0, originY: 0, scaleX: decoded.scale, scaleY: decoded.scale))
    source = Source(bytes: bytes, decoder: decoder)
  }

  /// Takes pixels that are in memory already.
  init(_ image: Image) {
    width = image.width
    height = image.height
    whole = PixelPatch(image: image, grid: .full)
    source = nil
  }

  /// Pixels of `region`, at least as fine as `minimumScale` if there are such.
  ///
  /// - Parameters:
  ///   - region: Full-size pixels, inside the photograph.
  ///   - minimumScale: Patch pixels for each full-size pixel along a side, at most 1.
  func patch(_ region: PixelRegion, minimumScale: Float) throws(ImageError) -> PixelPatch {
    guard let source, whole.grid.scaleX < minimumScale * 0.999 else { return whole }
    let decoded = try source.decoder.decode(
      source.bytes, region: region, minimumScale: minimumScale)
    return PixelPatch(
      image: decoded.image,
      grid: PixelGrid(
        originX: Float(decoded.region.x), originY: Float(decoded.region.y),
        scaleX: decoded.scale, scaleY: decoded.scale))
  }
}
