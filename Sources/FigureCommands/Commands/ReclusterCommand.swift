package import CommandLineParsing
internal import FaceClient
internal import FoundationEssentials
internal import WireProtocol

/// The command `figurectl recluster`.
package struct ReclusterCommand {
  /// What is to be done.
  enum Mode: Equatable {
    /// Plan and apply in one.
    case both
    case plan
    case apply
    case undo
    case list
  }

  let library: String
  let mode: Mode
  let isWaiting: Bool
  /// The beginning of a PlanId; the latest plan if `nil`.
  let plan: String?
  /// Only these changes; all if empty.
  let changes: [Int]
  let isRehearsal: Bool
  let isForced: Bool
  let path: String?

  package func run(in context: CommandContext) throws {
    let client = try context.connect()
    switch mode {
    case .both: try cluster(client, context)
    case .plan: try makePlan(client, context)
    case .apply: try apply(client, context)
    case .undo: try undo(client, context)
    case .list: try list(client, context)
    }
  }

  private func cluster(_ client: FaceClient, _ context: CommandContext) throws {
    guard isWaiting else {
      return try context.answer(.recluster(library: library), from: client) {
        context.acknowledge($0, what: "Clustering the library \(library) anew")
      }
    }
    try context.follow(.recluster(library: library, wait: true), label: "clustering", from: client)
    {
      "Cancelled; the people are as they were."
    }
  }

  // MARK: Planning

  private func makePlan(_ client: FaceClient, _ context: CommandContext) throws {
    let planID: String
    if let plan {
      planID = try existingPlan(plan, client).planID
    } else {
      let made = try client.call(.planReclustering(library: library))
      let (task, raw) = try context.ended(
        .waitForTask(made.taskID), label: "planning", from: client
      ) {
        _ = try? client.call(.cancelTask(made.taskID))
        return "Cancelled; there is no plan."
      }
      guard task.status == .succeeded else { return try context.finish(task, raw) }
      planID = made.planID
    }
    if let path {
      try PlanSheet.write(planID, to: path, mayReplace: isForced, client: client, in: context)
    }
    try show(planID, client, context)
  }

  private func show(_ planID: String, _ client: FaceClient, _ context: CommandContext) throws {
    var isFirst = true
    var (applied, left) = (0, 0)
    try context.list(
      from: client, { .plan(planID, pageSize: 100, nextToken: $0) }, nextToken: \.nextToken
    ) { page in
      if isFirst { context.output.line(PlanText.summary(page.plan), isEmphasised: true) }
      isFirst = false
      for change in page.changes {
        for line in PlanText.lines(change) { context.output.line(line) }
        if change.appliedBy == nil { left += 1 } else { applied += 1 }
      }
    }
    guard left > 0, !context.isJSON else { return }
    context.output.remark(
      (applied == 0 ? "Nothing has changed yet. " : "")
        + "“figurectl recluster --apply \(Identifier.short(planID))” applies "
        + "\(applied == 0 ? "it" : "the rest"), with --change N only a part.")
  }

  /// The plan that the user means; the latest that is ready if none is named.
  private func existingPlan(
    _ reference: String?, _ client: FaceClient
  ) throws -> FigureClusteringPlanMessage {
    let plans = try client.call(.plans(library: library)).plans
    guard let reference else {
      guard let latest = plans.first(where: { $0.status == .ready }) else {
        throw CommandFailure(
          "The library \(library.printable) has no plan.",
          hint: "“figurectl recluster --plan” makes one.")
      }
      return latest
    }
    let found = plans.filter { Identifier.matches(reference, $0.planID) }
    guard let only = found.first, found.count == 1 else {
      throw CommandFailure(
        found.isEmpty
          ? "There is no plan “\(reference.printable)” of the library \(library.printable)."
          : "“\(reference.printable)” may mean \(found.count) plans.",
        hint: "“figurectl recluster --list” lists them.")
    }
    return only
  }

  private func list(_ client: FaceClient, _ context: CommandContext) throws {
    try context.answer(.plans(library: library), from: client) { result in
      guard !result.plans.isEmpty else { return context.output.note("There are no plans.") }
      var table = Table([
        .init("ID"), .init("STATUS"), .init("MADE"), .init("CHANGES", isTrailing: true),
        .init("FACES", isTrailing: true), .init("NAMES AT RISK", isTrailing: true),
      ])
      for plan in result.plans {
        table.append([
          Identifier.short(plan.planID), plan.status.rawValue, LocalTime.shown(plan.createTime),
          Quantity.count(plan.changes.values.reduce(0, +)), Quantity.count(plan.figuresMoved),
          Quantity.count(plan.namesAtRisk),
        ])
      }
      context.output.table(table)
    }
  }

  // MARK: Applying

  private func apply(_ client: FaceClient, _ context: CommandContext) throws {
    let planID = try existingPlan(plan, client).planID
    let request = FaceRequest.applyPlan(
      planID, changes: changes.isEmpty ? nil : changes, isRehearsal: isRehearsal, force: isForced)
    try context.answer(request, from: client) { result in
      for line in PlanText.lines(result) { context.output.line(line) }
      if !isRehearsal, result.change.undoID != nil {
        context.output.note("“figurectl recluster --undo” takes it back.")
      }
    }
  }

  private func undo(_ client: FaceClient, _ context: CommandContext) throws {
    let found = try context.firstEvent(library: library, byUsersOnly: true, client: client) {
      $0.kind == "Reclustering" && $0.reversedBy == nil
    }
    guard let found else {
      throw CommandFailure("There is no re-clustering to undo in \(library.printable).")
    }
    let request = FaceRequest.undo(found.eventID, isRehearsal: isRehearsal)
    try context.answer(request, from: client) { result in
      let moved = Quantity.count(result.change.event?.figuresMoved ?? 0, "face")
      context.output.line(
        "\(isRehearsal ? "This would take" : "Took") the re-clustering of "
          + "\(LocalTime.shown(found.time)) back: \(moved) moved.")
      if let kept = result.keptCount, kept > 0 {
        context.output.note(
          "\(Quantity.count(kept, "part")) of it stayed, since something later changed the same.")
      }
    }
  }
}

