/// Why an image could not be read.
public enum ImageError: Error, Equatable, Sendable {
  /// There are no bytes.
  case empty
  /// The first bytes match no format we decode.
  case unknownFormat
  /// The input is longer than ``DecodeLimits/byteLimit``.
  case tooManyBytes(count: Int, limit: Int)
  /// The header states more pixels than ``DecodeLimits/pixelLimit``.
  case tooLarge(width: Int, height: Int, pixelLimit: Int)
  /// A JPEG with more scans than ``DecodeLimits/scanLimit``.
  case tooManyScans(limit: Int)
  /// Decoding would hold more than ``DecodeLimits/workingByteLimit``.
  case needsTooMuchMemory(byteCount: Int, limit: Int)
  /// The bytes end before the image does.
  ///
  /// `decodedRows` of `rows` stored rows were whole; both are 0 if the end is in the header, and
  /// `decodedRows` is 0 for formats that do not decode row by row.
  case truncated(ImageFormat, decodedRows: Int, rows: Int)
  /// The content contradicts its format; `reason` is the codec's own words.
  case corrupt(ImageFormat, reason: String)
  /// The format allows it, the codec does not.
  case unsupported(ImageFormat, reason: String)
  /// The region that was asked for has no pixel in common with the upright image.
  case regionOutsideImage(PixelRegion, width: Int, height: Int)
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty:
      "the image is empty"
    case .unknownFormat:
      "the content is not a JPEG, PNG, WebP or HEIC image"
    case .tooManyBytes(let count, let limit):
      "the image is \(count) bytes long; the limit is \(limit)"
    case .tooLarge(let width, let height, let pixelLimit):
      "the image is \(width) × \(height) pixels large; the limit is \(pixelLimit) pixels"
    case .tooManyScans(let limit):
      "the JPEG image has more than \(limit) scans"
    case .needsTooMuchMemory(let byteCount, let limit):
      "decoding the image takes \(byteCount) bytes of memory; the limit is \(limit)"
    case .truncated(let format, _, 0):
      "the \(format.name) image ends within its header"
    case .truncated(let format, let decodedRows, let rows):
      "the \(format.name) image ends early: \(decodedRows) of \(rows) rows are there"
    case .corrupt(let format, let reason):
      "the \(format.name) image is corrupt: \(reason)"
    case .unsupported(let format, let reason):
      "this kind of \(format.name) image cannot be read: \(reason)"
    case .regionOutsideImage(let region, let width, let height):
      "the region \(region) lies outside the image of \(width) × \(height) pixels"
    }
  }
}

extension ImageFormat {
  /// The name as its inventors spell it.
  var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .heic: "HEIC"
    }
  }
}
