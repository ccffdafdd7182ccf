public import FaceTypes

extension Transaction {
  /// Says by which model's embeddings faces are compared.
  ///
  /// - Parameters:
  ///   - model: its fingerprint.
  ///   - dimension: how many numbers its embeddings have.
  /// - Throws: ``StoreError``.
  public func setModelInUse(
    _ model: ModelFingerprint, dimension: Int
  ) throws(StoreError) {
    let key = try fingerprint(model, dimension: dimension)
    try execute(
      """
      INSERT INTO model_in_use(id, fingerprint) VALUES (1, \(key))
      ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint
      """)
  }

  /// Begins the change from one model to another, or prepares one that is not applied once more:
  /// what could not be embedded is tried again.
  ///
  /// - Parameters:
  ///   - source: the model that is left; the store knows it.
  ///   - target: the model that takes its place.
  ///   - dimension: how many numbers the target's embeddings have.
  ///   - requestedBy: the user id of who asked.
  /// - Throws: ``StoreError``.
  public func beginModelSwitch(
    from source: ModelFingerprint, to target: ModelFingerprint, dimension: Int,
    requestedBy: UInt32
  ) throws(StoreError) {
    let new = try fingerprint(target, dimension: dimension)
    try execute(
      """
      INSERT INTO model_switches(id, source, target, state, requested_by, created)
      SELECT 1, id, \(new), \(ModelSwitchRecord.State.preparing.rawValue), \(requestedBy), \(now)
      FROM fingerprints WHERE hexadecimal = \(source.hexadecimal)
      ON CONFLICT (id) DO UPDATE SET source = excluded.source, target = excluded.target,
        state = excluded.state, requested_by = excluded.requested_by, created = excluded.created,
        prepared = NULL, applied = NULL
      """)
    try execute("DELETE FROM model_switch_figures WHERE origin IS NULL")
  }

  /// Says how far the change of the model has come.
  public func setModelSwitchState(_ state: ModelSwitchRecord.State) throws(StoreError) {
    try execute(
      """
      UPDATE model_switches SET state = \(state.rawValue),
        prepared = CASE WHEN state = 'Preparing' THEN \(now) ELSE prepared END,
        applied = CASE WHEN \(state == .applied) THEN \(now) END
      """)
  }

  /// Stores what came of embedding figures anew; those that were erased meanwhile are passed over.
  public func record(_ reembeddings: [FigureReembedding]) throws(StoreError) {
    for result in reembeddings {
      let figure = result.figure
      guard try integer("SELECT 1 FROM figures WHERE id = \(figure)") != nil else { continue }
      try execute(
        """
        INSERT INTO model_switch_figures(figure, origin, obstacle)
        VALUES (\(figure), \(result.origin?.rawValue), \(result.obstacle))
        ON CONFLICT (figure) DO UPDATE SET origin = excluded.origin, obstacle = excluded.obstacle
        """)
      if let embedding = result.embedding { try insert(embedding, of: figure) }
    }
  }

  /// Stores an embedding of a figure, beside those of other models.
  func insert(_ embedding: Embedding, of figure: FigureID) throws(StoreError) {
    let fingerprint = try fingerprint(
      embedding.fingerprint, dimension: embedding.values.count)
    try execute(
      """
      INSERT INTO embeddings(figure, fingerprint, norm, vector)
      VALUES (\(figure), \(fingerprint), \(embedding.norm), \(embedding.values.littleEndianBytes))
      ON CONFLICT (figure, fingerprint) DO UPDATE SET norm = excluded.norm, vector = excluded.vector
      """)
  }

  /// Stores what the change of the model would do in each library, in place of what was there.
  ///
  /// - Parameters:
  ///   - plans: the changes of each library.
  ///   - task: that found them out.
  ///   - requestedBy: the user id of who asked.
  /// - Throws: ``StoreError``.
  public func setModelSwitchPlans(
    _ plans: [(library: LibraryID, changes: [PlannedChange])], task: TaskID, requestedBy: UInt32
  ) throws(StoreError) {
    try deleteModelSwitchPlans()
    for (library, changes) in plans where try self.library(library) != nil {
      let plan = try insertReclusteringPlan(in: library, task: task, requestedBy: requestedBy)
      try execute("INSERT INTO model_switch_plans(plan) VALUES (\(plan))")
      try fillReclusteringPlan(plan, changes)
    }
  }

  private func deleteModelSwitchPlans() throws(StoreError) {
    erasedRows += try execute(
      "DELETE FROM recluster_plans WHERE id IN (SELECT plan FROM model_switch_plans)")
  }

  /// Remembers the event by which the change of the model was made in a plan's library.
  public func setEvent(
    _ event: IdentityEventID?, ofModelSwitchPlan plan: ReclusteringPlanID
  ) throws(StoreError) {
    try execute("UPDATE model_switch_plans SET event = \(event) WHERE plan = \(plan)")
  }

  /// Ends the change of the model: whichever of the two is not in use is given up.
  ///
  /// Its embeddings are erased; a figure that has no other one keeps it.
  ///
  /// - Returns: how many embeddings were erased.
  /// - Throws: ``StoreError``.
  public func discardModelSwitch() throws(StoreError) -> Int {
    let count = try execute(
      """
      DELETE FROM embeddings WHERE fingerprint IN (
        SELECT source FROM model_switches UNION SELECT target FROM model_switches)
      AND fingerprint <> (SELECT fingerprint FROM model_in_use)
      AND EXISTS (SELECT 1 FROM embeddings AS other
        WHERE other.figure = embeddings.figure
          AND other.fingerprint = (SELECT fingerprint FROM model_in_use))
      """)
    try deleteModelSwitchPlans()
    try execute("DELETE FROM model_switch_figures")
    try execute("DELETE FROM model_switches")
    erasedRows += count
    return count
  }
}
