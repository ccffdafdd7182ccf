import FaceTypes
import Imaging

/// An image whose faces have been found and aligned, and wait for their embeddings.
///
/// It holds small crops and no longer the pixels of the image, so that several can wait together.
public struct ExaminedImage: Sendable {
  let info: ImageInfo
  /// The largest score × size first.
  let faces: [ExaminedFace]
  /// Whether faces were found that ``AnalysisOptions`` leaves out.
  let wasLimited: Bool
  let deadline: Deadline
  let durations: AnalysisDurations
}

/// A face that waits for its embedding.
struct ExaminedFace: Sendable {
  let detection: Detection
  let landmarks: Landmarks
  let crop: Image
  /// Full-size pixels for each pixel of the crop along a side.
  let resolution: Float
  /// Of the photograph, in pixels.
  let width: Int
  let height: Int
  /// For the networks that say more of it than whose it is.
  let chips: FaceChips
  let thumbnail: [UInt8]?
}
