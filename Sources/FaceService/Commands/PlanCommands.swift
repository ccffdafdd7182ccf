internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Parameters {
  fileprivate func planID(_ name: String) throws(WireError) -> PublicIdentifier {
    let expected = "a PlanId: a UUID"
    guard let text = try string(name, limit: 128) else { throw missing(name, expected) }
    guard let identifier = PublicIdentifier(text) else { throw invalid(name, expected) }
    return identifier
  }

  /// The numbers of changes, if some are named.
  fileprivate func changeNumbers() throws(WireError) -> [Int]? {
    guard let elements = try array("Changes", limit: 10_000) else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard case .integer(let number) = element, (1...1_000_000_000).contains(number) else {
        throw invalid("Changes", "a list of ChangeIds")
      }
      numbers.append(Int(number))
    }
    return numbers
  }
}

extension Snapshot {
  fileprivate func existingPlan(_ parameters: Parameters) throws -> ReclusteringPlanRecord {
    let identifier = try parameters.planID("PlanId")
    guard let plan = try reclusteringPlan(withPublicID: identifier),
      try library(plan.library) != nil
    else {
      throw WireError(
        .resourceNotFound, "There is no plan \(identifier.asPlan).", field: "PlanId",
        hint: "ListFigureClusteringPlans lists those that exist.")
    }
    return plan
  }

  /// - Throws: ``ErrorCode/invalidParameter`` if the plan is part of a change of the model.
  fileprivate func checkStandsAlone(_ plan: ReclusteringPlanRecord) throws {
    guard try isOfModelSwitch(plan.id) else { return }
    throw WireError(
      .invalidParameter, "The plan is part of a change of the model.", field: "PlanId",
      hint: "ApplyModelSwitch applies it, DiscardModelSwitch deletes it.")
  }
}

/// What clustering a library anew would change: made beside everything else, looked at, applied.
let planCommands = [
  Command(
    waiting: "CreateFigureClusteringPlan", .curator, libraryParameters + ["UserData", "Wait"]
  ) { service, parameters, context in
    let library = try service.store.read { try $0.library(of: parameters) }
    let planID = PublicIdentifier.random()
    return try service.begin(
      .figureClusteringPlan, in: library, json: "{}", parameters, context,
      accompany: { transaction, task in
        try transaction.insertReclusteringPlan(
          in: library.id, task: task, publicID: planID, requestedBy: context.caller.userID)
      },
      reply: { Reply(CreatePlanResult(planID: planID.asPlan, task: $0)) })
  },
  Command(
    "GetFigureClusteringPlan", .reader,
    ["PlanId", "WithFigures", "WithTotalCount", "MaxResults", "NextToken"]
  ) { service, parameters, _ in
    let page = try service.page(
      parameters, of: "GetFigureClusteringPlan", sizes: 1...100, defaultSize: 20)
    let withFigures = try parameters.boolean("WithFigures", default: false)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    return Reply(
      try service.store.read { snapshot in
        let plan = try snapshot.existingPlan(parameters)
        let found = try snapshot.plannedChanges(
          of: plan.id, page: page.request, includesTotal: withTotal)
        return PlanResult(
          plan: try snapshot.message(plan),
          changes: try found.records.map { try snapshot.message($0, withFigures: withFigures) },
          nextToken: page.token(found.next), totalCount: found.total)
      })
  },
  Command("ListFigureClusteringPlans", .reader, libraryParameters) { service, parameters, _ in
    Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        let plans = try snapshot.reclusteringPlans(
          in: library.id, page: .first(Transaction.planLimit))
        return ListPlansResult(plans: try plans.records.map { try snapshot.message($0) })
      })
  },
  Command("ApplyFigureClusteringPlan", .curator, ["PlanId", "Changes", "DryRun", "Force"]) {
    service, parameters, context in
    let request = CurationRequest(
      requestedBy: context.caller.userID,
      isRehearsal: try parameters.boolean("DryRun", default: false))
    let changes = try parameters.changeNumbers()
    let isForced = try parameters.boolean("Force", default: false)
    guard !isForced || context.caller.role >= .admin else {
      throw WireError(.notPermitted, "Force takes the role admin.", field: "Force")
    }
    let plan = try service.store.read { try $0.existingPlan(parameters) }
    let (applied, change) = try service.people.curate(plan.library, .reclustering, request) {
      curation in
      // Read again, since it may have been deleted meanwhile.
      let plan = try curation.transaction.existingPlan(parameters)
      guard plan.made != nil else {
        throw WireError(
          .invalidParameter, "The plan is not made yet, or never will be.", field: "PlanId",
          hint: "GetFigureClusteringPlan tells its Status; WaitTask waits for its task.")
      }
      try curation.transaction.checkStandsAlone(plan)
      return try curation.apply(
        plan, changes: changes, mayEmptyNamed: isForced, isRehearsal: request.isRehearsal)
    }
    return Reply(
      ApplyPlanResult(
        changes: applied.changes, figuresMoved: applied.moved,
        skipped: Dictionary(
          uniqueKeysWithValues: applied.skipped.map { ($0.key.rawValue, $0.value) }),
        namesAtRisk: applied.namesAtRisk, change: change))
  },
  Command("DeleteFigureClusteringPlan", .curator, ["PlanId"]) { service, parameters, _ in
    let plan = try service.store.write { transaction in
      let plan = try transaction.existingPlan(parameters)
      try transaction.checkStandsAlone(plan)
      try transaction.deleteReclusteringPlan(plan.id)
      return plan
    }
    if let task = plan.task { try service.tasks.cancel(task) }
    return Reply(DeletePlanResult(planID: plan.publicID.asPlan))
  },
]
