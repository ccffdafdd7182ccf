internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Service {
  /// Stores a task and answers: at once, or with `Wait` when it has ended.
  ///
  /// - Parameters:
  ///   - kind: what the task does.
  ///   - library: what it is about.
  ///   - json: for the kind's body.
  ///   - parameters: of the request.
  ///   - context: the request to answer.
  ///   - accompany: stores what belongs to the task, in the same transaction.
  ///   - reply: the answer that tells of the task.
  /// - Returns: `nil` if the request was kept until then.
  /// - Throws: what reading `parameters` and storing throw.
  func begin(
    _ kind: TaskKind, in library: LibraryRecord?, json: String, _ parameters: Parameters,
    _ context: RequestContext,
    accompany: (Transaction, TaskID) throws -> Void = { _, _ in },
    reply: @escaping @Sendable (TaskMessage) -> Reply = { Reply(TaskResult(task: $0)) }
  ) throws -> Reply? {
    let waits = try parameters.boolean("Wait", default: false)
    let userData = try parameters.string("UserData", limit: 2048)
    let (task, control) = try tasks.add(
      kind, library: library?.id, parameters: json, userData: userData,
      requestedBy: context.caller.userID, accompany: accompany)
    guard waits else {
      return reply(try store.read { try $0.message(task, progress: control.progress) })
    }
    wait(for: control, context, cancelsTask: true, reply: reply)
    return nil
  }

  /// Answers `context` when the task has ended, and reports its progress until then.
  ///
  /// - Parameters:
  ///   - control: of the task.
  ///   - context: the request to answer.
  ///   - cancelsTask: whether the task ends if the client cancels its request.
  ///   - reply: the answer that tells of the task.
  func wait(
    for control: TaskControl, _ context: RequestContext, cancelsTask: Bool,
    reply: @escaping @Sendable (TaskMessage) -> Reply = { Reply(TaskResult(task: $0)) }
  ) {
    let taskID = control.publicID.asTask
    let watch = control.watch(
      TaskControl.Watcher(
        progress: { context.report($0, of: taskID) },
        end: { context.answer(reply($0)) }))
    context.onCancel { [self] in
      control.unwatch(watch)
      if cancelsTask { try? tasks.cancel(control.id) }
    }
    context.onAbandon { control.unwatch(watch) }
  }

  /// The stored task that a request names.
  fileprivate func task(_ parameters: Parameters) throws -> TaskRecord {
    _ = try parameters.string("TaskType", limit: 64)
    guard let identifier = try parameters.taskID("TaskId") else {
      throw parameters.missing("TaskId", "a TaskId: a UUID")
    }
    guard let task = try store.read({ try $0.task(withPublicID: identifier) }) else {
      throw WireError(
        .resourceNotFound, "There is no task \(identifier.asTask).", field: "TaskId",
        hint: "Tasks are remembered for seven days after their end; ListTasks lists them.")
    }
    return task
  }

  /// The task as it is now.
  fileprivate func result(_ task: TaskRecord) throws -> TaskResult {
    let progress = tasks.control(of: task.id)?.progress
    return TaskResult(task: try store.read { try $0.message(task, progress: progress) })
  }
}

private enum TaskStatusName: String, CaseIterable {
  case queued = "Queued"
  case running = "Running"
  case succeeded = "Succeeded"
  case failed = "Failed"
  case cancelled = "Cancelled"
}

let taskCommands = [
  Command("GetTask", .reader, ["TaskId", "TaskType", "ProjectName"]) { service, parameters, _ in
    Reply(try service.result(try service.task(parameters)))
  },
  Command(waiting: "WaitTask", .reader, ["TaskId", "TaskType", "ProjectName"]) {
    service, parameters, context in
    let task = try service.task(parameters)
    guard let control = service.tasks.control(of: task.id) else {
      return Reply(try service.result(try service.task(parameters)))
    }
    service.wait(for: control, context, cancelsTask: false)
    return nil
  },
  Command("CancelTask", .curator, ["TaskId", "TaskType", "ProjectName"]) {
    service, parameters, context in
    let task = try service.task(parameters)
    guard context.caller.role == .admin || task.requestedBy == context.caller.userID else {
      throw WireError(
        .notPermitted, "The task is another user's; only an admin may cancel it.", field: "TaskId")
    }
    try service.tasks.cancel(task.id)
    return Reply(try service.result(try service.task(parameters)))
  },
  Command("ListTasks", .reader, ["ProjectName", "Status", "MaxResults"]) {
    service, parameters, _ in
    let status = try parameters.choice("Status", TaskStatusName.self)
    let count = try parameters.integer("MaxResults", in: 1...100, default: 20)
    let query = TaskQuery(
      statuses: status.flatMap { TaskStatus(rawValue: $0.rawValue) }.map { [$0] })
    return Reply(
      try service.store.read { snapshot in
        ListTasksResult(
          tasks: try snapshot.tasks(query, page: .first(count)).records.map {
            try snapshot.message($0, progress: service.tasks.control(of: $0.id)?.progress)
          })
      })
  },
]
