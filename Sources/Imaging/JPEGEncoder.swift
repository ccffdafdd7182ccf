internal import CJPEG
internal import Glibc

/// Writes JPEG files, for thumbnails.
public enum JPEGEncoder {
  /// Encodes an image as a baseline JPEG with chroma at half size (4:2:0), without metadata.
  ///
  /// - Parameters:
  ///   - image: At least one pixel, at most 65 500 along a side.
  ///   - quality: In 1…100, libjpeg's scale; 85 to 95 looks like the original.
  /// - Returns: The content of the file.
  public static func encode(_ image: Image, quality: Int) -> [UInt8] {
    precondition((1...65_500).contains(image.width) && (1...65_500).contains(image.height))
    precondition((1...100).contains(quality))
    let writer = UnsafeMutablePointer<figured_jpeg_writer>.allocate(capacity: 1)
    unsafe writer.initialize(to: figured_jpeg_writer())
    defer { unsafe writer.deallocate() }
    var bytes: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    let succeeded = unsafe figured_jpeg_write(
      writer, image.pixels, UInt32(image.width), UInt32(image.height), Int32(quality), &bytes, &size
    )
    defer { unsafe free(bytes) }
    precondition(succeeded != 0, "only a lack of memory stops libjpeg from encoding")
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
  }
}
