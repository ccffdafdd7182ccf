internal import FaceStore
internal import FaceTypes
internal import Synchronization
internal import Threading
internal import WireProtocol

/// Runs tasks one after the other, in the order in which they were asked for.
///
/// Tasks are rows of the store first and run from there, so that those which a crash or a stop
/// interrupted go on at the next start.
final class TaskRegistry: Sendable {
  /// What a kind of task does.
  ///
  /// Returns when it is done, or has given up because it was asked to, or with the status `queued`
  /// to go on after the tasks that wait; throws if it failed.
  typealias Body = @Sendable (TaskRecord, TaskControl) throws -> TaskEnd

  /// How a task ended well, or was given up.
  struct TaskEnd: Sendable {
    var status: TaskStatus
    var message: String
    var outcome: [String: Int] = [:]
  }

  /// For how long ended tasks are remembered; the reference keeps them for seven days.
  private static let retention = Duration.seconds(7 * 24 * 3600)
  /// How many refused files an answer lists.
  static let refusalLimit = 100

  private let store: FaceStore
  private let bodies: [TaskKind: Body]
  private let queue = BlockingQueue<TaskRecord>(capacity: .max)
  private let state = Mutex(State())
  private let onFailure: @Sendable (TaskRecord, any Error) -> Void

  private struct State {
    var controls: [TaskID: TaskControl] = [:]
    var records: [TaskID: TaskRecord] = [:]
    var running: TaskID?
    var isStopping = false
  }

  /// Prepares a registry; ``start()`` lets it run.
  ///
  /// - Parameters:
  ///   - store: where tasks are kept.
  ///   - bodies: what each kind of task does.
  ///   - onFailure: told of a task that failed for a reason of ours.
  init(
    store: FaceStore, bodies: [TaskKind: Body],
    onFailure: @escaping @Sendable (TaskRecord, any Error) -> Void
  ) {
    self.store = store
    self.bodies = bodies
    self.onFailure = onFailure
  }

  /// Takes up the tasks that were interrupted, and begins to run.
  func start() throws {
    let open = try store.write { transaction in
      _ = try transaction.releaseClaimedItems()
      let days = Self.retention.seconds * 1000
      _ = try transaction.deleteTasks(
        endedBefore: Timestamp(milliseconds: transaction.now.milliseconds - Int64(days)))
      return try transaction.openTasks()
    }
    for task in open { enqueue(task) }
    startThread(named: "tasks") { [self] in
      while let task = queue.take() { run(task) }
    }
  }

  /// Interrupts what runs; it goes on at the next start.
  func stop() {
    let controls = state.withLock { state in
      state.isStopping = true
      return Array(state.controls.values)
    }
    queue.close()
    for control in controls { control.cancel() }
  }

  /// Whether what runs should stop because the daemon does, rather than for good.
  private var isStopping: Bool { state.withLock(\.isStopping) }

  private func enqueue(_ task: TaskRecord) {
    let control = TaskControl(id: task.id, publicID: task.publicID) { [queue] in queue.count > 0 }
    state.withLock { state in
      state.controls[task.id] = control
      state.records[task.id] = task
    }
    _ = queue.put(task)
  }

  /// Stores a new task and queues it; it is on disk when this returns.
  ///
  /// - Parameters:
  ///   - kind: what it does.
  ///   - library: what it is about; `nil` for what concerns all.
  ///   - parameters: for the kind's body, a JSON text.
  ///   - userData: kept for the client.
  ///   - requestedBy: the user id of who asked.
  ///   - accompany: stores what belongs to the task, in the same transaction.
  /// - Returns: the task, and how to follow and stop it.
  /// - Throws: ``StoreError``, or what `accompany` throws; nothing is stored then.
  func add(
    _ kind: TaskKind, library: LibraryID?, parameters: String, userData: String?,
    requestedBy: UInt32, accompany: (Transaction, TaskID) throws -> Void = { _, _ in }
  ) throws -> (TaskRecord, TaskControl) {
    let task = try store.write { transaction in
      let id = try transaction.insertTask(
        NewTask(
          library: library, kind: kind.rawValue, parameters: parameters, userData: userData,
          requestedBy: requestedBy))
      guard let task = try transaction.task(id) else {
        throw StoreError.notFound(.task, key: "\(id)")
      }
      try accompany(transaction, id)
      return task
    }
    enqueue(task)
    guard let control = control(of: task.id) else { throw ServiceStopped() }
    return (task, control)
  }

  /// The control of a task that has not ended.
  func control(of task: TaskID) -> TaskControl? { state.withLock { $0.controls[task] } }

  /// Tasks that run or wait.
  var openCount: Int { state.withLock { $0.controls.count } }

