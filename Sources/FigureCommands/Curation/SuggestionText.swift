internal import FaceClient
package import WireProtocol

/// Questions about who is who in plain words; each is put so that yes means one person.
package enum SuggestionText {
  /// The question in a line.
  package static func question(_ suggestion: SuggestionMessage) -> String {
    switch suggestion.kind {
    case .join: "Are \(person(suggestion, 0)) and \(person(suggestion, 1)) one person?"
    case .split:
      switch suggestion.reason {
      case "OnePhotograph": "Is \(person(suggestion, 0)) twice in one photograph?"
      default:
        "Are \(Quantity.count(suggestion.figureIDs.count)) faces of "
          + "\(person(suggestion, 0)) the same person?"
      }
    case .place: "Is this face that waits \(person(suggestion, 0))?"
    }
  }

  /// A person, with the number of faces in parentheses.
  static func person(_ suggestion: SuggestionMessage, _ index: Int) -> String {
    guard suggestion.objectIDs.indices.contains(index) else { return "somebody" }
    let name = suggestion.names[index]
    let who = name.isEmpty ? Identifier.short(suggestion.objectIDs[index]) : "“\(name)”"
    return "\(who) (\(Quantity.count(suggestion.faceCounts[index])))"
  }
}

extension SuggestionMessage {
  /// Whether the answer is in doubt: not if both answers would surprise.
  var isWorthAsking: Bool {
    reason == "OnePhotograph" || (0.005..<0.995).contains(probability)
  }
}
