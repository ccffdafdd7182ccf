internal import FaceClient
package import WireProtocol

/// Entries of the log of identity in words.
package enum EventText {
  /// What happened, such as `Merged “Bob” into “Ada”`.
  package static func summary(_ event: IdentityEventMessage) -> String {
    let clusters = event.clusters
    let gaining = clusters.filter { $0.figuresGained > 0 }
    let losing = clusters.filter { $0.figuresLost > 0 }
    switch event.kind {
    case "Merge":
      let sources = clusters.filter { $0.change == "Merged" }
      let target = clusters.first { $0.objectID == sources.first?.mergedInto }
      return "Merged \(people(sources)) into \(target.map(person) ?? "another")"
    case "Split": return "Split \(people(created(clusters))) from \(people(losing))"
    case "Move": return gaining.isEmpty ? "Moved faces" : "Moved faces to \(people(gaining))"
    case "Rejection": return losing.isEmpty ? "Rejected faces" : "Not \(people(losing))"
    case "NotAFace": return "No faces"
    case "Link": return "Same person"
    case "Separation": return "Two people"
    case "Update": return update(clusters)
    case "Clustering": return "Placed faces"
    case "Reclustering": return "Clustered anew"
    case "ModelSwitch": return "Changed the model"
    case "PeopleImport": return "Imported people"
    case "Repair": return "Repaired"
    case "Undo": return event.reverses.map { "Undid \(Identifier.short($0))" } ?? "Undid"
    default: return event.kind
    }
  }

  private static func update(_ clusters: [IdentityEventMessage.ClusterChange]) -> String {
    guard let only = clusters.first, clusters.count == 1 else {
      let fields = Set(clusters.flatMap { $0.fields ?? [] }).sorted()
      return "Changed \(people(clusters))" + (fields.isEmpty ? "" : ": \(words(fields))")
    }
    let fields = only.fields ?? []
    let also = fields.isEmpty ? "" : "; \(words(fields))"
    if let name = only.name, let before = only.nameBefore {
      return "Renamed “\(before)” to “\(name)”\(also)"
    }
    if let before = only.nameBefore { return "Took the name “\(before)” away\(also)" }
    return fields.isEmpty ? "Named \(person(only))" : "Changed \(person(only)): \(words(fields))"
  }

  private static func created(
    _ clusters: [IdentityEventMessage.ClusterChange]
  ) -> [IdentityEventMessage.ClusterChange] { clusters.filter { $0.change == "Created" } }

  /// `BirthDate` as `birth date`.
  private static func words(_ fields: [String]) -> String {
    fields.map { field in
      field.reduce(into: "") { text, letter in
        if letter.isUppercase, !text.isEmpty { text += " " }
        text += letter.lowercased()
      }
    }.joined(separator: ", ")
  }

  private static func people(_ clusters: [IdentityEventMessage.ClusterChange]) -> String {
    guard let only = clusters.first, clusters.count == 1 else {
      return Quantity.people(clusters.count)
    }
    return person(only)
  }

  private static func person(_ cluster: IdentityEventMessage.ClusterChange) -> String {
    cluster.name.map { "“\($0)”" } ?? Identifier.short(cluster.objectID)
  }

  /// Who asked for it.
  package static func who(_ event: IdentityEventMessage) -> String {
    event.requestedBy.map(UserName.of) ?? "(figured)"
  }
}

extension Quantity {
  /// `1 person`, `2 people`.
  package static func people(_ value: Int) -> String { count(value, "person", plural: "people") }
}

extension FigureClusterMessage {
  /// The name with the beginning of the ID, as sentences call the person.
  var shown: String {
    let short = Identifier.short(objectID)
    return name.map { "“\($0)” (\(short))" } ?? "person \(short)"
  }
}
