package import WireProtocol

/// A plan of a re-clustering in plain words.
package enum PlanText {
  package static func summary(_ plan: FigureClusteringPlanMessage) -> String {
    let count = plan.changes.values.reduce(0, +)
    let name = "Plan \(Identifier.short(plan.planID)) of the library \(plan.datasetName)"
    switch plan.status {
    case .planning: return "\(name) is not made yet."
    case .abandoned: return "\(name) was given up."
    case .ready where count == 0: return "\(name): nothing would change."
    case .ready:
      let risk =
        plan.namesAtRisk == 0
        ? "No name is at risk." : "\(Quantity.count(plan.namesAtRisk, "name")) at risk!"
      return "\(name): \(Quantity.count(count, "change")) would move "
        + "\(Quantity.count(plan.figuresMoved, "face")). \(risk)"
    }
  }

  /// A change in a few lines.
  package static func lines(_ change: PlannedChangeMessage) -> [String] {
    let applied = change.appliedBy == nil ? "" : "  (applied)"
    var lines = [
      "\(change.changeID). \(change.kind), \(Quantity.count(change.figuresMoved, "face"))\(applied)"
    ]
    lines += change.clusters.map { "   \(sentence($0))" }
    let waiting = change.examples.count { $0.to == nil }
    if waiting > 0 { lines.append("   Faces would wait, in nobody's cluster.") }
    for name in change.namesAtRisk {
      lines.append("   At risk: “\(name)” would lose more than half of the faces!")
    }
    let examples = change.examples.prefix(3).map { Identifier.short($0.figureID) }
    if !examples.isEmpty { lines.append("   Faces: \(examples.joined(separator: ", ")) …") }
    return lines
  }

  /// What would become of a cluster.
  package static func sentence(_ cluster: PlannedChangeMessage.Cluster) -> String {
    let faces = Quantity.count(cluster.faceCount, "face")
    switch cluster.outcome {
    case "Founded":
      return "A new person would come of \(Quantity.count(cluster.figuresGained, "face"))."
    case "Ends": return "\(who(cluster)), \(faces), would end: all of them go to others."
    default:
      var parts: [String] = []
      if cluster.figuresGained > 0 { parts.append("gain \(Quantity.count(cluster.figuresGained))") }
      if cluster.figuresLost > 0 { parts.append("lose \(Quantity.count(cluster.figuresLost))") }
      return "\(who(cluster)), \(faces), would \(parts.joined(separator: " and "))."
    }
  }

  /// The name, or the ID of somebody without.
  static func who(_ cluster: PlannedChangeMessage.Cluster) -> String {
    if let name = cluster.name, !name.isEmpty { return "“\(name)”" }
    return cluster.objectID.map { "Unnamed \(Identifier.short($0))" } ?? "A person who is gone"
  }

  /// What came of applying a plan.
  package static func lines(_ result: ApplyPlanResult) -> [String] {
    let isRehearsal = result.change.dryRun == true
    var lines = [
      "\(isRehearsal ? "This would apply" : "Applied") "
        + "\(Quantity.count(result.changes.count, "change")): "
        + "\(Quantity.count(result.figuresMoved, "face")) moved."
    ]
    for (reason, count) in result.skipped.sorted(by: { $0.key < $1.key }) {
      let faces = Quantity.count(count, "face")
      lines.append("\(faces) \(count == 1 ? "stays" : "stay"): \(words(reason)).")
    }
    for name in result.namesAtRisk {
      lines.append("At risk: “\(name)” loses more than half of the faces.")
    }
    return lines
  }

  private static func words(_ reason: String) -> String {
    switch reason {
    case "MovedSince": "they have moved since the plan was made"
    case "ClusterEnded": "the person they would go to is gone"
    case "ClusterCurated": "their person has been named or confirmed since"
    case "Stated": "a user's word keeps them"
    default: reason
    }
  }
}
