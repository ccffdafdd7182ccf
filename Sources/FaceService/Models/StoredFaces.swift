internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging

extension KnownFace {
  /// A stored figure, to be looked at again in its medium.
  init(_ figure: FigureRecord) {
    self.init(boundingBox: figure.boundingBox, landmarks: figure.landmarks)
  }
}

extension FaceAnalyzer {
  /// A stored figure, looked at again in the small picture that is kept of it.
  ///
  /// - Parameters:
  ///   - figure: of the store.
  ///   - store: that has the picture.
  ///   - workspace: the networks' memory.
  /// - Returns: `nil` if no picture is kept, it cannot be decoded, or the face is not found in it.
  /// - Throws: ``StoreError`` or ``ModelError``.
  func face(
    inCropOf figure: FigureRecord, keptIn store: FaceStore, workspace: inout AnalysisWorkspace
  ) throws -> Face? {
    guard let crop = try store.read({ try $0.crop(of: figure.id) }) else { return nil }
    do {
      return try face(
        ofThumbnail: crop, of: figure.boundingBox, obstacles: figure.quality.obstacles,
        workspace: &workspace)
    } catch is ImageError {
      return nil
    }
  }
}
