import FaceAnalysis
import FaceTypes
import Imaging

extension ImageAnalysis {
  /// The face whose box has its centre nearest the image's.
  var centralFace: Face? {
    func distance(_ face: Face) -> Float {
      let center = face.boundingBox.center
      let (x, y) = (center.x - Float(info.width) / 2, center.y - Float(info.height) / 2)
      return x * x + y * y
    }
    return faces.map(\.face).min { distance($0) < distance($1) }
  }
}
