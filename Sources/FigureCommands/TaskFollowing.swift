internal import FaceClient
package import WireProtocol

extension CommandContext {
  /// Waits for a task with its progress shown, then says what came of it.
  ///
  /// The first Ctrl-C cancels the request, the second quits.
  ///
  /// - Parameters:
  ///   - request: one that is answered when the task has ended.
  ///   - label: what is being done.
  ///   - client: whom to ask.
  ///   - interrupted: what Ctrl-C has left behind, in a sentence.
  /// - Throws: unless the task succeeded and refused nothing.
  func follow(
    _ request: FaceRequest<TaskResult>, label: String, from client: FaceClient,
    interrupted: () -> String
  ) throws {
    let (task, raw) = try ended(request, label: label, from: client, interrupted: interrupted)
    try finish(task, raw)
  }

  /// Says what came of a task that has ended, and fails unless everything went well.
  func finish(_ task: TaskMessage, _ raw: JSONValue) throws {
    if isJSON {
      try json(raw)
    } else {
      output.line(Self.summary(task))
      refusals(task.refusals ?? [], count: task.progress.refused)
    }
    // All has been said; what is left is the exit code.
    if task.status != .succeeded || task.progress.refused > 0 { throw CommandFailure("") }
  }

  /// Waits for a task with its progress shown.
  ///
  /// - Returns: the task, and the answer as it was.
  func ended(
    _ request: FaceRequest<TaskResult>, label: String, from client: FaceClient,
    interrupted: () -> String
  ) throws -> (task: TaskMessage, raw: JSONValue) {
    let display = ProgressDisplay(label, output: output, isSilent: isJSON)
    defer { display.end() }
    let answer = try client.start(request.withRaw) { display.show($0.progress) }
    let interrupt = Interrupt { answer.cancel() }
    do {
      let result = try answer.wait()
      return (result.body.task, result.raw)
    } catch {
      guard error.code == .cancelled, interrupt.hasOccurred else { throw error }
      display.end()
      throw CommandFailure("Interrupted. \(interrupted())", code: .interrupted)
    }
  }

  /// Says that a task goes on by itself, and how to follow it.
  func acknowledge(_ result: TaskResult, what: String) {
    let short = Identifier.short(result.taskID)
    output.line("\(what): task \(short).")
    output.note(
      "Follow it with “figurectl wait \(short)”; stop it with “figurectl cancel \(short)”.")
  }

  /// What came of a task, in a line.
  package static func summary(_ task: TaskMessage) -> String {
    let message = task.message.flatMap { $0.isEmpty ? nil : $0 }
    guard task.status == .succeeded else {
      return message.map { "\(task.status.rawValue): \($0)" } ?? "\(task.status.rawValue)."
    }
    guard task.taskType == "MediaImport" else { return message ?? "Done." }
    var progress = task.progress
    progress.faces = max(progress.faces, task.outcome?["Faces"] ?? 0)
    return importSummary(progress)
  }

  /// What an import has done, in a line.
  static func importSummary(_ progress: TaskProgress) -> String {
    let stored = max(
      0, progress.done - progress.unchanged - progress.skipped - progress.refused)
    var parts = [
      "Imported \(Quantity.media(stored)) with \(Quantity.count(progress.faces, "face"))"
    ]
    if progress.unchanged > 0 { parts.append("\(Quantity.count(progress.unchanged)) unchanged") }
    if progress.skipped > 0 { parts.append("\(Quantity.count(progress.skipped)) no images") }
    if progress.refused > 0 { parts.append("\(Quantity.count(progress.refused)) refused") }
    return parts.joined(separator: ", ") + "."
  }

  /// Lists files that were refused; `count` may be larger than the list.
  func refusals(_ refusals: [TaskMessage.Refusal], count: Int) {
    guard !refusals.isEmpty else { return }
    var table = Table([.init("REFUSED", fit: .cutMiddle), .init("WHY", fit: .cutEnd)])
    for refusal in refusals { table.append([refusal.inputURL.shownPath, refusal.message]) }
    for line in table.lines(width: output.terminal.tableWidth) { output.note(line) }
    if count > refusals.count {
      output.note("and \(Quantity.count(count - refusals.count)) more")
    }
  }
}
