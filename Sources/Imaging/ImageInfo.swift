public import FaceTypes

/// What the headers of an image say.
public struct ImageInfo: Sendable, Equatable {
  public let format: ImageFormat
  /// Pixels in a row as stored, before the orientation is applied.
  public let storedWidth: Int
  /// Rows as stored, before the orientation is applied.
  public let storedHeight: Int
  /// How the stored pixels are turned upright.
  ///
  /// Always `.upright` for HEIC, whose codec applies the file's own rotation and mirroring.
  public let orientation: ExifOrientation
  /// When the picture was taken, if EXIF says so.
  public let captureTime: CaptureTime?
  /// Where the picture was taken, if EXIF says so.
  public let position: GeographicPosition?
  public let cameraMake: String?
  public let cameraModel: String?

  /// Pixels in a row of the upright image.
  public var width: Int { orientation.swapsSides ? storedHeight : storedWidth }
  /// Rows of the upright image.
  public var height: Int { orientation.swapsSides ? storedWidth : storedHeight }

  /// Wraps the facts of one file.
  public init(
    format: ImageFormat, storedWidth: Int, storedHeight: Int,
    orientation: ExifOrientation = .upright, captureTime: CaptureTime? = nil,
    position: GeographicPosition? = nil, cameraMake: String? = nil, cameraModel: String? = nil
  ) {
    self.format = format
    self.storedWidth = storedWidth
    self.storedHeight = storedHeight
    self.orientation = orientation
    self.captureTime = captureTime
    self.position = position
    self.cameraMake = cameraMake
    self.cameraModel = cameraModel
  }
}
