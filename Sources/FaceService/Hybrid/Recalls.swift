internal import FaceStore
internal import FaceTypes
internal import MatchLanguage
internal import QueryText

/// Everything the query says at once: who finds by it has found what was meant.
struct TogetherRecall: Recall {
  let name = "together"

  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID] {
    let conditions = query.exactConditions
    guard conditions.count + query.terms.count > 1 else { return [] }
    let match = conditions.count > 1 ? .all(conditions) : conditions.first
    guard !query.terms.isEmpty else { return try match.map(scope.media) ?? [] }
    let withWords = try scope.snapshot.media(
      withAllWords: query.terms, in: scope.library, limit: scope.limit)
    guard let match else { return withWords }
    return try scope.media(match, among: withWords)
  }

  func reason(for query: TextQuery, _ medium: MediaRecord) -> String {
    "It fits everything that was asked for."
  }
}

/// People by their names.
struct PeopleRecall: Recall {
  let name = "people"

  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID] {
    guard !query.people.isEmpty else { return [] }
    let names = query.people.map { MatchValue.text($0) }
    let all = try scope.media(.condition(MatchCondition(.person, .allOf(names))))
    guard query.people.count > 1 else { return all }
    let known = Set(all)
    let any = try scope.media(.condition(MatchCondition(.person, .anyOf(names))))
    return Array((all + any.filter { !known.contains($0) }).prefix(scope.limit))
  }

  func reason(for query: TextQuery, _ medium: MediaRecord) -> String {
    "It shows somebody of " + query.people.joined(separator: ", ") + "."
  }
}

/// Words in title, tags, description, folders, and in texts that others attached.
struct WordsRecall: Recall {
  let name = "words"

  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID] {
    let terms = query.terms + query.emotionTerms
    guard !terms.isEmpty else { return [] }
    return try scope.snapshot.media(
      withWords: terms, in: scope.library, limit: scope.limit
    ).map(\.media)
  }

  func reason(for query: TextQuery, _ medium: MediaRecord) -> String {
    let details = medium.details
    let places: [(String, [String])] = [
      ("the title", [details.title ?? ""]), ("the tags", details.tags),
      ("the description", [details.description ?? ""]),
      ("an attached text", details.texts.map(\.content)),
      ("the file's place", [medium.uri.percentDecoded ?? medium.uri]),
    ]
    let found = places.compactMap { place, texts -> String? in
      let words = (query.terms + query.emotionTerms).filter { term in
        texts.contains { $0.lowercased().contains(term) }
      }
      return words.isEmpty ? nil : "\(words.joined(separator: ", ")) in \(place)"
    }
    return "There is " + found.joined(separator: "; ") + "."
  }
}

/// When a picture was taken, by the camera's clock.
struct DateRecall: Recall {
  let name = "date"

  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID] {
    guard let condition = query.dateCondition else { return [] }
    return try scope.media(condition)
  }

  func reason(for query: TextQuery, _ medium: MediaRecord) -> String {
    "It was taken on " + (medium.content.captureTime?.iso8601.prefix(10) ?? "that day") + "."
  }
}

/// What the file itself tells: its kind, where it was taken, how many faces it shows and what they
/// express.
struct AttributeRecall: Recall {
  let name = "attributes"

  func media(for query: TextQuery, in scope: RecallScope) throws -> [MediaID] {
    let conditions = query.attributeConditions
    guard let first = conditions.first else { return [] }
    return try scope.media(conditions.count > 1 ? .all(conditions) : first)
  }

  func reason(for query: TextQuery, _ medium: MediaRecord) -> String {
    var facts: [String] = []
    if query.mediaType != nil { facts.append("its kind is \(medium.mediaType.rawValue)") }
    if query.faceCount != nil { facts.append("it has as many faces") }
    if !query.emotions.isEmpty {
      let emotions = query.emotions.map(\.rawValue).joined(separator: " and ")
      facts.append("faces in it express \(emotions)")
    }
    if query.position != nil { facts.append("it was taken there") }
    return facts.joined(separator: ", ").capitalizedFirst + "."
  }
}

extension RecallScope {
  /// The media that fulfil a condition, the latest taken first.
  fileprivate func media(_ match: MatchExpression) throws -> [MediaID] {
    try media(match, among: nil)
  }

  fileprivate func media(_ match: MatchExpression, among: [MediaID]?) throws -> [MediaID] {
    try snapshot.media(
      MediaSearch(
        library: library, match: match, among: among, sort: [.init(.captured, .descending)]),
      count: limit
    ).media
  }
}

extension TextQuery {
  /// What can be asked of a medium exactly.
  fileprivate var exactConditions: [MatchExpression] {
    var conditions: [MatchExpression] = []
    if !people.isEmpty {
      conditions.append(
        .condition(MatchCondition(.person, .allOf(people.map { .text($0) }))))
    }
    if let dateCondition { conditions.append(dateCondition) }
    return conditions + attributeConditions
  }

  fileprivate var dateCondition: MatchExpression? {
    let spans = dates.map { span -> MatchExpression in
      let (first, last) = (span.milliseconds.lowerBound, span.milliseconds.upperBound)
      return .condition(
        MatchCondition(
          .captured,
          .within(
            MatchRange(
              lower: .init(Double(first), isIncluded: true),
              upper: .init(Double(last), isIncluded: true)))))
    }
    return spans.count > 1 ? .any(spans) : spans.first
  }

  fileprivate var attributeConditions: [MatchExpression] {
    var conditions: [MatchExpression] = []
    if let mediaType {
      conditions.append(
        .condition(MatchCondition(.mediaType, .equal(.text(mediaType.rawValue)))))
    }
    if let faceCount {
      let upper = faceCount.upperBound == .max ? nil : Double(faceCount.upperBound)
      conditions.append(
        .condition(
          MatchCondition(
            .faceCount,
            .within(
              MatchRange(
                lower: .init(Double(faceCount.lowerBound), isIncluded: true),
                upper: upper.map { .init($0, isIncluded: true) })))))
    }
    for emotion in emotions {
      conditions.append(
        .condition(MatchCondition(.faceEmotion, .equal(.text(emotion.rawValue)))))
    }
    if let position {
      for (field, center) in [
        (MatchField.latitude, position.latitude), (.longitude, position.longitude),
      ] {
        conditions.append(
          .condition(
            MatchCondition(
              field,
              .within(
                MatchRange(
                  lower: .init(center - Self.reach, isIncluded: true),
                  upper: .init(center + Self.reach, isIncluded: true))))))
      }
    }
    return conditions
  }

  /// Degrees around a position: eleven kilometres of latitude.
  private static let reach = 0.1
}
