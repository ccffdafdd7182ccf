internal import CHEIF
internal import Glibc
internal import Synchronization

/// How much there is to decode in a HEIC file, found out without decoding it.
///
/// A picture's coded size stands in its own bit stream and need not be what the file states: a few
/// hundred bytes can make the codec fill gigabytes. libheif 1.15 does not compare the two. So it is
/// first asked to decode with a codec that only reads the parameter sets and gives back blank
/// pictures; that way exactly the bit streams that would be decoded are seen.
struct HEICInspection {
  /// Luma samples of all coded pictures together.
  private(set) var sampleCount = 0
  /// The most bytes that libde265 holds for one picture.
  private(set) var largestPictureBytes = 0
  private let sampleLimit: Int
  private var isHEVC = true

  private init(sampleLimit: Int) { self.sampleLimit = sampleLimit }

  /// The inspections that are going on, by thread; libheif decodes on the thread of its caller.
  private static let current = Mutex<[pthread_t: HEICInspection]>([:])

  /// Inspects the pictures that make up an image.
  ///
  /// - Parameters:
  ///   - handle: The image.
  ///   - sampleLimit: The most luma samples that may be coded.
  /// - Returns: What there is to decode.
  /// - Throws: What libheif finds wrong, or that the limit is exceeded.
  static func inspect(
    _ handle: OpaquePointer?, sampleLimit: Int
  ) throws(ImageError) -> HEICInspection {
    guard InspectingCodec.isRegistered else {
      throw .unsupported(.heic, reason: "libheif has another version than its headers")
    }
    let thread = pthread_self()
    current.withLock { $0[thread] = HEICInspection(sampleLimit: sampleLimit) }
    let options = unsafe heif_decoding_options_alloc()
    defer { unsafe heif_decoding_options_free(options) }
    unsafe options?.pointee.ignore_transformations = 1
    var blank: OpaquePointer?
    let error = unsafe heif_decode_image(
      handle, &blank, heif_colorspace_undefined, heif_chroma_undefined, options)
    unsafe heif_image_release(blank)
    let found = current.withLock { $0.removeValue(forKey: thread) }
    guard found?.isHEVC ?? true else {
      throw .unsupported(.heic, reason: "its pictures are not coded with HEVC")
    }
    guard let found, found.sampleCount <= sampleLimit else {
      throw .corrupt(.heic, reason: "the coded pictures are larger than the image")
    }
    unsafe try checkHEIF(error)
    return found
  }

  /// Whether this thread is inspecting, now that libheif looks for a codec.
  ///
  /// Tiles of a grid are decoded without the options that the whole is decoded with, so a codec
  /// cannot be asked for by name; it must win by its priority, but only then and there.
  fileprivate static func request(isHEVC: Bool) -> Bool {
    current.withLock { inspections in
      let thread = pthread_self()
      if !isHEVC { inspections[thread]?.isHEVC = false }
      return inspections[thread] != nil
    }
  }

  /// Adds a bit stream to the inspection of this thread; `false` if the limit is exceeded.
  fileprivate static func add(_ sequence: HEVCSequence, pictureCount: Int) -> Bool {
    current.withLock { inspections in
      inspections[pthread_self()]?.add(sequence, pictureCount: pictureCount) ?? false
    }
  }

  private mutating func add(_ sequence: HEVCSequence, pictureCount: Int) -> Bool {
    // Both sides come out of at most 31 bits, and the limit is checked after each sum.
    let samples = sequence.codedWidth.multipliedReportingOverflow(by: sequence.codedHeight)
    let all = samples.partialValue.multipliedReportingOverflow(by: pictureCount)
    guard !samples.overflow, !all.overflow, all.partialValue <= sampleLimit else {
      sampleCount = .max
      return false
    }
    sampleCount += all.partialValue
    // Measured: 7 bytes a sample at 8 bits and 4:4:4, of which 3 are the picture itself.
    let sampleBytes = sequence.lumaBits > 8 ? 2 : 1
    largestPictureBytes = max(largestPictureBytes, samples.partialValue * (4 + 3 * sampleBytes))
    return sampleCount <= sampleLimit
  }
}

/// A codec for libheif that gives back blank pictures of the size that the bit stream states.
private enum InspectingCodec {
  private static let name = ConstantText("figured-inspection")
  /// The usual priority is 100.
  private static let highestPriority: Int32 = 1000
  private static let unreadable = ConstantText("the parameters of the bit stream cannot be read")

