package import WireProtocol

/// Models, and the change from one to another, in plain words.
package enum ModelText {
  /// Fewer digits than this do not tell two models apart at a glance.
  private static let shownDigits = 12

  package static func lines(_ result: ModelSwitchResult) -> [String] {
    var lines = result.models.map { model in
      "\(short(model.fingerprint))  \(model.isConfigured ? "installed" : "the one before")"
        + "\(model.isInUse ? ", in use" : ""): \(model.directory)"
    }
    if let change = result.change { lines += self.lines(change) }
    return lines
  }

  /// How far a change has come, what it does, and what can be done next.
  package static func lines(_ change: ModelSwitchMessage) -> [String] {
    var lines = [
      "Change from \(short(change.from)) to \(short(change.to)): \(words(change.status)).",
      "\(Quantity.count(change.embedded)) of \(Quantity.count(change.figures, "face")) embedded"
        + (change.embeddedFromCrops > 0
          ? ", \(Quantity.count(change.embeddedFromCrops)) from their small pictures." : "."),
    ]
    for (obstacle, count) in change.notEmbedded.sorted(by: { $0.key < $1.key }) {
      lines.append("\(Quantity.count(count, "face")) cannot be embedded: \(words(obstacle)).")
    }
    if change.samplesLeft > 0 {
      lines.append(
        "\(Quantity.count(change.samplesLeft, "picture")) of enrolled people must be enrolled anew "
          + "for the new model.")
    }
    if change.status != .preparing { lines += change.plans.map(PlanText.summary) }
    return lines
  }

  /// What can be done now.
  package static func advice(_ result: ModelSwitchResult) -> String? {
    switch result.change?.status {
    case .preparing?: "“figurectl model prepare” goes on if no task does."
    case .ready?: "“figurectl model apply” switches over; it can be undone."
    case .applied?:
      "“figurectl model undo” goes back; “figurectl model discard” gives the old embeddings up."
    case nil:
      result.models.first?.isInUse == false
        ? "“figurectl model prepare” prepares the change to the installed one." : nil
    }
  }

  static func short(_ fingerprint: String) -> String { String(fingerprint.prefix(shownDigits)) }

  private static func words(_ status: ModelSwitchMessage.Status) -> String {
    switch status {
    case .preparing: "being prepared"
    case .ready: "ready"
    case .applied: "done"
    }
  }

  /// Why a face could not be seen again in its medium.
  static func words(_ obstacle: String) -> String {
    switch obstacle {
    case "NoPath": "the daemon has no path to the file"
    case "Unreadable": "the file is gone, or the daemon may not read it"
    case "Changed": "the file is not the one that was analysed"
    case "Undecodable": "the file can no longer be read as a picture"
    case "FaceNotFound": "the face was not found again"
    case "NoPicture": "it is a video's, and no small picture of it is kept: import the video again"
    default: obstacle
    }
  }
}
