internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// The task that describes all figures at once, also those where something was in the way before.
struct AttributeFillingTask: Sendable {
  let filling: AttributeFilling

  func run(_ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    let before = try filling.extent()
    control.update { ($0.total, $0.done) = (before.figures, before.figures - before.open) }
    var position: MediaID?
    var fromCrops = 0
    let end = try filling.run(
      from: &position, isInterrupted: { control.isCancelled || control.isAwaited }
    ) { batch in
      fromCrops += batch.fromCrops
      control.update { $0.done += batch.described + batch.failed }
    }
    if end == .interrupted, !control.isCancelled { return .init(status: .queued, message: "") }
    guard end == .done else {
      return .init(
        status: .cancelled,
        message: "Cancelled after \(control.progress.done) of \(control.progress.total) faces; "
          + "what was found out is kept.")
    }
    let extent = try filling.extent()
    let failed = extent.obstacles.values.reduce(0, +)
    return .init(
      status: .succeeded,
      message: "\(extent.described) of \(extent.figures) faces are described, \(fromCrops) of them "
        + "now from their small pictures; \(failed) cannot be.",
      outcome: [
        "Figures": extent.figures, "Described": extent.described, "FromCrops": fromCrops,
        "NotDescribed": failed,
      ])
  }
}
