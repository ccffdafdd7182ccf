import FaceTypes
import Imaging

/// The pixels from which crops are made: the reduced photograph, or finer ones for small faces.
struct FinePixels {
  private let whole: PixelPatch
  private let finer: PixelPatch?

  /// Reads the file once more if any crop would otherwise be magnified and the file has more.
  ///
  /// One decode serves all faces, since a JPEG has to be read from its beginning each time.
  ///
  /// - Parameters:
  ///   - transforms: What takes the photograph to each crop.
  ///   - photograph: Where they come from.
  ///   - policy: The limits.
  /// - Throws: ``ImageError``.
  init(
    for transforms: [SimilarityTransform], of photograph: Photograph, policy: AlignmentPolicy
  ) throws(ImageError) {
    whole = photograph.whole
    let scales = transforms.map { min(1, $0.scale * policy.minimumPixelsPerCropPixel) }
    let wanting = zip(transforms, scales).filter { photograph.hasFinerPixels(than: $0.1) }
    let regions = wanting.compactMap {
      FaceAligner.region($0.0).clipped(toWidth: photograph.width, height: photograph.height)
    }
    guard let region = PixelRegion(around: regions), let scale = wanting.map(\.1).max() else {
      finer = nil
      return
    }
    let affordable = (Float(policy.regionPixelLimit) / Float(region.width * region.height))
      .squareRoot()
    finer = try photograph.patch(region, minimumScale: min(scale, affordable))
  }

  /// The coarsest pixels that suffice for a crop.
  func patch(for transform: SimilarityTransform) -> PixelPatch {
    guard let finer, whole.scale < min(1, transform.scale) * 0.999, finer.scale > whole.scale,
      finer.covers(FaceAligner.region(transform), clippedTo: whole)
    else { return whole }
    return finer
  }
}
