internal import CEXIF
internal import FaceTypes

/// What the EXIF block of a file says, as far as it makes sense; whatever does not is left out.
struct ExifFacts {
  var orientation = ExifOrientation.upright
  var captureTime: CaptureTime?
  var position: GeographicPosition?
  var cameraMake: String?
  var cameraModel: String?

  /// No facts.
  init() {}

  /// Reads the block of a JPEG, PNG or WebP file.
  init(_ format: ImageFormat, _ file: RawSpan) {
    guard let block = exifBlock(format, file) else {
      self.init()
      return
    }
    self.init(block: file.extracting(block))
  }

  /// Reads a TIFF structure (EXIF 2.32, section 4.5).
  init(block: RawSpan) {
    guard let data = ExifData(block: block) else { return }
    orientation =
      data.integer(EXIF_IFD_0, 0x0112).flatMap(UInt8.init(exactly:))
      .flatMap(ExifOrientation.init) ?? .upright
    captureTime = data.captureTime
    position = data.position
    cameraMake = data.text(EXIF_IFD_0, 0x010F)
    cameraModel = data.text(EXIF_IFD_0, 0x0110)
  }
}

extension ExifData {
  /// When the shutter was released; failing that, when the picture was digitised or changed.
  fileprivate var captureTime: CaptureTime? {
    let tags: [(ifd: ExifIfd, time: UInt32, subsecond: UInt32, offset: UInt32)] = [
      (EXIF_IFD_EXIF, 0x9003, 0x9291, 0x9011),
      (EXIF_IFD_EXIF, 0x9004, 0x9292, 0x9012),
      (EXIF_IFD_0, 0x0132, 0x9290, 0x9010),
    ]
    for tag in tags {
      guard let text = text(tag.ifd, tag.time), let time = ExifTime.seconds(text) else { continue }
      let fraction = self.text(EXIF_IFD_EXIF, tag.subsecond).map(ExifTime.milliseconds) ?? 0
      let offset = self.text(EXIF_IFD_EXIF, tag.offset).flatMap(ExifTime.offsetSeconds)
      return CaptureTime(
        localTime: Timestamp(milliseconds: time * 1000 + fraction), offsetSeconds: offset)
    }
    return nil
  }

  fileprivate var position: GeographicPosition? {
    guard
      let latitude = degrees(0x0002), let longitude = degrees(0x0004),
      let northOrSouth = text(EXIF_IFD_GPS, 0x0001), let eastOrWest = text(EXIF_IFD_GPS, 0x0003),
      ["N", "S"].contains(northOrSouth), ["E", "W"].contains(eastOrWest)
    else { return nil }
    return GeographicPosition(
      latitude: northOrSouth == "S" ? -latitude : latitude,
      longitude: eastOrWest == "W" ? -longitude : longitude)
  }

  /// Degrees, minutes and seconds as one number.
  private func degrees(_ tag: UInt32) -> Double? {
    guard let parts = rationals(EXIF_IFD_GPS, tag), parts.count == 3 else { return nil }
    return parts[0] + parts[1] / 60 + parts[2] / 3600
  }
}
