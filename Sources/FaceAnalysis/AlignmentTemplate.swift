public import FaceTypes

/// Where the five landmarks lie in the crop that the embedder sees.
///
/// The positions are those of ArcFace (Deng et al., 2019) as used by OpenCV's
/// `FaceRecognizerSF::alignCrop`, on which SFace's accuracy depends; the order is that of
/// ``Landmarks``.
public enum AlignmentTemplate {
  /// Raised when crops are made so differently that old embeddings should not be compared with new.
  static let revision = 1

  /// The width and height of the crop in pixels.
  public static let side = 112

  /// In pixels of the crop; pixel centres have whole numbers.
  public static let landmarks = Landmarks(
    rightEye: Point(x: 38.2946, y: 51.6963),
    leftEye: Point(x: 73.5318, y: 51.5014),
    noseTip: Point(x: 56.0252, y: 71.7366),
    rightMouthCorner: Point(x: 41.5493, y: 92.3655),
    leftMouthCorner: Point(x: 70.7299, y: 92.2041))
}
