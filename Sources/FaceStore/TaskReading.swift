public import FaceTypes

extension Snapshot {
  private static let taskColumns: SQL = """
    tasks.id, public_id, library, kind, status, parameters, user_data, requested_by, total, done,
    refused, message, outcome, created, started, ended
    """

  /// Finds a task by its row.
  public final func task(_ id: TaskID) throws(StoreError) -> TaskRecord? {
    try tasks(where: "id = \(id)").first
  }

  /// Finds a task by the name that clients know it by.
  public final func task(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> TaskRecord? {
    try tasks(
      where: "public_id = \(identifier) AND (library IS NULL OR \(Self.isInLibrary))"
    ).first
  }

  /// The tasks that have not ended, oldest first: what a starting daemon takes up again.
  public final func openTasks() throws(StoreError) -> [TaskRecord] {
    try tasks(where: "status IN ('Queued', 'Running')")
  }

  /// A part of the tasks that fulfil a query.
  public final func tasks(
    _ query: TaskQuery, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<TaskRecord> {
    try page(
      PagedQuery(
        columns: Self.taskColumns, source: "tasks", conditions: query.conditions, key: nil,
        id: "tasks.id", sortCode: 48, order: query.order),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in try Self.task(&row) }
  }

  /// The next items of a task by ordinal: those of one state, or all.
  public final func taskItems(
    of task: TaskID, state: TaskItem.State.Kind? = nil, after ordinal: Int = -1, count: Int
  ) throws(StoreError) -> [TaskItem] {
    let condition: SQL = if let state { "state = \(state.rawValue)" } else { "TRUE" }
    return try rows(
      """
      SELECT ordinal, path, state, media, error_code, error_message FROM task_items
      WHERE task = \(task) AND ordinal > \(ordinal) AND \(condition)
      ORDER BY ordinal LIMIT \(count)
      """
    ) { row throws(StoreError) in try Self.item(&row, of: task) }
  }

  private final func tasks(where condition: SQL) throws(StoreError) -> [TaskRecord] {
    try rows("SELECT \(Self.taskColumns) FROM tasks WHERE \(condition) ORDER BY id") {
      row throws(StoreError) in try Self.task(&row)
    }
  }

  private static func task(_ row: inout Row) throws(StoreError) -> TaskRecord {
    TaskRecord(
      id: row.id(), publicID: try row.publicID(), library: row.optionalID(), kind: row.text(),
      status: try row.choice(), parameters: row.text(), userData: row.optionalText(),
      requestedBy: UInt32(truncatingIfNeeded: row.integer()),
      progress: TaskProgress(total: row.int(), done: row.int(), refused: row.int()),
      message: row.optionalText(), outcome: row.optionalText(), created: row.timestamp(),
      started: row.optionalTimestamp(),
      ended: row.optionalTimestamp())
  }

  private static func item(_ row: inout Row, of task: TaskID) throws(StoreError) -> TaskItem {
    let ordinal = row.int()
    let path = row.text()
    let kind: TaskItem.State.Kind = try row.choice()
    let media: MediaID? = row.optionalID()
    let code = row.optionalText()
    let message = row.optionalText()
    let state: TaskItem.State =
      switch kind {
      case .queued: .queued
      case .claimed: .claimed
      case .done: .done(media)
      case .refused: .refused(code: code ?? "", message: message ?? "")
      }
    return TaskItem(task: task, ordinal: ordinal, path: path, state: state)
  }
}

extension TaskQuery {
  fileprivate var conditions: [SQL] {
    var conditions: [SQL] = []
    if let library { conditions.append("library = \(library)") }
    if let kind { conditions.append("kind = \(kind)") }
    if let statuses {
      conditions.append("status IN (\(list: statuses.map(\.rawValue).sorted()))")
    }
    if let requestedBy { conditions.append("requested_by = \(requestedBy)") }
    return conditions
  }
}
