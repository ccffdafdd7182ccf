import FaceTypes
import Imaging

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

  /// Wraps what the decoder made of `bytes`.
  init(_ decoded: DecodedImage, bytes: [UInt8], decoder: ImageDecoder) {
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

  /// Whether ``patch(_:minimumScale:)`` would read the file again.
  func hasFinerPixels(than minimumScale: Float) -> Bool {
    source != nil && whole.scale < min(1, minimumScale) * 0.999
  }

  /// Reads a part finely.
  ///
  /// - Parameters:
  ///   - region: Full-size pixels; what lies outside the photograph is ignored.
  ///   - minimumScale: Patch pixels for each full-size pixel along a side.
  /// - Returns: Pixels at least as fine as `minimumScale` if the file has them.
  /// - Throws: ``ImageError``, also if `region` has nothing of the photograph.
  func patch(_ region: PixelRegion, minimumScale: Float) throws(ImageError) -> PixelPatch {
    guard let source, hasFinerPixels(than: minimumScale) else { return whole }
    let decoded = try source.decoder.decode(
      source.bytes, region: region, minimumScale: min(1, minimumScale))
    return PixelPatch(
      image: decoded.image,
      grid: PixelGrid(
        originX: Float(decoded.region.x), originY: Float(decoded.region.y),
        scaleX: decoded.scale, scaleY: decoded.scale))
  }
}
