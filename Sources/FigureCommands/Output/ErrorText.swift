internal import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// What figurectl says of an error: what is wrong, and what to do next.
enum ErrorText {
  /// Empty where all has been said already.
  static func of(_ error: any Error) -> String {
    switch error {
    // Names the command that was meant by itself.
    case let error as UsageError: return error.description
    case ClientError.refused(let refusal), ClientError.notPermitted(let refusal):
      let hint = hint(refusal).map { "\n\($0)" } ?? ""
      return "figurectl: \(refusal.message) (\(refusal.code.rawValue))\(hint)"
    default:
      let text = "\(error)"
      return text.isEmpty ? "" : "figurectl: \(text)"
    }
  }

  /// In this program's words where the daemon's speaks of the protocol.
  private static func hint(_ refusal: WireError) -> String? {
    switch (refusal.code, refusal.field) {
    case (.resourceNotFound, "SearchLibName"), (.resourceNotFound, "DatasetName"):
      "“figurectl libraries list” shows those that exist."
    case (.resourceNotFound, "ObjectId"), (.resourceNotFound, "FigureClusterId"):
      "“figurectl clusters” lists those that exist."
    case (.resourceNotFound, "EventId"):
      "“figurectl history” lists those that are remembered."
    case (.resourceNotFound, "Figures"), (.resourceNotFound, "FigureId"):
      "“figurectl cluster PERSON” lists a person's faces."
    case (.identityConflict, _):
      "“figurectl history --figure FIGURE” tells who said it and when; “figurectl undo EVENT” "
        + "takes it back."
    case (.alreadyUndone, _): "“figurectl redo EVENT” makes it anew."
    case (.resourceNotFound, "TaskId"):
      "“figurectl tasks” lists those that are remembered."
    default: refusal.hint
    }
  }
}