  func hasOpenTask(of library: LibraryID) -> Bool {
    state.withLock { $0.records.values.contains { $0.library == library } }
  }

  /// The task that runs, with its progress.
  var running: (TaskRecord, TaskMessage.Progress)? {
    state.withLock { state in
      guard let id = state.running, let record = state.records[id], let control = state.controls[id]
      else { return nil }
      return (record, control.progress)
    }
  }

  /// Ends a task for good: at once if it waits, soon if it runs.
  ///
  /// Nothing that it stored is lost.
  func cancel(_ task: TaskID) throws {
    guard let control = control(of: task) else { return }
    control.cancel()
    let isRunning = state.withLock { $0.running == task }
    if !isRunning {
      try end(task, TaskEnd(status: .cancelled, message: "Cancelled before it began."))
    }
  }

  private func run(_ task: TaskRecord) {
    guard let control = control(of: task.id), !isStopping else { return }
    state.withLock { $0.running = task.id }
    defer { state.withLock { $0.running = nil } }
    do {
      guard try store.write({ try $0.startTask(task.id) }) else {
        return forget(task.id)
      }
      guard let kind = TaskKind(rawValue: task.kind), let body = bodies[kind] else {
        return try end(
          task.id, TaskEnd(status: .failed, message: "This release knows no task \(task.kind)."))
      }
      let result = try body(task, control)
      if result.status == .queued {
        _ = queue.put(task)
        return
      }
      if isStopping && result.status == .cancelled { return }
      try end(task.id, result)
    } catch {
      onFailure(task, error)
      try? end(task.id, TaskEnd(status: .failed, message: "\(error)"))
    }
  }

  private func end(_ task: TaskID, _ result: TaskEnd) throws {
    let record = try store.write { transaction in
      try transaction.endTask(
        task, result.status, message: result.message, outcome: try Self.json(result.outcome))
      return try transaction.task(task)
    }
    guard let record, let control = control(of: task) else { return }
    control.end(try store.read { try $0.message(record, progress: control.progress) })
    forget(task)
  }

  private static func json(_ outcome: [String: Int]) throws -> String? {
    outcome.isEmpty ? nil : String(decoding: try LineCodec.content(outcome), as: UTF8.self)
  }

  private func forget(_ task: TaskID) {
    state.withLock { state in
      state.controls[task] = nil
      state.records[task] = nil
    }
  }
}

/// What a task does, as the reference calls it.
enum TaskKind: String, Sendable {
  case mediaImport = "MediaImport"
  case figureClustering = "FigureClustering"
  /// Stored as ended, never run: a merger is one transaction.
  case clustersMerging = "FigureClustersMerging"
  case figureClusteringPlan = "FigureClusteringPlan"
  case attributeFilling = "AttributeFilling"
  case modelPreparation = "ModelPreparation"
  case modelSwitch = "ModelSwitch"
  case modelSwitchUndo = "ModelSwitchUndo"
}

extension Snapshot {
  /// A task as the wire shows it.
  ///
  /// - Parameters:
  ///   - task: as it is stored.
  ///   - progress: of a task in memory; a stored one knows less.
  /// - Returns: the message.
  /// - Throws: ``StoreError``.
  func message(_ task: TaskRecord, progress: TaskMessage.Progress?) throws -> TaskMessage {
    let stored = task.progress
    let name = try task.library.flatMap { try library($0)?.name } ?? ""
    var message = TaskMessage(
      taskID: task.publicID.asTask, taskType: task.kind,
      status: TaskMessage.Status(rawValue: task.status.rawValue) ?? .failed, datasetName: name,
      progress: progress
        ?? TaskMessage.Progress(
          total: stored.total, done: stored.done + stored.refused, refused: stored.refused))
    message.startTime = task.started?.iso8601
    message.endTime = task.ended?.iso8601
    message.message = task.message
    message.userData = task.userData
    message.outcome = try task.outcome.map {
      try LineCodec.decode([String: Int].self, from: Array($0.utf8))
    }
    if progress == nil, let outcome = message.outcome {
      message.progress.faces = outcome["Faces"] ?? 0
      message.progress.unchanged = outcome["Unchanged"] ?? 0
      message.progress.skipped = outcome["Skipped"] ?? 0
    }
    let refused = try taskItems(of: task.id, state: .refused, count: TaskRegistry.refusalLimit)
    message.refusals = refused.isEmpty ? nil : refused.compactMap(TaskMessage.Refusal.init)
    return message
  }
}

extension TaskMessage.Refusal {
  fileprivate init?(_ item: TaskItem) {
    guard case .refused(let code, let reason) = item.state else { return nil }
    self.init(inputURL: fileURL(item.path), code: code, message: reason)
  }
}
