import FaceTypes
public import Imaging

/// What can be measured of one face, and says how far its embedding can be trusted.
public struct FaceMeasurements: Hashable, Sendable {
  /// Full-size pixels for each pixel of the aligned crop along a side; below 1 the crop is magnified.
  public let resolution: Float
  /// How much of the crop's contrast is in its finest detail; see ``sharpness(of:)``.
  public let sharpness: Float
  /// How far the face is turned to its side in radians, from the place of the nose; rough.
  public let yaw: Float
  /// How far the face is turned up or down in radians, from the place of the nose; rough.
  public let pitch: Float
  /// The detector's confidence, in 0…1.
  public let score: Float
  /// The length of the raw embedding.
  public let norm: Float
  /// The part of the face's box that lies inside the image, in 0…1.
  public let visiblePart: Float
  /// The part of the crop's middle, from brows to chin, that lies inside the image, in 0…1.
  ///
  /// The detector draws the box of a cut face within the image, but it guesses the landmarks that
  /// were cut away where they would be.
  public let croppedPart: Float

  /// Measures one face.
  ///
  /// - Parameters:
  ///   - detection: In full-size pixels.
  ///   - landmarks: The refined ones, in full-size pixels.
  ///   - resolution: Full-size pixels for each crop pixel along a side.
  ///   - crop: The aligned crop.
  ///   - norm: The length of the raw embedding.
  ///   - width: The photograph's, in pixels.
  ///   - height: The photograph's, in pixels.
  init(
    _ detection: Detection, landmarks: Landmarks, resolution: Float, crop: Image, norm: Float,
    width: Int, height: Int
  ) {
    self.resolution = resolution
    sharpness = Self.sharpness(of: crop)
    (yaw, pitch) = Self.pose(landmarks)
    score = detection.score
    self.norm = norm
    visiblePart = detection.boundingBox.part(insideWidth: width, height: height)
    croppedPart = Self.croppedPart(of: landmarks, width: width, height: height)
  }

  /// The part of the crop that shows hardly anything but face, in crop pixels.
  private static let faceRows = 36..<100
  private static let faceColumns = 26..<86

  /// Measures how sharp a face is.
  ///
  /// This is the root of the mean squared second difference of the brightness, along rows or along
  /// columns, whichever is smaller, since motion smears one direction only; over the standard
  /// deviation of the brightness. Both grow alike with contrast, so the ratio shows blur, not dim
  /// light.
  ///
  /// - Parameter crop: ``AlignmentTemplate/side`` pixels along each side.
  /// - Returns: The ratio, without a unit.
  public static func sharpness(of crop: Image) -> Float {
    precondition(crop.width == AlignmentTemplate.side && crop.height == AlignmentTemplate.side)
    let pixels = crop.pixels.span
    let width = crop.width
    func brightness(_ index: Int) -> Float {
      // ITU-R BT.601, as in JPEG.
      0.299 * Float(pixels[3 * index]) + 0.587 * Float(pixels[3 * index + 1])
        + 0.114 * Float(pixels[3 * index + 2])
    }
    var (sum, squares, alongRows, alongColumns) = (Float(0), Float(0), Float(0), Float(0))
    for row in faceRows {
      for column in faceColumns {
        let index = row * width + column
        let center = brightness(index)
        let horizontal = brightness(index - 1) + brightness(index + 1) - 2 * center
        let vertical = brightness(index - width) + brightness(index + width) - 2 * center
        sum += center
        squares += center * center
        alongRows += horizontal * horizontal
        alongColumns += vertical * vertical
      }
    }
    let count = Float(faceRows.count * faceColumns.count)
    let variance = squares / count - (sum / count) * (sum / count)
    // One grey level of variance: a uniform crop is not sharp.
    return (min(alongRows, alongColumns) / count / max(variance, 1)).squareRoot()
  }

  /// Looks at every fourth pixel of the crop along either side.
  private static func croppedPart(of landmarks: Landmarks, width: Int, height: Int) -> Float {
    guard let inverse = FaceAligner.transform(landmarks)?.inverse else { return 0 }
    var (inside, count) = (0, 0)
    for row in stride(from: faceRows.lowerBound, to: faceRows.upperBound, by: 4) {
      for column in stride(from: faceColumns.lowerBound, to: faceColumns.upperBound, by: 4) {
        let point = inverse.apply(Point(x: Float(column), y: Float(row)))
        count += 1
        if point.x >= 0, point.y >= 0, point.x < Float(width), point.y < Float(height) {
          inside += 1
        }
      }
    }
    return Float(inside) / Float(count)
  }

  /// How far the nose tip stands out from the plane of eyes and mouth, in eye distances.
  private static let noseDepth: Float = 0.55
  /// How far down between eyes and mouth the nose tip of a straight face is in LFW's median, in 0…1.
  private static let straightNose: Float = 0.55

  /// Yaw and pitch in radians from five points, after turning the eyes level.
  private static func pose(_ landmarks: Landmarks) -> (yaw: Float, pitch: Float) {
    guard let upright = FaceAligner.transform(landmarks) else { return (0, 0) }
    let face = landmarks.mapped(upright.apply)
    let eyes = Point.middle(face.rightEye, face.leftEye)
    let mouth = Point.middle(face.rightMouthCorner, face.leftMouthCorner)
    let eyeDistance = max(1, face.leftEye.x - face.rightEye.x)
    let height = max(1, mouth.y - eyes.y)
    let fraction = (face.noseTip.y - eyes.y) / height
    let sideways = face.noseTip.x - (eyes.x + fraction * (mouth.x - eyes.x))
    let yaw = arcTangent(sideways, noseDepth * eyeDistance)
    // The true eye distance; the seen one shrinks with the cosine of the yaw.
    let trueDistance = eyeDistance / max(0.3, cosine(yaw))
    let pitch = arcTangent((fraction - straightNose) * height, noseDepth * trueDistance)
    return (yaw, pitch)
  }
}

extension Point {
  fileprivate static func middle(_ first: Point, _ second: Point) -> Point {
    Point(x: (first.x + second.x) / 2, y: (first.y + second.y) / 2)
  }
}

extension BoundingBox {
  /// The part of the area inside an image, in 0…1.
  func part(insideWidth imageWidth: Int, height imageHeight: Int) -> Float {
    let visibleWidth = min(x + width, Float(imageWidth)) - max(x, 0)
    let visibleHeight = min(y + height, Float(imageHeight)) - max(y, 0)
    guard visibleWidth > 0, visibleHeight > 0, area > 0 else { return 0 }
    return visibleWidth * visibleHeight / area
  }
}
