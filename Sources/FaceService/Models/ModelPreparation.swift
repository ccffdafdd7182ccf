internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Prepares the change to another model, as a task: embeds all figures by it, and finds out what
/// clustering them anew would change.
///
/// The service goes on with the model in use. Another task that comes is let before it.
struct ModelPreparation: Sendable {
  let store: FaceStore
  let libraries: FaceLibraries
  let embedding: FigureEmbedding
  let installed: InstalledModels

  func run(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    let discarded = TaskRegistry.TaskEnd(
      status: .cancelled, message: "The change of the model was discarded.")
    // It may be ready already: after an interruption, or if it was asked for twice.
    guard let change = try store.read({ try $0.modelSwitch() }), change.state != .applied else {
      return discarded
    }
    let model = try installed.load(change.target)
    switch try embedding.run(by: model, control, mayYield: true) {
    case .done: break
    case .yielded: return .init(status: .queued, message: "")
    case .discarded: return discarded
    case .cancelled:
      return .init(
        status: .cancelled,
        message: "Cancelled after \(control.progress.done) of \(control.progress.total) faces; "
          + "PrepareModelSwitch goes on.")
    }
    if libraries.model.fingerprint == model.fingerprint {
      // They belong to the model in use, so from now on they are in memory, where they were.
      for library in try store.read({ try $0.libraries() }) { try libraries.reload(library.id) }
    }
    var plans: [(library: LibraryID, changes: [PlannedChange])] = []
    for library in try store.read({ try $0.libraries() }) {
      let changes = try libraries.planReclustering(
        library.id, by: model.model, isCancelled: { control.isCancelled })
      guard let changes else {
        return .init(status: .cancelled, message: "Cancelled; PrepareModelSwitch goes on.")
      }
      plans.append((library.id, changes))
    }
    let isWanted = try store.write { [plans] transaction in
      guard let present = try transaction.modelSwitch(), present.state != .applied,
        present.target == change.target
      else { return false }
      try transaction.setModelSwitchPlans(plans, task: task.id, requestedBy: task.requestedBy)
      try transaction.setModelSwitchState(.ready)
      return true
    }
    return isWanted ? try ready(change.target, plans.flatMap(\.changes)) : discarded
  }

  private func ready(
    _ target: ModelFingerprint, _ changes: [PlannedChange]
  ) throws -> TaskRegistry.TaskEnd {
    let extent = try store.read { try $0.extent(ofEmbeddingBy: target) }
    let failed = extent.failed.values.reduce(0, +)
    let moved = changes.reduce(0) { $0 + $1.moves.count }
    return .init(
      status: .succeeded,
      message: "\(extent.embedded) of \(extent.figures) faces are embedded, "
        + "\(extent.embeddedFromCrops) of them from their small pictures; \(failed) cannot be. "
        + "\(changes.count) changes would move \(moved) faces.",
      outcome: [
        "Figures": extent.figures, "Embedded": extent.embedded,
        "EmbeddedFromCrops": extent.embeddedFromCrops, "NotEmbedded": failed,
        "Changes": changes.count, "Moved": moved,
      ])
  }
}
