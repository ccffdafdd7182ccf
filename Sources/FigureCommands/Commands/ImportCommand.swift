package import CommandLineParsing
internal import FaceClient
internal import Glibc
internal import WireProtocol

/// The command `figurectl import`.
package struct ImportCommand {
  let paths: [String]
  let library: String
  let isWaiting: Bool
  let isSending: Bool

  /// - Parameters:
  ///   - paths: files and folders, relative to the working directory.
  ///   - library: where the media go.
  ///   - isWaiting: returns when everything is stored.
  ///   - isSending: opens the files here, so that the daemon needs no right to them.
  package init(paths: [String], library: String, isWaiting: Bool, isSending: Bool) {
    self.paths = paths
    self.library = library
    self.isWaiting = isWaiting
    self.isSending = isSending
  }

  package func run(in context: CommandContext) throws {
    let absolute = try paths.map(absolutePath)
    let client = try context.connect()
    if isSending { return try send(absolute, from: client, in: context) }
    for batch in Self.batches(absolute, byteLimit: client.hello.limits.line / 2) {
      try importByDaemon(batch, from: client, in: context)
    }
  }

  // MARK: The daemon reads

  private func importByDaemon(
    _ batch: [String], from client: FaceClient, in context: CommandContext
  ) throws {
    let request = FaceRequest.importMedia(paths: batch, library: library, wait: isWaiting)
    do {
      guard isWaiting else {
        return try context.answer(request, from: client) {
          context.acknowledge($0, what: "Importing into the library \(library)")
        }
      }
      let (task, raw) = try context.ended(request, label: "importing", from: client) {
        "What was stored is kept; the same command goes on from there."
      }
      let unreadable = Self.unreadable(task)
      if !unreadable.isEmpty {
        context.output.note(
          "The daemon may not read \(unreadable.count == 1 ? "a file" : "some files"); sending them."
        )
        let isComplete = task.refusals?.count == task.progress.refused
        return try send(isComplete ? unreadable : batch, from: client, in: context, after: task)
      }
      try context.finish(task, raw)
    } catch let error as ClientError {
      // A refusal of the paths, not of the user: files that this user may read can still be sent.
      let mayImport = client.hello.peer.role >= .curator
      guard error.code == .imageUnreadable || (error.code == .notPermitted && mayImport) else {
        throw error
      }
      context.output.note("The daemon may not read the files; sending them.")
      try send(batch, from: client, in: context)
    }
  }

  /// The files that the daemon was not allowed to open, as far as the task lists them.
  private static func unreadable(_ task: TaskMessage) -> [String] {
    (task.refusals ?? [])
      .filter {
        $0.code == ErrorCode.imageUnreadable.rawValue || $0.code == ErrorCode.notPermitted.rawValue
      }
      // What this user may not read either stays refused by the daemon.
      .map(\.inputURL.shownPath).filter { unsafe access($0, R_OK) == 0 }
  }

  // MARK: The files are sent

  /// Opens the files and passes them on.
  ///
  /// - Parameters:
  ///   - paths: absolute paths of files and folders.
  ///   - client: whom to send to.
  ///   - context: where to say what happens.
  ///   - task: an import by the daemon of which these files are the rest.
  /// - Throws: unless all of them were stored.
  private func send(
    _ paths: [String], from client: FaceClient, in context: CommandContext,
    after task: TaskMessage? = nil
  ) throws {
    var files: [String] = []
    var refusals: [TaskMessage.Refusal] = []
    FolderWalk.visit(paths) {
      files.append($0)
    } onFailure: { path, reason in
      refusals.append(.init(inputURL: path, code: "ImageUnreadable", message: reason))
    }
    let display = ProgressDisplay("sending", output: context.output, isSilent: context.isJSON)
    let sending = SendingImport(files: files, refusals: refusals, library: library, client: client)
    let interrupt = Interrupt { sending.stop() }
    let outcome: SendingImport.Outcome
    do {
      defer { display.end() }
      outcome = try sending.run { display.show($0) }
    }
    if context.isJSON {
      try context.json(outcome)
    } else {
      context.output.line(CommandContext.importSummary(outcome.progress))
      context.refusals(outcome.refusals, count: outcome.progress.refused)
    }
    if interrupt.hasOccurred {
      throw CommandFailure(
        "Interrupted. What was stored is kept; the same command goes on from there.",
        code: .interrupted)
    }
    let othersRefused = max(0, (task?.progress.refused ?? 0) - files.count)
    if outcome.progress.refused + othersRefused > 0 { throw CommandFailure("") }
  }

  // MARK: Paths

  private func absolutePath(_ path: String) throws(CommandFailure) -> String {
    let normal = AbsolutePath.of(path)
    var status = stat()
    if unsafe lstat(normal, &status) != 0, errno == ENOENT || errno == ENOTDIR {
      throw CommandFailure("\(path.printable): no such file or folder.")
    }
    return normal
  }

  /// Splits paths so that each part fits a request.
  package static func batches(_ paths: [String], byteLimit: Int) -> [[String]] {
    var batches: [[String]] = []
    var bytes = 0
    for path in paths {
      let size = path.utf8.count + 3
      if let last = batches.indices.last, batches[last].count < 1000, bytes + size <= byteLimit {
        batches[last].append(path)
        bytes += size
      } else {
        batches.append([path])
        bytes = size
      }
    }
    return batches
  }
}

extension ImportCommand: Subcommand {
  private static let paths: Argument<[String]> = .operands(
    "PATH", atLeast: 1, help: "Files and folders with images.", completion: .file)
  private static let wait: Argument<Bool> = .flag(
    "wait", short: "w", help: "Show progress, and return when everything is stored.")
  private static let send: Argument<Bool> = .flag(
    "send", help: "Open the files here and pass them on, so that the daemon needs no right to them."
  )

  package static let declaration = Command(
    "import", summary: "Import files and folders",
    discussion: """
      The daemon reads the files itself where it may; with --wait, files that it may not read are \
      opened here and sent. What is stored already is recognised and not stored again, so an \
      import that was interrupted goes on with the same command.

      Ctrl-C with --wait stops the import; what is stored is kept. The exit status is 1 if a file \
      was refused.
      """,
    arguments: [paths, SharedArguments.library, wait, send],
    examples: [
      .init("figurectl import ~/Pictures --wait", "Import a folder and all folders in it."),
      .init("figurectl import /srv/photos", "Start the import and return."),
    ])

  package init(_ arguments: ParsedArguments) {
    self.init(
      paths: arguments[Self.paths], library: arguments[SharedArguments.library],
      isWaiting: arguments[Self.wait], isSending: arguments[Self.send])
  }
}
