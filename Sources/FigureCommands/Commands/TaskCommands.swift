package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl tasks`.
package struct TasksCommand {
  package init() {}

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    try context.answer(.tasks(), from: client) { result in
      guard !result.tasks.isEmpty else { return context.output.note("There are no tasks.") }
      var table = Table([
        .init("ID"), .init("TYPE"), .init("STATUS"), .init("DONE", isTrailing: true),
        .init("LIBRARY", fit: .cutEnd), .init("STARTED"), .init("MESSAGE", fit: .cutEnd),
      ])
      for task in result.tasks {
        let progress = task.progress
        table.append([
          Identifier.short(task.taskID), task.taskType, task.status.rawValue,
          progress.total > 0
            ? "\(Quantity.count(progress.done))/\(Quantity.count(progress.total))" : "",
          task.datasetName, task.startTime.map(LocalTime.shown) ?? "",
          task.status == .succeeded ? "" : task.message ?? "",
        ])
      }
      context.output.table(table)
    }
  }
}

/// The command `figurectl cancel`.
package struct CancelCommand {
  let reference: String

  package init(reference: String) { self.reference = reference }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let identifier = try context.taskIdentifier(reference, client: client)
    try context.answer(.cancelTask(identifier), from: client) { result in
      let name = "Task \(Identifier.short(identifier))"
      switch result.task.status {
      case .succeeded, .failed:
        context.output.line(
          "\(name) had ended already: \(result.task.status.rawValue.lowercased()).")
      case .queued, .running, .cancelled:
        context.output.line("\(name) is being cancelled. What it has stored stays stored.")
      }
    }
  }
}

/// The command `figurectl wait`.
package struct WaitCommand {
  let reference: String

  package init(reference: String) { self.reference = reference }

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    let identifier = try context.taskIdentifier(reference, client: client)
    try context.follow(.waitForTask(identifier), label: "waiting", from: client) {
      "The task goes on; “figurectl wait \(Identifier.short(identifier))” follows it again."
    }
  }
}

extension TasksCommand: Subcommand {
  package static let declaration = Command(
    "tasks", summary: "List the newest tasks: imports and clusterings")

  package init(_ arguments: ParsedArguments) { self.init() }
}

extension CancelCommand: Subcommand {
  package static let declaration = Command(
    "cancel", summary: "Stop a task; what it has stored stays stored",
    arguments: [SharedArguments.task])

  package init(_ arguments: ParsedArguments) {
    self.init(reference: arguments[SharedArguments.task])
  }
}

extension WaitCommand: Subcommand {
  package static let declaration = Command(
    "wait", summary: "Follow a task to its end",
    discussion: "Ctrl-C stops following; the task goes on. The exit status is 1 if the task failed "
      + "or refused a file.", arguments: [SharedArguments.task])

  package init(_ arguments: ParsedArguments) {
    self.init(reference: arguments[SharedArguments.task])
  }
}
