internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Service {
  /// What confirmed pairs of a library say about its errors.
  fileprivate func calibration(
    of library: LibraryID, _ confirmed: ConfirmedPairs
  ) throws -> CalibrateFiguresResult {
    let faces = try people.faces(of: library)
    let current = faces.calibration
    let curve = ErrorCurve(confirmed.pairs)
    func rates(_ similarity: Float) -> ErrorRates {
      ErrorRates(
        similarity: Double(share: similarity),
        falseMatchRate: Double(curve.falseMatchRate(at: similarity)),
        falseNonMatchRate: Double(curve.falseNonMatchRate(at: similarity)),
        probability: Double(
          share: current.probability(
            similarity: similarity, norms: current.referenceNorm, current.referenceNorm)))
    }
    let hasBoth = confirmed.sameCount > 0 && confirmed.differentCount > 0
    return CalibrateFiguresResult(
      people: confirmed.peopleCount, faces: confirmed.faceCount,
      samePairs: confirmed.sameCount, differentPairs: confirmed.differentCount,
      pairsNeeded: ConfirmedPairs.neededCount,
      curve: hasBoth ? Self.shownSimilarities.map(rates) : [],
      equalErrorRate: curve.equalErrorRate.map { Double($0) },
      recommended: hasBoth
        ? Self.wantedRates.compactMap { curve.similarity(falseMatchRate: $0).map(rates) } : [],
      isFitted: current != calibration,
      shippedLoss: calibration.loss(on: confirmed.pairs).map { Double(share: $0) },
      fittedLoss: confirmed.isEnough
        ? calibration.validatedLoss(on: confirmed.pairs, faceCount: confirmed.faceCount)
          .map { Double(share: $0) } : nil)
  }

  /// Cosines that the error curve is shown at.
  private static let shownSimilarities: [Float] = (2...14).map { Float($0) * 0.05 }
  /// False match rates that a similarity is recommended for.
  private static let wantedRates: [Float] = [0.001, 0.01, 0.1]
}

let calibrationCommands = [
  Command("CalibrateFigures", .reader, libraryParameters + ["Action"]) {
    service, parameters, context in
    let action = try parameters.choice("Action", CalibrateFiguresResult.Action.self) ?? .show
    guard action == .show || context.caller.role >= .admin else {
      throw WireError(
        .notPermitted, "Action \(action.rawValue) takes the role admin.", field: "Action")
    }
    let library = try service.store.read { try $0.library(of: parameters).id }
    let faces = try service.people.faces(of: library)
    let clusterer = faces.read { $0 }
    let confirmed = try service.store.read {
      try ConfirmedPairs(library, clusterer, from: $0)
    }
    switch action {
    case .show: break
    case .reset: try service.people.setCalibration(nil, of: library)
    case .fit:
      guard confirmed.isEnough else {
        throw WireError(
          .invalidParameter,
          "Too little is confirmed: \(confirmed.sameCount) pairs of one person and "
            + "\(confirmed.differentCount) of two; \(ConfirmedPairs.neededCount) of each are "
            + "needed.", field: "Action",
          hint: "Confirm people, or answer what ListFigureClusterSuggestions asks.")
      }
      let fitted = service.calibration.refitted(
        to: confirmed.pairs, faceCount: confirmed.faceCount)
      try service.people.setCalibration(fitted, of: library)
    }
    return Reply(try service.calibration(of: library, confirmed))
  }
]
