public import FaceTypes

extension Transaction {
  /// Inserts a task, queued and without items.
  public func insertTask(_ task: NewTask) throws(StoreError) -> TaskID {
    try checkJSON(task.parameters, field: "parameters")
    let id = try insert(
      """
      INSERT INTO tasks(public_id, library, kind, status, parameters, user_data, requested_by,
        created)
      VALUES (\(task.publicID), \(task.library), \(task.kind), \(TaskStatus.queued.rawValue),
        \(task.parameters), \(task.userData), \(task.requestedBy), \(now))
      """)
    guard let id else { throw .alreadyExists(.task, key: task.publicID.uuid) }
    return TaskID(rawValue: id)
  }

  /// Appends files to a task's queue.
  public func appendItems(to task: TaskID, paths: [String]) throws(StoreError) {
    let start = try count(
      "SELECT coalesce(max(ordinal) + 1, 0) FROM task_items WHERE task = \(task)")
    try changeTask(task, "total = total + \(paths.count)")
    for (position, path) in paths.enumerated() {
      try execute(
        """
        INSERT INTO task_items(task, ordinal, path, state)
        VALUES (\(task), \(start + position), \(path), 'queued')
        """)
    }
  }

  /// Takes the next items out of a task's queue, to be worked on.
  public func claimItems(of task: TaskID, count: Int) throws(StoreError) -> [TaskItem] {
    let items = try taskItems(of: task, state: .queued, count: count)
    for item in items {
      try execute(
        """
        UPDATE task_items SET state = 'claimed' WHERE task = \(task) AND ordinal = \(item.ordinal)
        """)
    }
    return items.map {
      TaskItem(task: task, ordinal: $0.ordinal, path: $0.path, state: .claimed)
    }
  }

  /// Records what came of items, and counts the task's progress.
  ///
  /// An item that has an outcome already keeps it.
  public func finishItems(of task: TaskID, _ outcomes: [TaskItemOutcome]) throws(StoreError) {
    var done = 0
    var refused = 0
    for outcome in outcomes {
      let open: SQL =
        "task = \(task) AND ordinal = \(outcome.ordinal) AND state IN ('queued', 'claimed')"
      switch outcome.result {
      case .done(let media):
        done += try execute(
          "UPDATE task_items SET state = 'done', media = \(media) WHERE \(open)")
      case .refused(let code, let message):
        refused += try execute(
          """
          UPDATE task_items SET state = 'refused', error_code = \(code), error_message = \(message)
          WHERE \(open)
          """)
      }
    }
    try changeTask(task, "done = done + \(done), refused = refused + \(refused)")
  }

  /// Queues the items again that someone was working on when the daemon ended.
  ///
  /// - Returns: how many there were.
  public func releaseClaimedItems() throws(StoreError) -> Int {
    try execute(
      """
      UPDATE task_items SET state = 'queued' WHERE state = 'claimed'
        AND task IN (SELECT id FROM tasks WHERE status IN ('Queued', 'Running'))
      """)
  }

  /// Sets the progress of a task whose work is not a queue of items.
  public func setProgress(of task: TaskID, _ progress: TaskProgress) throws(StoreError) {
    try changeTask(
      task,
      """
      total = \(progress.total), done = \(progress.done), refused = \(progress.refused)
      """)
  }

  /// Marks a queued task as running; one that runs already goes on.
  ///
  /// - Returns: `false` if the task has ended meanwhile, as by a cancellation.
  public func startTask(_ task: TaskID) throws(StoreError) -> Bool {
    guard let record = try self.task(task) else { throw .notFound(.task, key: "\(task)") }
    guard !record.status.hasEnded else { return false }
    try changeTask(
      task, "status = \(TaskStatus.running.rawValue), started = coalesce(started, \(now))")
    return true
  }

  /// Ends a task.
  ///
  /// - Precondition: `status` is one of an ended task.
  /// - Returns: `false` if the task had ended already; it stays as it is.
  @discardableResult
  public func endTask(
    _ task: TaskID, _ status: TaskStatus, message: String? = nil, outcome: String? = nil
  ) throws(StoreError) -> Bool {
    precondition(status.hasEnded, "a task ends with the status of an ended task")
    guard let record = try self.task(task) else { throw .notFound(.task, key: "\(task)") }
    guard !record.status.hasEnded else { return false }
    try changeTask(
      task,
      """
      status = \(status.rawValue), message = \(message), outcome = \(outcome), ended = \(now)
      """)
    erasedRows += try execute("DELETE FROM analysis_checkpoints WHERE task = \(task)")
    return true
  }

  /// Deletes tasks that ended before a moment, with their items.
  ///
  /// - Returns: how many there were.
  public func deleteTasks(endedBefore moment: Timestamp) throws(StoreError) -> Int {
    let count = try execute("DELETE FROM tasks WHERE ended < \(moment)")
    erasedRows += count
    return count
  }

  private func changeTask(_ task: TaskID, _ assignments: SQL) throws(StoreError) {
    let count = try execute("UPDATE tasks SET \(assignments) WHERE id = \(task)")
    guard count == 1 else { throw .notFound(.task, key: "\(task)") }
  }
}
