import FaceTypes
import Imaging

/// The square around a face that contact sheets show.
enum FaceThumbnail {
  /// A JPEG file of the face and a little around it; `nil` if the place is not finite.
  ///
  /// The square is moved, and if need be shrunk, to fit into the patch: no border is invented.
  static func jpeg(
    of box: BoundingBox, in patch: PixelPatch, policy: ThumbnailPolicy
  ) -> [UInt8]? {
    let side = max(box.width, box.height) * policy.enlargement * patch.scale
    let center = patch.grid.local(box.center)
    guard side.isFinite, center.x.isFinite, center.y.isFinite else { return nil }
    let limit = Float(min(patch.image.width, patch.image.height))
    let pixels = Int(max(1, min(side.rounded(), limit)))
    func start(_ middle: Float, _ length: Int) -> Int {
      Int(max(0, min(middle + 0.5 - Float(pixels) / 2, Float(length - pixels))))
    }
    let square = PixelRegion(
      x: start(center.x, patch.image.width), y: start(center.y, patch.image.height), width: pixels,
      height: pixels)
    let outputSide = min(pixels, policy.sideLimit)
    let thumbnail = patch.image.cropped(square).resized(width: outputSide, height: outputSide)
    return JPEGEncoder.encode(thumbnail, quality: policy.quality)
  }
}
