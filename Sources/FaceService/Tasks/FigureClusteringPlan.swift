internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Finds out what clustering a library anew would change, as a task.
///
/// The plan is stored in one transaction when all of it is there; a task that was interrupted
/// begins again.
struct FigureClusteringPlan: Sendable {
  let store: FaceStore
  let libraries: FaceLibraries

  /// Steps that progress is counted in.
  private static let steps = 100

  func run(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    guard let library = task.library else {
      return .init(status: .failed, message: "The library was dropped.")
    }
    let deleted = TaskRegistry.TaskEnd(status: .cancelled, message: "The plan was deleted.")
    guard let plan = try store.read({ try $0.reclusteringPlan(of: task.id) }) else {
      return deleted
    }
    control.update { $0.total = Self.steps }
    if plan.made == nil {
      let changes = try libraries.planReclustering(
        library,
        progress: { share in control.update { $0.done = min(Self.steps, Int(share * 100)) } },
        isCancelled: { control.isCancelled })
      guard let changes else {
        return .init(status: .cancelled, message: "Cancelled; there is no plan.")
      }
      do {
        try store.write { try $0.fillReclusteringPlan(plan.id, changes) }
      } catch StoreError.notFound(.plan, _) {
        return deleted
      }
    }
    control.update { $0.done = Self.steps }
    let extent = try store.read { try $0.extent(of: plan.id) }
    let count = extent.changes.values.reduce(0, +)
    return .init(
      status: .succeeded,
      message: "\(count) changes would move \(extent.movedFigures) faces; "
        + "\(extent.namesAtRisk) names are at risk.",
      outcome: extent.changes.merging(
        ["Changes": count, "Moved": extent.movedFigures, "NamesAtRisk": extent.namesAtRisk]
      ) { _, own in own })
  }
}
