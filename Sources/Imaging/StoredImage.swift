/// An image file whose header has been read, as each codec presents it to ``ImageDecoder``.
///
/// It borrows the bytes that it was made from and must not outlive them.
protocol StoredImage: AnyObject {
  /// Pixels in a stored row; already checked against the limits.
  var width: Int { get }
  /// Stored rows.
  var height: Int { get }
  /// The facts of the file's EXIF block, if it has one.
  var exif: ExifFacts { get }

  /// Decodes a region, reduced as far as is quick to do and `minimumScale` allows.
  ///
  /// Called at most once.
  ///
  /// - Parameters:
  ///   - region: Stored full-size pixels, inside the image.
  ///   - minimumScale: Decoded pixels for each full-size pixel along a side, above 0.
  /// - Returns: The pixels and what they show.
  /// - Throws: What is wrong with the content, or which limit it exceeds.
  func read(_ region: PixelRegion, minimumScale: Double) throws(ImageError) -> StoredPixels
}

/// What a codec decoded, not yet turned upright.
struct StoredPixels {
  let image: Image
  /// The stored full-size pixels that `image` shows: all that was asked for, and perhaps a margin.
  let region: PixelRegion
  /// Decoded pixels for each full-size pixel along a side, at most 1.
  let scale: Float
}
