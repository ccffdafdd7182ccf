internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Service {
  /// How many faces the networks of attributes were asked about.
  fileprivate func attributeStatus() throws -> AttributeStatusResult {
    let extent = try attributeFilling.extent()
    return AttributeStatusResult(
      attributes: installedModels.attributeFingerprints.keys.map(\.rawValue).sorted(),
      figures: extent.figures, described: extent.described, open: extent.open,
      notDescribed: extent.obstacles)
  }

  /// Begins to describe all figures that are not described.
  ///
  /// - Throws: ``ErrorCode/invalidParameter`` if no attribute is switched on.
  fileprivate func fillAttributes(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> Reply? {
    guard !installedModels.attributeFingerprints.isEmpty else {
      throw WireError(
        .invalidParameter, "No attribute of faces is switched on.",
        hint: "The section [attributes] of the configuration says which are.")
    }
    return try begin(
      .attributeFilling, in: nil, json: "{}", parameters, context,
      accompany: { transaction, _ in try transaction.forgetAttributeObstacles() })
  }
}

/// What networks say of stored faces besides whose they are.
let attributeCommands = [
  Command("GetAttributeStatus", .reader, []) { service, _, _ in
    Reply(try service.attributeStatus())
  },
  Command(waiting: "FillAttributes", .admin, ["UserData", "Wait"]) {
    service, parameters, context in
    try service.fillAttributes(parameters, context)
  },
]
