internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Snapshot {
  /// The figure with a public identifier.
  fileprivate func existingFigure(
    _ identifier: PublicIdentifier, field: String
  ) throws -> FigureRecord {
    guard let figure = try figure(withPublicID: identifier) else {
      throw WireError(
        .resourceNotFound, "There is no figure \(identifier.asFigure).", field: field,
        hint: "ListFigures lists those that exist.")
    }
    return figure
  }
}

let explanationCommands = [
  Command("ExplainFigure", .reader, libraryParameters + ["FigureId", "FigureClusterId"]) {
    service, parameters, _ in
    guard let identifier = try parameters.figureID("FigureId") else {
      throw parameters.missing("FigureId", "a FigureId: a UUID")
    }
    let asked = try parameters.clusterID("FigureClusterId")
    return Reply(
      try service.store.read { snapshot in
        let figure = try snapshot.existingFigure(identifier, field: "FigureId")
        let cluster = try asked.map {
          try snapshot.standingCluster($0, field: "FigureClusterId")
        }
        guard cluster == nil || cluster?.library == figure.library else {
          throw parameters.invalid("FigureClusterId", "a cluster of the figure's library")
        }
        let faces = try service.people.faces(of: figure.library)
        return try snapshot.message(
          try Explanation(of: figure, asked: cluster?.id, faces: faces, from: snapshot),
          faces.calibration)
      })
  }
]
