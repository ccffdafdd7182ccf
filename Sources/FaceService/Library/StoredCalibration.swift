internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import FoundationEssentials

extension Snapshot {
  /// The curve that was fitted to a library's faces under a model, if one was.
  func calibration(
    of library: LibraryID, fingerprint: ModelFingerprint
  ) throws -> PairCalibration? {
    guard let text = try libraryValue(calibrationName(fingerprint), of: library) else {
      return nil
    }
    return try? JSONDecoder().decode(PairCalibration.self, from: Data(text.utf8))
  }
}

extension Transaction {
  /// Remembers a curve that was fitted to a library's faces under a model, or forgets it.
  func setCalibration(
    _ calibration: PairCalibration?, of library: LibraryID, fingerprint: ModelFingerprint
  ) throws {
    let text = try calibration.map {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
    }
    try setLibraryValue(calibrationName(fingerprint), text, of: library)
  }
}

private func calibrationName(_ fingerprint: ModelFingerprint) -> String {
  "calibration \(fingerprint.hexadecimal)"
}
