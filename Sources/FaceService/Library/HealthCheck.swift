internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension FaceLibraries {
  /// Looks at everything that is stored and at what memory has of it.
  ///
  /// Reading the file goes on beside everything else; each library is held for as long as it is
  /// compared with memory.
  ///
  /// - Returns: what should not be.
  /// - Throws: ``StoreError``.
  func healthFindings() throws -> [HealthFinding] {
    var findings = try store.read { try $0.healthProblems() }.map { HealthFinding.stored($0) }
    for library in try store.read({ try $0.libraries() }) {
      findings += try change(library.id) { transaction, faces in
        try memoryFindings(library.id, transaction, faces)
      }
      let foreign = try store.read {
        try $0.countFigures(in: library.id, withoutFingerprint: model.fingerprint)
      }
      if foreign > 0 { findings.append(.otherModel(library.id, count: foreign)) }
    }
    return findings
  }

  /// Where memory and disk differ.
  private func memoryFindings(
    _ library: LibraryID, _ transaction: Transaction, _ faces: LibraryFaces
  ) throws -> [HealthFinding] {
    var findings: [HealthFinding] = []
    let statements = try transaction.statements(in: library)
    let notFaces = Set(
      statements.compactMap { statement in
        if case .notAFace(let figure) = statement { figure } else { nil }
      })
    var stored: Set<FigureID> = []
    let clusterer = faces.read { $0 }
    if let fault = clusterer.soundnessFault { findings.append(.unsound(library, fault)) }
    try transaction.forEachEmbeddedFigure(in: library, fingerprint: model.fingerprint) { figure in
      guard !notFaces.contains(figure.figure) else { return }
      stored.insert(figure.figure)
      if !clusterer.contains(figure.figure)
        || clusterer.cluster(of: figure.figure) != figure.cluster
      {
        findings.append(.memory(library, figure.figure))
      }
    }
    findings += clusterer.figures.filter { !stored.contains($0) }.map { .memory(library, $0) }
    let accepted = Set(clusterer.acceptedConstraints)
    if !accepted.isSubset(of: Set(statements.compactMap(Constraint.init))) {
      findings.append(.unsound(library, "it holds a statement that was taken back"))
    }
    for statement in statements {
      if let constraint = Constraint(statement), !accepted.contains(constraint) {
        findings.append(.conflicting(library, statement))
      }
    }
    return findings
  }

  /// Mends what can be mended; every change of who is who is an event of the log.
  ///
  /// - Parameters:
  ///   - findings: as ``healthFindings()`` brought them.
  ///   - request: who asks.
  /// - Throws: ``StoreError``.
  func repair(_ findings: [HealthFinding], _ request: CurationRequest) throws {
    let rows = findings.compactMap { finding in
      if case .stored(let problem) = finding { problem } else { nil }
    }
    try store.write { transaction in
      for problem in rows { _ = try transaction.repairRows(problem) }
    }
    // From here on memory is what the disk says.
    for library in try store.read({ try $0.libraries() }) { try reload(library.id) }
    for library in try store.read({ try $0.libraries() }) {
      _ = try curate(library.id, .repair, request) { curation in
        try curation.repair(try curation.transaction.healthProblems(of: library.id))
        try curation.retractConflicts()
      }
    }
  }
}

extension Curation {
  /// Mends what concerns who is who.
  fileprivate func repair(_ problems: [HealthProblem]) throws {
    var contradicted: [IdentityStatement] = []
    for problem in problems {
      switch problem {
      case .emptyCluster(let cluster):
        try transaction.deleteCluster(cluster)
        try impose(Imposition(protection: [cluster: false]))
      case .mergedWithFigures(let cluster):
        guard let heir = try heir(of: cluster) else { continue }
        try place(faces.read { $0.figures(of: cluster) }, in: heir)
      case .contradicted(let statement): contradicted.append(statement)
      default: break
      }
    }
    try enforce(contradicted)
  }

  /// Puts figures where the statements about them say that they are, or away from where not.
  private func enforce(_ statements: [IdentityStatement]) throws {
    var released: [FigureID] = []
    for statement in statements {
      switch statement {
      case .pin(let figure, let cluster): try place([figure], in: cluster)
      case .mustLink(let figure, let other):
        if let cluster = faces.read({ $0.cluster(of: figure) ?? $0.cluster(of: other) }) {
          try place([figure, other], in: cluster)
        }
      case .exclude(let figure, _), .notAFace(let figure): released.append(figure)
      case .cannotLink(let figure, let other):
        // The one that a user pinned stays.
        let isPinned = try transaction.statements(of: other).contains {
          if case .pin = $0 { true } else { false }
        }
        released.append(isPinned ? figure : other)
      }
    }
    try place(released, in: nil)
    let lost = released.filter { figure in faces.read { $0.contains(figure) } }
    try transaction.apply(faces.change { $0.replace(lost) }, in: library)
  }

  /// Puts figures into a cluster, or lets them wait, in the store and in memory.
  private func place(_ figures: [FigureID], in cluster: ClusterID?) throws {
    guard !figures.isEmpty else { return }
    try transaction.assign(
      figures.map {
        ClusterAssignment(
          figure: $0, cluster: cluster, confidence: cluster == nil ? nil : 1,
          waitingReason: cluster == nil ? WaitingReason.tooUnclearToFound.rawValue : nil)
      })
    try impose(
      Imposition(placements: Dictionary(uniqueKeysWithValues: figures.map { ($0, cluster) })))
  }

  /// The cluster that a merged one goes on in; `nil` if mergers run in a circle.
  private func heir(of cluster: ClusterID) throws -> ClusterID? {
    var seen: Set<ClusterID> = []
    var current = cluster
    while seen.insert(current).inserted {
      guard let record = try transaction.cluster(current) else { return nil }
      guard let next = record.mergedInto else { return current }
      current = next
    }
    return nil
  }

  /// Takes back statements that contradict those before them.
  fileprivate func retractConflicts() throws {
    let accepted = Set(faces.read { $0.acceptedConstraints })
    for statement in try transaction.statements(in: library) {
      guard let constraint = Constraint(statement), !accepted.contains(constraint) else {
        continue
      }
      try transaction.retract(statement, in: library)
    }
  }
}