extension ReclusterCommand: Subcommand {
  private static let wait: Argument<Bool> = .flag(
    "wait", short: "w", help: "Show progress, and return when it is done.")
  private static let plan: Argument<Bool> = .flag(
    "plan", help: "Say what would change, and change nothing; with PLAN, show that one again.")
  private static let apply: Argument<Bool> = .flag(
    "apply", help: "Apply a plan, as far as nothing has changed the same since.")
  private static let undo: Argument<Bool> = .flag(
    "undo", help: "Take the last re-clustering back.")
  private static let list: Argument<Bool> = .flag("list", help: "List the plans that are kept.")
  private static let change: Argument<[Int]> = .repeatedOption(
    "change", short: "c", value: "N", help: "With --apply: only this change of the plan.")
  private static let output: Argument<String?> = .option(
    "output", short: "o", value: "FILE",
    help: "With --plan: also write an HTML file with the faces before and after.",
    completion: .file)
  private static let dryRun: Argument<Bool> = .flag(
    "dry-run", short: "n", help: "With --apply and --undo: only say what would happen.")
  private static let force: Argument<Bool> = .flag(
    "force", short: "f",
    help: "With --apply: take faces out of people who have names, too. With --output: replace a "
      + "file of that name.")
  private static let reference: Argument<String?> = .optionalOperand(
    "PLAN", help: "The PlanId, or at least four digits of its beginning; else the latest.")

  package static let declaration = Command(
    "recluster", summary: "Cluster a library anew, or plan it first",
    discussion: "New faces are clustered as they come; this looks at all of them together. People "
      + "keep their IDs and names. A plan is made of changes that do not depend on each other.",
    arguments: [
      SharedArguments.library, wait, plan, output, apply, change, dryRun, force, undo, list,
      reference,
    ],
    examples: [
      .init("figurectl recluster --plan --output plan.html", "What would change? Look at it."),
      .init("figurectl recluster --apply --change 1 --change 3", "Apply two of the changes."),
      .init("figurectl recluster --undo", "Take it back."),
    ])

  package init(_ arguments: ParsedArguments) {
    mode =
      if arguments[Self.list] {
        .list
      } else if arguments[Self.undo] {
        .undo
      } else if arguments[Self.apply] {
        .apply
      } else if arguments[Self.plan] {
        .plan
      } else {
        .both
      }
    library = arguments[SharedArguments.library]
    isWaiting = arguments[Self.wait]
    plan = arguments[Self.reference]
    changes = arguments[Self.change]
    isRehearsal = arguments[Self.dryRun]
    isForced = arguments[Self.force]
    path = arguments[Self.output]
  }
}
