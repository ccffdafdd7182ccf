internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Puts a prepared model in the place of the one in use, or goes back, as a task.
///
/// Faces that came meanwhile are embedded first; then embeddings, clusters and the log change in one
/// transaction over all libraries.
struct ModelSwitching: Sendable {
  let store: FaceStore
  let libraries: FaceLibraries
  let embedding: FigureEmbedding
  let installed: InstalledModels
  let modelInUse: ModelInUse

  /// How often faces that come at the very moment are waited for.
  private static let attempts = 5

  /// Switches over to the model that was prepared.
  func apply(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    guard let change = try store.read({ try $0.modelSwitch() }) else { return Self.discarded }
    // After an interruption it may be done already.
    guard change.state != .applied else { return done("The new model is in use.", moved: 0) }
    guard change.state == .ready else {
      return .init(status: .failed, message: "The new model is not prepared.")
    }
    return try replace(by: change.target, control, "The new model is in use") {
      transaction, curation in
      var moved = 0
      for plan in try transaction.modelSwitchPlans() {
        guard let record = try transaction.reclusteringPlan(plan.plan) else { continue }
        let curation = try curation(plan.library)
        transaction.beginIdentityEvent(
          .modelSwitch, in: plan.library, requestedBy: task.requestedBy)
        // As in a rehearsal names at risk are no error: their people keep their faces.
        let applied = try curation.apply(
          record, changes: nil, mayEmptyNamed: false, isRehearsal: true)
        moved += applied.moved
        try transaction.setEvent(
          try transaction.recordedIdentityEvent()?.id, ofModelSwitchPlan: plan.plan)
      }
      try transaction.setModelSwitchState(.applied)
      return moved
    }
  }

  /// Goes back to the model before, and takes back what the switch did to the clusters.
  func undo(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    guard let change = try store.read({ try $0.modelSwitch() }) else { return Self.discarded }
    guard change.state == .applied else { return done("The old model is in use.", moved: 0) }
    return try replace(by: change.source, control, "The old model is in use again") {
      transaction, curation in
      var moved = 0
      for plan in try transaction.modelSwitchPlans() {
        guard let id = plan.event, let event = try transaction.identityEvent(id),
          event.reversedBy == nil
        else { continue }
        let curation = try curation(plan.library)
        moved += try transaction.effects(of: id).placements.count
        let kept = try curation.undo(event, requestedBy: task.requestedBy)
        moved -= min(moved, kept)
        try transaction.setEvent(nil, ofModelSwitchPlan: plan.plan)
      }
      try transaction.setModelSwitchState(.ready)
      return moved
    }
  }

  private static let discarded = TaskRegistry.TaskEnd(
    status: .cancelled, message: "The change of the model was discarded.")

  private func done(_ message: String, moved: Int) -> TaskRegistry.TaskEnd {
    .init(status: .succeeded, message: message, outcome: ["Moved": moved])
  }

  /// - Parameters:
  ///   - fingerprint: of the model that takes the other's place.
  ///   - control: of the task.
  ///   - sentence: what is so afterwards.
  ///   - body: changes clusters and log, and answers how many faces moved.
  /// - Returns: how the task ends.
  /// - Throws: ``StoreError``, ``ModelBundleError`` or what `body` throws; nothing is changed then.
  private func replace(
    by fingerprint: ModelFingerprint, _ control: TaskControl, _ sentence: String,
    _ body: (Transaction, (LibraryID) throws -> Curation) throws -> Int
  ) throws -> TaskRegistry.TaskEnd {
    guard installed.isInstalled(fingerprint) else {
      return .init(
        status: .failed, message: "\(ModelNotInstalled(fingerprint: fingerprint))".capitalizedFirst)
    }
    let model = try installed.load(fingerprint)
    for _ in 0..<Self.attempts {
      switch try embedding.run(by: model, control, mayYield: false) {
      case .done, .yielded: break
      case .discarded: return Self.discarded
      case .cancelled:
        return .init(status: .cancelled, message: "Cancelled; the model is the one it was.")
      }
      var moved = 0
      let isReplaced = try modelInUse.replace(by: model) {
        guard try store.read({ try $0.countFiguresToEmbed(by: fingerprint) }) == 0 else {
          return false
        }
        moved = try libraries.switchModel(to: model.model, body)
        return true
      }
      if isReplaced { return done("\(sentence); \(moved) faces moved.", moved: moved) }
    }
    return .init(status: .failed, message: "Faces kept coming in; try again.")
  }
}

extension FaceLibraries {
  /// Puts another model in the place of the one in use, in the store and in memory, in one
  /// transaction over all libraries.
  ///
  /// The faces of both models are in memory for that long.
  ///
  /// - Parameters:
  ///   - model: takes the place of the present one.
  ///   - body: changes who is who with it, library by library: by the faces as the new model sees
  ///     them, where the store has them.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws; nothing is changed then.
  func switchModel<Result>(
    to model: Model, _ body: (Transaction, (LibraryID) throws -> Curation) throws -> Result
  ) throws -> Result {
    try replaceFaces(by: model) { transaction, faces in
      try transaction.setModelInUse(model.fingerprint, dimension: model.dimension)
      return try body(transaction) { library in
        Curation(
          library: library, transaction: transaction, faces: try faces(library), model: model)
      }
    }
  }
}
