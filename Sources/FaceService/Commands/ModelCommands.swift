internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Service {
  /// The models there are, and the change from one to the other.
  fileprivate func modelSwitch() throws -> ModelSwitchResult {
    let inUse = people.model.fingerprint
    let installed = installedModels.installations.enumerated().map { position, place in
      InstalledModelMessage(
        fingerprint: place.fingerprint.hexadecimal, directory: place.directory,
        isConfigured: position == 0, isInUse: place.fingerprint == inUse)
    }
    return try store.read { snapshot in
      ModelSwitchResult(
        models: installed, change: try snapshot.modelSwitch().map { try snapshot.message($0) })
    }
  }

  /// Begins the change to a model, or prepares it once more.
  ///
  /// - Parameters:
  ///   - parameters: of the request.
  ///   - context: the request.
  /// - Returns: `nil` if the request was kept until the end of the task.
  /// - Throws: ``ErrorCode/invalidParameter`` if there is nothing to prepare,
  ///   ``ErrorCode/resourceNotFound`` if the model is not installed.
  fileprivate func prepareModelSwitch(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> Reply? {
    let target = try parameters.fingerprint("To") ?? installedModels.installations[0].fingerprint
    let dimension = try installedModels.load(target).dimension
    let inUse = people.model.fingerprint
    let source = try store.read { snapshot -> ModelFingerprint in
      guard try snapshot.modelSwitch()?.state != .applied else {
        throw WireError(
          .resourceExists, "The last change of the model can still be taken back.",
          hint: "DiscardModelSwitch gives the old embeddings up; then prepare the next one.")
      }
      if inUse != target { return inUse }
      guard try snapshot.countFiguresToEmbed(by: target) > 0,
        let other = try snapshot.mostUsedModel(except: target)
      else {
        throw WireError(
          .invalidParameter, "The model is in use, and all faces are embedded by it.",
          field: "To", hint: "GetModelSwitch lists the models that are installed.")
      }
      return other
    }
    return try begin(
      .modelPreparation, in: nil, json: "{}", parameters, context,
      accompany: { transaction, _ in
        try transaction.beginModelSwitch(
          from: source, to: target, dimension: dimension,
          requestedBy: context.caller.userID)
      })
  }

  /// - Throws: ``ErrorCode/resourceNotFound`` without a change of the model,
  ///   ``ErrorCode/invalidParameter`` if it has not come so far.
  fileprivate func checkModelSwitch(
    is state: ModelSwitchRecord.State, otherwise message: String, hint: String
  ) throws {
    guard let change = try store.read({ try $0.modelSwitch() }) else {
      throw WireError(
        .resourceNotFound, "No change of the model is prepared.",
        hint: "PrepareModelSwitch prepares one.")
    }
    guard change.state == state else { throw WireError(.invalidParameter, message, hint: hint) }
  }

  /// Gives up whichever model is not in use.
  fileprivate func discardModelSwitch() throws -> DiscardModelSwitchResult {
    let erased = try store.write { transaction -> Int in
      guard try transaction.modelSwitch() != nil else {
        throw WireError(.resourceNotFound, "There is no change of the model to discard.")
      }
      return try transaction.discardModelSwitch()
    }
    installedModels.unloadOthers()
    return DiscardModelSwitchResult(embeddingsErased: erased)
  }
}

extension Snapshot {
  /// The change of the model with how far it has come and what it does.
  fileprivate func message(_ change: ModelSwitchRecord) throws -> ModelSwitchMessage {
    let extent = try extent(ofEmbeddingBy: change.target)
    return ModelSwitchMessage(
      status: ModelSwitchMessage.Status(rawValue: change.state.rawValue) ?? .preparing,
      from: change.source.hexadecimal, to: change.target.hexadecimal,
      requestedBy: change.requestedBy, createTime: change.created.iso8601,
      prepareTime: change.prepared?.iso8601, applyTime: change.applied?.iso8601,
      figures: extent.figures, embedded: extent.embedded,
      embeddedFromCrops: extent.embeddedFromCrops, notEmbedded: extent.failed,
      samplesLeft: try countSamples(withoutFingerprint: change.target),
      plans: try modelSwitchPlans().compactMap {
        try reclusteringPlan($0.plan).map { try message($0) }
      })
  }
}

extension Parameters {
  fileprivate func fingerprint(_ name: String) throws(WireError) -> ModelFingerprint? {
    guard let text = try string(name, limit: 64) else { return nil }
    guard let fingerprint = ModelFingerprint(hexadecimal: text) else {
      throw invalid(name, "a model's Fingerprint: 64 hexadecimal digits")
    }
    return fingerprint
  }
}

/// The change to another model: prepared beside everything else, looked at, applied, taken back.
let modelCommands = [
  Command("GetModelSwitch", .reader, []) { service, _, _ in Reply(try service.modelSwitch()) },
  Command(waiting: "PrepareModelSwitch", .admin, ["To", "UserData", "Wait"]) {
    service, parameters, context in
    try service.prepareModelSwitch(parameters, context)
  },
  Command(waiting: "ApplyModelSwitch", .admin, ["UserData", "Wait"]) {
    service, parameters, context in
    try service.checkModelSwitch(
      is: .ready, otherwise: "The new model is not prepared, or is in use already.",
      hint: "GetModelSwitch tells its Status; WaitTask waits for the preparation.")
    return try service.begin(
      .modelSwitch, in: nil, json: "{}", parameters, context)
  },
  Command(waiting: "UndoModelSwitch", .admin, ["UserData", "Wait"]) {
    service, parameters, context in
    try service.checkModelSwitch(
      is: .applied, otherwise: "The old model is in use.",
      hint: "DiscardModelSwitch gives up what was prepared.")
    return try service.begin(
      .modelSwitchUndo, in: nil, json: "{}", parameters, context)
  },
  Command("DiscardModelSwitch", .admin, []) { service, _, _ in
    Reply(try service.discardModelSwitch())
  },
]