  /// Whether libheif accepted the codec; it is offered once.
  static let isRegistered: Bool = {
    let plugin = UnsafeMutablePointer<heif_decoder_plugin>.allocate(capacity: 1)
    unsafe plugin.initialize(
      to: heif_decoder_plugin(
        plugin_api_version: 3,
        get_plugin_name: { unsafe InspectingCodec.name.pointer },
        init_plugin: nil, deinit_plugin: nil,
        does_support_format: { format in
          HEICInspection.request(isHEVC: format == heif_compression_HEVC)
            ? InspectingCodec.highestPriority : 0
        },
        new_decoder: { decoder in
          unsafe decoder?.pointee = Unmanaged.passRetained(BitStream()).toOpaque()
          return unsafe InspectingCodec.success
        },
        free_decoder: { decoder in
          if let decoder = unsafe decoder {
            unsafe Unmanaged<BitStream>.fromOpaque(decoder).release()
          }
        },
        push_data: { decoder, bytes, count in
          guard let decoder = unsafe decoder else { return unsafe InspectingCodec.failure }
          let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
          let stream = unsafe Unmanaged<BitStream>.fromOpaque(decoder).takeUnretainedValue()
          let isReadable = unsafe stream.append(RawSpan(_unsafeBytes: bytes))
          return unsafe isReadable ? InspectingCodec.success : InspectingCodec.failure
        },
        decode_image: { decoder, image in
          guard let decoder = unsafe decoder else { return unsafe InspectingCodec.failure }
          let stream = unsafe Unmanaged<BitStream>.fromOpaque(decoder).takeUnretainedValue()
          guard
            let sequence = stream.sequence,
            HEICInspection.add(sequence, pictureCount: max(1, stream.pictureCount))
          else { return unsafe InspectingCodec.failure }
          return unsafe InspectingCodec.blank(sequence, image)
        },
        set_strict_decoding: { _, _ in }, id_name: name.pointer))
    return unsafe heif_register_decoder_plugin(plugin).code == heif_error_Ok
  }()

  private static var success: heif_error {
    unsafe heif_error(
      code: heif_error_Ok, subcode: heif_suberror_Unspecified, message: unreadable.pointer)
  }

  private static var failure: heif_error {
    unsafe heif_error(
      code: heif_error_Invalid_input, subcode: heif_suberror_Unspecified,
      message: unreadable.pointer)
  }

  private static func blank(
    _ sequence: HEVCSequence, _ image: UnsafeMutablePointer<OpaquePointer?>?
  ) -> heif_error {
    let isGray = sequence.chromaFormat == 0
    let chromas = [
      heif_chroma_monochrome, heif_chroma_420, heif_chroma_422, heif_chroma_444,
    ]
    let (width, height) = (Int32(clamping: sequence.width), Int32(clamping: sequence.height))
    var error = unsafe heif_image_create(
      width, height, isGray ? heif_colorspace_monochrome : heif_colorspace_YCbCr,
      chromas[sequence.chromaFormat], image)
    let isHalfWide = sequence.chromaFormat == 1 || sequence.chromaFormat == 2
    for channel in [heif_channel_Y, heif_channel_Cb, heif_channel_Cr] {
      guard unsafe error.code == heif_error_Ok else { break }
      if channel != heif_channel_Y && isGray { break }
      let isLuma = channel == heif_channel_Y
      unsafe error = heif_image_add_plane(
        image?.pointee, channel, isLuma || !isHalfWide ? width : (width + 1) / 2,
        isLuma || sequence.chromaFormat != 1 ? height : (height + 1) / 2,
        Int32(sequence.lumaBits))
    }
    return unsafe error
  }
}

/// The bit stream of one coded picture, of which only the parameters are kept.
private final class BitStream {
  /// The largest of the parameter sets.
  private(set) var sequence: HEVCSequence?
  private(set) var pictureCount = 0

  /// Reads units, each with its length before it; `false` if a parameter set makes no sense.
  func append(_ bytes: RawSpan) -> Bool {
    var position = 0
    while let length = bytes.bigEndian32(at: position) {
      let unit = position + 4..<position + 4 + length
      guard unit.upperBound <= bytes.byteCount else { return false }
      position = unit.upperBound
      guard let header = bytes.byte(at: unit.lowerBound), length > 2 else { continue }
      let type = header >> 1 & 63
      if type == HEVCSequence.unitType {
        guard let found = HEVCSequence(unit: bytes.extracting(unit)) else { return false }
        if found.area > sequence?.area ?? 0 { sequence = found }
      } else if type < 32, let slice = bytes.byte(at: unit.lowerBound + 2), slice >= 128 {
        // The first slice of a picture (7.3.6.1). libheif has all pictures decoded, not only one.
        pictureCount += 1
      }
    }
    return true
  }
}

extension HEVCSequence {
  /// Both sides come out of at most 31 bits.
  fileprivate var area: Int { codedWidth * codedHeight }
}

/// Text that lives as long as the process, for C to keep.
@safe
private struct ConstantText: Sendable {
  private let text: StaticString

  init(_ text: StaticString) { self.text = text }

  /// Ends with a zero byte, as every literal does.
  @unsafe var pointer: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
