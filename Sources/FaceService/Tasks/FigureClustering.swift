internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Clusters a library anew, as a task.
struct FigureClustering: Sendable {
  let libraries: FaceLibraries

  /// Steps that progress is counted in.
  private static let steps = 100

  func run(_ task: TaskRecord, _ control: TaskControl) throws -> TaskRegistry.TaskEnd {
    guard let library = task.library else {
      return .init(status: .failed, message: "The library was dropped.")
    }
    control.update { $0.total = Self.steps }
    let outcome = try libraries.recluster(
      library, requestedBy: task.requestedBy,
      progress: { share in control.update { $0.done = min(Self.steps, Int(share * 100)) } },
      isCancelled: { control.isCancelled })
    guard let outcome else {
      return .init(status: .cancelled, message: "Cancelled; nothing has changed.")
    }
    control.update { $0.done = Self.steps }
    return .init(
      status: .succeeded,
      message: "\(outcome.moved) faces moved; \(outcome.founded) clusters founded, "
        + "\(outcome.dissolved) dissolved.",
      outcome: [
        "Moved": outcome.moved, "Founded": outcome.founded, "Dissolved": outcome.dissolved,
      ])
  }
}
