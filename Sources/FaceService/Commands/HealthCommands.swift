internal import FaceStore
internal import WireProtocol

extension Service {
  /// The most examples that an answer has of one kind of problem.
  private static let exampleLimit = 10

  /// What should not be, kind by kind.
  ///
  /// - Parameters:
  ///   - findings: of one look at everything.
  ///   - left: those of a second look, after something was done about the first.
  /// - Returns: for each kind how often it was found, and how many are mended.
  /// - Throws: ``StoreError``.
  fileprivate func messages(
    _ findings: [HealthFinding], left: [HealthFinding]?
  ) throws -> [HealthProblemMessage] {
    let rest = Dictionary(grouping: left ?? [], by: \.code)
    let groups = Dictionary(grouping: findings, by: \.code)
    return try store.read { snapshot in
      try groups.sorted { $0.key < $1.key }.map { code, findings in
        let count = findings.reduce(0) { $0 + $1.count }
        return HealthProblemMessage(
          code: code, message: findings[0].message, count: count,
          examples: try findings.prefix(Self.exampleLimit).compactMap {
            try $0.example(in: snapshot)
          },
          remedy: findings.lazy.compactMap(\.remedy).first,
          repaired: left == nil
            ? nil : max(0, count - (rest[code] ?? []).reduce(0) { $0 + $1.count }))
      }
    }
  }
}

let healthCommands = [
  Command("CheckHealth", .admin, ["Repair"]) { service, parameters, context in
    let repairs = try parameters.boolean("Repair", default: false)
    let findings = try service.people.healthFindings()
    var left: [HealthFinding]?
    if repairs, !findings.isEmpty {
      try service.people.repair(
        findings, CurationRequest(requestedBy: context.caller.userID, isRehearsal: false))
      left = try service.people.healthFindings()
    }
    let problems = try service.messages(findings, left: left)
    return Reply(
      try service.store.read { snapshot in
        let statistics = try snapshot.statistics()
        return CheckHealthResult(
          problems: problems, media: statistics.media.values.reduce(0, +),
          figures: statistics.figures, clusters: statistics.clusters,
          statements: try snapshot.libraries().reduce(0) {
            try $0 + snapshot.statements(in: $1.id).count
          })
      })
  }
]
