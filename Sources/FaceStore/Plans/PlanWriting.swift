public import FaceTypes

extension Transaction {
  /// How many plans of a library are kept; a new one takes the place of the oldest.
  public static var planLimit: Int { 8 }

  /// Inserts an empty plan that a task is to make.
  @discardableResult
  public func insertReclusteringPlan(
    in library: LibraryID, task: TaskID, publicID: PublicIdentifier = .random(),
    requestedBy: UInt32
  ) throws(StoreError) -> ReclusteringPlanID {
    erasedRows += try execute(
      """
      DELETE FROM recluster_plans WHERE id IN (
        SELECT id FROM recluster_plans WHERE library = \(library)
          AND id NOT IN (SELECT plan FROM model_switch_plans) ORDER BY id DESC
        LIMIT -1 OFFSET \(Self.planLimit - 1))
      """)
    let key = try insert(
      """
      INSERT INTO recluster_plans(public_id, library, task, requested_by, created)
      VALUES (\(publicID), \(library), \(task), \(requestedBy), \(now))
      """)
    guard let key else { throw .alreadyExists(.plan, key: publicID.uuid) }
    return ReclusteringPlanID(rawValue: key)
  }

  /// Says what a plan changes; whatever it had is replaced.
  ///
  /// Figures that were erased meanwhile are left out.
  ///
  /// - Throws: ``StoreError/notFound(_:key:)`` for a plan that was deleted.
  public func fillReclusteringPlan(
    _ plan: ReclusteringPlanID, _ changes: [PlannedChange]
  ) throws(StoreError) {
    guard
      try execute("UPDATE recluster_plans SET made = \(now) WHERE id = \(plan)") > 0
    else { throw .notFound(.plan, key: "\(plan)") }
    try execute("DELETE FROM plan_changes WHERE plan = \(plan)")
    try execute("DELETE FROM plan_moves WHERE plan = \(plan)")
    for (number, change) in zip(1..., changes) {
      try execute(
        """
        INSERT INTO plan_changes(plan, number, kind) VALUES (\(plan), \(number), \(change.kind))
        """)
      for move in change.moves {
        let (cluster, new): (ClusterID?, Int?) =
          switch move.to {
          case .waiting: (nil, nil)
          case .cluster(let cluster): (cluster, nil)
          case .new(let number): (nil, number)
          }
        try execute(
          """
          INSERT INTO plan_moves(plan, change, figure, cluster_before, cluster_after, new_cluster)
          SELECT \(plan), \(number), id, \(move.from), \(cluster), \(new) FROM figures
          WHERE id = \(move.figure)
          """)
      }
    }
    try execute(
      """
      DELETE FROM plan_changes WHERE plan = \(plan) AND NOT EXISTS (
        SELECT 1 FROM plan_moves
        WHERE plan_moves.plan = plan_changes.plan AND change = number)
      """)
  }

  /// Remembers which event applied changes of a plan.
  public func setApplied(
    _ changes: [Int], of plan: ReclusteringPlanID, by event: IdentityEventID
  ) throws(StoreError) {
    for change in changes {
      try execute(
        """
        UPDATE plan_changes SET applied_by = \(event)
        WHERE plan = \(plan) AND number = \(change)
        """)
    }
  }

  /// Deletes a plan; what was applied of it stays.
  public func deleteReclusteringPlan(_ plan: ReclusteringPlanID) throws(StoreError) {
    erasedRows += try execute("DELETE FROM recluster_plans WHERE id = \(plan)")
  }
}
