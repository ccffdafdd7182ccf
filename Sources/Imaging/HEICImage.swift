internal import CHEIF

/// A HEIC file behind libheif: its primary image.
///
/// libheif applies the rotation, mirroring and cropping that the file asks for, so the image is
/// upright already, whatever EXIF says. Transparent pixels are shown on white.
@safe
final class HEICImage: StoredImage {
  private(set) var width = 0
  private(set) var height = 0
  private(set) var exif = ExifFacts()
  private let context: OpaquePointer?
  private var handle: OpaquePointer?
  private let limits: DecodeLimits

  init(_ bytes: UnsafeBufferPointer<UInt8>, limits: DecodeLimits) throws(ImageError) {
    self.limits = limits
    unsafe context = unsafe heif_context_alloc()
    // Our callers decode on threads of their own already.
    unsafe heif_context_set_max_decoding_threads(context, 0)
    unsafe try checkHEIF(
      heif_context_read_from_memory_without_copy(context, bytes.baseAddress, bytes.count, nil))
    unsafe try checkHEIF(heif_context_get_primary_image_handle(context, &handle))
    width = Int(unsafe heif_image_handle_get_width(handle))
    height = Int(unsafe heif_image_handle_get_height(handle))
    exif = readExif()
    exif.orientation = .upright
    guard width > 0, height > 0 else { throw .corrupt(.heic, reason: "the image has no pixels") }
    try limits.checkPixels(width: width, height: height)
    // The image may be cut out of a larger one, which is what is decoded; every image is cut out
    // of whole blocks of up to 64 × 64 samples.
    try limits.checkPixels(
      width: Int(unsafe heif_image_handle_get_ispe_width(handle)) - 63,
      height: Int(unsafe heif_image_handle_get_ispe_height(handle)) - 63)
  }

  deinit {
    unsafe heif_image_handle_release(handle)
    unsafe heif_context_free(context)
  }

  func read(_ region: PixelRegion, minimumScale: Double) throws(ImageError) -> StoredPixels {
    var collector = RowCollector(region, minimumScale: minimumScale, width: width, height: height)
    let hasAlpha = unsafe heif_image_handle_has_alpha_channel(handle) != 0
    let channels = hasAlpha ? 4 : 3
    let sampleBytes = unsafe heif_image_handle_get_luma_bits_per_pixel(handle) > 8 ? 2 : 1
    let inspection = unsafe try HEICInspection.inspect(handle, sampleLimit: codedSampleLimit)
    // The decoded planes, at most three samples a pixel, and the interleaved copy of them.
    let planeBytes = (3 * sampleBytes + channels) * width * height
    try limits.checkWorkingBytes(
      max(inspection.largestPictureBytes, collector.byteCount) + planeBytes)

    let options = unsafe heif_decoding_options_alloc()
    defer { unsafe heif_decoding_options_free(options) }
    unsafe options?.pointee.convert_hdr_to_8bit = 1
    unsafe options?.pointee.strict_decoding = 1
    var decoded: OpaquePointer?
    unsafe try checkHEIF(
      heif_decode_image(
        handle, &decoded, heif_colorspace_RGB,
        hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options))
    defer { unsafe heif_image_release(decoded) }
    guard
      unsafe heif_image_get_width(decoded, heif_channel_interleaved) == width,
      unsafe heif_image_get_height(decoded, heif_channel_interleaved) == height
    else { throw .corrupt(.heic, reason: "the coded size is not that of the header") }
    var stride: Int32 = 0
    guard
      let plane = unsafe heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride)
    else { throw .corrupt(.heic, reason: "there are no pixels") }
    for y in 0..<collector.lastRow {
      let row = unsafe UnsafeBufferPointer(start: plane + y * Int(stride), count: channels * width)
      unsafe collector.append(Span(_unsafeElements: row))
    }
    return collector.finish()
  }

  /// How many luma samples may be coded for the image and its transparency.
  ///
  /// Pictures are coded a little larger than shown: in whole blocks, and of a grid in whole tiles.
  private var codedSampleLimit: Int {
    let storedWidth = Int(unsafe heif_image_handle_get_ispe_width(handle))
    let storedHeight = Int(unsafe heif_image_handle_get_ispe_height(handle))
    return 2 * (storedWidth + 1024) * (storedHeight + 1024)
  }

  /// Reads the EXIF block that the image refers to, if it is there and of a credible length.
  private func readExif() -> ExifFacts {
    var item: heif_item_id = 0
    guard unsafe heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &item, 1) == 1
    else { return ExifFacts() }
    let size = unsafe heif_image_handle_get_metadata_size(handle, item)
    guard size > 4, size <= 1 << 20 else { return ExifFacts() }
    var bytes = [UInt8](repeating: 0, count: size)
    guard unsafe heif_image_handle_get_metadata(handle, item, &bytes).code == heif_error_Ok,
      // The block begins with the distance to the TIFF header (ISO/IEC 23008-12, A.2.1).
      let distance = unsafe bytes.span.bytes.bigEndian32(at: 0), 4 + distance < size
    else { return ExifFacts() }
    return unsafe ExifFacts(block: bytes.span.bytes.extracting(4 + distance..<size))
  }
}

/// Turns libheif's way of reporting errors into ours.
func checkHEIF(_ error: heif_error) throws(ImageError) {
  guard unsafe error.code != heif_error_Ok else { return }
  let reason = unsafe error.message.map { unsafe String(cString: $0) } ?? "unknown error"
  switch unsafe (error.code, error.subcode) {
  case (_, heif_suberror_End_of_data): throw .truncated(.heic, decodedRows: 0, rows: 0)
  case (heif_error_Unsupported_feature, _), (heif_error_Unsupported_filetype, _):
    throw .unsupported(.heic, reason: reason)
  default: throw .corrupt(.heic, reason: reason)
  }
}
