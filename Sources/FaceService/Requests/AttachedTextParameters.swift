internal import FaceStore
internal import WireProtocol

/// Seconds within a medium: a week is longer than any.
private let longestMedium: Double = 604_800

extension Parameters {
  /// What others have made of a medium, in the shape in which SearchMedia gives it back.
  ///
  /// Each list that is given takes the place of what was there of its kind.
  ///
  /// - Parameter old: what is kept where the request says nothing.
  /// - Returns: the texts as they are to be.
  /// - Throws: a refusal that names the field.
  func attachedTexts(changing old: [AttachedText]) throws(WireError) -> [AttachedText] {
    var texts = old
    if let description = try string("VisionDescription", limit: 8192) {
      texts.removeAll { $0.kind == .caption }
      if !description.isEmpty {
        texts.append(AttachedText(kind: .caption, content: description))
      }
    }
    guard let data = try objectOrText("AiData") else { return texts }
    try data.allowOnly(["OcrInfo", "AsrInfo", "AiLabelInfo"])
    for (name, kind) in [("OcrInfo", AttachedTextKind.ocr), ("AsrInfo", .speech)] {
      guard let entries = try data.objects(name, limit: Self.attachedLimit) else { continue }
      texts.removeAll { $0.kind == kind }
      for entry in entries { texts.append(try entry.spokenOrSeen(kind)) }
    }
    if let entries = try data.objects("AiLabelInfo", limit: Self.attachedLimit) {
      texts.removeAll { $0.kind == .label }
      for entry in entries { texts += try entry.labels() }
    }
    guard texts.count <= Self.attachedLimit else {
      throw WireError(
        .invalidParameter, "A medium has at most \(Self.attachedLimit) attached texts.",
        field: "AiData")
    }
    return texts
  }

  private static let attachedLimit = 2000

  private func spokenOrSeen(_ kind: AttachedTextKind) throws(WireError) -> AttachedText {
    try allowOnly(["From", "To", "Timestamp", "Content", "ClipId"])
    var text = AttachedText(kind: kind, content: try requiredString("Content", limit: 4096))
    (text.start, text.end) = try span()
    text.moment = try number("Timestamp", in: 0...longestMedium)
    return text
  }

  /// A label, once for each of its occurrences.
  private func labels() throws(WireError) -> [AttachedText] {
    try allowOnly(["LabelName", "LabelType", "LabelId", "Category", "Source", "Occurrences"])
    let label = AttachedText(
      kind: .label, content: try requiredString("LabelName", limit: 1024),
      labelType: try string("LabelType", limit: 256),
      labelCategory: try string("Category", limit: 256), labelID: try string("LabelId", limit: 256),
      source: try string("Source", limit: 256))
    let occurrences = try objects("Occurrences", limit: Self.attachedLimit) ?? []
    guard !occurrences.isEmpty else { return [label] }
    var labels: [AttachedText] = []
    for occurrence in occurrences {
      try occurrence.allowOnly(["Score", "From", "To"])
      var label = label
      label.score = try occurrence.number("Score", in: 0...1)
      (label.start, label.end) = try occurrence.span()
      labels.append(label)
    }
    return labels
  }

  private func span() throws(WireError) -> (start: Double?, end: Double?) {
    let start = try number("From", in: 0...longestMedium)
    let end = try number("To", in: 0...longestMedium)
    if let start, let end, end < start { throw invalid("To", "not before From") }
    return (start, end)
  }
}
