public import FaceTypes

extension Snapshot {
  private static let planColumns: SQL = """
    recluster_plans.id, recluster_plans.public_id, recluster_plans.library, recluster_plans.task,
    recluster_plans.requested_by, recluster_plans.made, recluster_plans.created
    """
  private static let changeColumns: SQL = """
    plan_changes.plan, plan_changes.number, plan_changes.kind, plan_changes.applied_by
    """

  /// Finds a plan by its row.
  public final func reclusteringPlan(
    _ id: ReclusteringPlanID
  ) throws(StoreError) -> ReclusteringPlanRecord? {
    try plan(where: "id = \(id)")
  }

  /// Finds a plan by the name that clients know it by.
  public final func reclusteringPlan(
    withPublicID identifier: PublicIdentifier
  ) throws(StoreError) -> ReclusteringPlanRecord? {
    try plan(where: "public_id = \(identifier)")
  }

  /// Finds the plan that a task makes.
  public final func reclusteringPlan(
    of task: TaskID
  ) throws(StoreError) -> ReclusteringPlanRecord? {
    try plan(where: "task = \(task)")
  }

  private final func plan(where condition: SQL) throws(StoreError) -> ReclusteringPlanRecord? {
    try firstRow("SELECT \(Self.planColumns) FROM recluster_plans WHERE \(condition)") {
      row throws(StoreError) in try Self.plan(&row)
    }
  }

  /// The plans of a library, latest first, those of a change of the model left out.
  public final func reclusteringPlans(
    in library: LibraryID, page request: PageRequest
  ) throws(StoreError) -> Page<ReclusteringPlanRecord> {
    try page(
      PagedQuery(
        columns: Self.planColumns, source: "recluster_plans",
        conditions: [
          "recluster_plans.library = \(library)",
          "recluster_plans.id NOT IN (SELECT plan FROM model_switch_plans)",
        ], key: nil, id: "recluster_plans.id", sortCode: 97, order: .descending),
      request, includesTotal: false
    ) { row throws(StoreError) in try Self.plan(&row) }
  }

  /// The changes of a plan, by number.
  public final func plannedChanges(
    of plan: ReclusteringPlanID, page request: PageRequest, includesTotal: Bool = false
  ) throws(StoreError) -> Page<PlannedChangeRecord> {
    try page(
      PagedQuery(
        columns: Self.changeColumns, source: "plan_changes",
        conditions: ["plan_changes.plan = \(plan)"], key: nil, id: "plan_changes.id",
        sortCode: 98, order: .ascending),
      request, includesTotal: includesTotal
    ) { row throws(StoreError) in Self.change(&row) }
  }

  /// The numbers of all changes of a plan, in ascending order.
  public final func plannedChangeNumbers(
    of plan: ReclusteringPlanID
  ) throws(StoreError) -> [Int] {
    try rows("SELECT number FROM plan_changes WHERE plan = \(plan) ORDER BY number") { $0.int() }
  }

  /// The moves of one change of a plan, by figure.
  public final func plannedMoves(
    of plan: ReclusteringPlanID, change: Int
  ) throws(StoreError) -> [PlannedMove] {
    try rows(
      """
      SELECT figure, cluster_before, cluster_after, new_cluster FROM plan_moves
      WHERE plan = \(plan) AND change = \(change) ORDER BY figure
      """
    ) { row in
      let figure: FigureID = row.id()
      let from: ClusterID? = row.optionalID()
      let cluster: ClusterID? = row.optionalID()
      let new = row.optionalInteger()
      return PlannedMove(
        figure: figure, from: from,
        to: cluster.map { .cluster($0) } ?? new.map { .new(Int($0)) } ?? .waiting)
    }
  }

  /// How much a plan changes; names at risk as things are now.
  public final func extent(of plan: ReclusteringPlanID) throws(StoreError) -> PlanExtent {
    var extent = PlanExtent()
    try forEachRow("SELECT kind, count(*) FROM plan_changes WHERE plan = \(plan) GROUP BY kind") {
      row throws(StoreError) in extent.changes[row.text()] = row.int()
    }
    extent.movedFigures = try count("SELECT count(*) FROM plan_moves WHERE plan = \(plan)")
    extent.namesAtRisk = try count(
      """
      SELECT count(*) FROM clusters JOIN (
        SELECT cluster_before, count(*) AS lost FROM plan_moves
        WHERE plan = \(plan) AND cluster_before IS NOT NULL GROUP BY cluster_before
      ) ON cluster_before = clusters.id WHERE name IS NOT NULL AND 2 * lost > face_count
      """)
    return extent
  }

  private static func plan(_ row: inout Row) throws(StoreError) -> ReclusteringPlanRecord {
    ReclusteringPlanRecord(
      id: row.id(), publicID: try row.publicID(), library: row.id(), task: row.optionalID(),
      requestedBy: UInt32(truncatingIfNeeded: row.integer()), made: row.optionalTimestamp(),
      created: row.timestamp())
  }

  private static func change(_ row: inout Row) -> PlannedChangeRecord {
    PlannedChangeRecord(
      plan: row.id(), number: row.int(), kind: row.text(), appliedBy: row.optionalID())
  }
}

extension ReclusteringPlanID: SQLConvertible {}
