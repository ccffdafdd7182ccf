import FaceAnalysis
import FaceTypes
import Imaging

/// A large photograph made of faces of the example library on a grey wall.
struct Composite {
  private var canvas: [UInt8]
  let width: Int
  let height: Int
  /// Where the faces are.
  private(set) var boxes: [BoundingBox] = []

  /// An empty wall, brighter towards the right and with a pattern of large soft spots.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    canvas = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let shade = 90 + 60 * x / width + (x / 37 + y / 53) % 7
        for channel in 0..<3 { canvas[3 * (y * width + x) + channel] = UInt8(shade + 4 * channel) }
      }
    }
  }

  var image: Image { Image(width: width, height: height, pixels: canvas) }

  /// Hangs a portrait so that its face is `size` pixels high and has its middle at the given place.
  mutating func hang(_ portrait: Image, face: BoundingBox, size: Int, x: Int, y: Int) {
    let scale = Float(size) / max(face.width, face.height)
    let picture = portrait.resized(
      width: max(1, Int((Float(portrait.width) * scale).rounded())),
      height: max(1, Int((Float(portrait.height) * scale).rounded())))
    let place = face.scaled(by: scale)
    let left = x - Int(place.center.x)
    let top = y - Int(place.center.y)
    for row in 0..<picture.height where (0..<height).contains(top + row) {
      for column in 0..<picture.width where (0..<width).contains(left + column) {
        let target = 3 * ((top + row) * width + left + column)
        let source = 3 * (row * picture.width + column)
        canvas.replaceSubrange(target..<target + 3, with: picture.pixels[source..<source + 3])
      }
    }
    boxes.append(
      BoundingBox(
        x: Float(left) + place.x, y: Float(top) + place.y, width: place.width, height: place.height)
    )
  }
}

/// A portrait of the example library with the place of its face.
struct Portrait {
  let image: Image
  let face: Face

  init(_ name: String) throws {
    image = try ImageDecoder().decode(ProjectFiles.photo(name)).image
    guard let only = try SharedAnalysis.library.get()[name]?.faces.first else {
      throw MissingFace(name: name)
    }
    face = only.face
  }

  struct MissingFace: Error { let name: String }
}

extension [UInt8] {
  /// A JPEG with an EXIF orientation added behind its first marker.
  func withOrientation(_ orientation: UInt8) -> [UInt8] {
    let exif: [UInt8] = [
      0xFF, 0xE1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0,  // APP1, "Exif"
      0x4D, 0x4D, 0, 42, 0, 0, 0, 8,  // big-endian TIFF
      0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0,  // one entry: orientation
      0, 0, 0, 0,
    ]
    return Array(prefix(2)) + exif + dropFirst(2)
  }
}

extension Image {
  /// The image turned clockwise by a quarter.
  func turnedClockwise() -> Image {
    warped(
      by: AffineTransform(a: 0, b: -1, tx: Float(height - 1), c: 1, d: 0, ty: 0), width: height,
      height: width)
  }
}
