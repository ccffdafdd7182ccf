public import WireProtocol

extension FaceRequest where Body == TaskResult {
  /// A task as it stands (GetTask).
  ///
  /// Maturity: stable.
  public static func task(_ taskID: String) -> Self {
    Self("GetTask", ["TaskId": .string(taskID)])
  }

  /// A task once it has ended, with progress until then (WaitTask).
  ///
  /// Maturity: stable.
  ///
  /// Cancelling this request stops the waiting, not the task.
  public static func waitForTask(_ taskID: String) -> Self {
    Self("WaitTask", ["TaskId": .string(taskID)], timeout: nil)
  }

  /// Stops a task (CancelTask); what it has stored stays stored.
  ///
  /// Maturity: stable.
  public static func cancelTask(_ taskID: String) -> Self {
    Self("CancelTask", ["TaskId": .string(taskID)])
  }
}

extension FaceRequest where Body == ListTasksResult {
  /// The newest tasks, those of others only for admins (ListTasks).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - status: only tasks in this state.
  ///   - count: how many at most.
  /// - Returns: the request.
  public static func tasks(status: TaskMessage.Status? = nil, count: Int = 50) -> Self {
    var parameters: [String: JSONValue] = ["MaxResults": .integer(Int64(count))]
    if let status { parameters["Status"] = .string(status.rawValue) }
    return Self("ListTasks", parameters)
  }
}
