internal import FaceStore
internal import FaceTypes
internal import MatchLanguage
internal import WireProtocol

/// What a list of media can be sorted by, in the words of a Match.
private let sortFields: [(name: String, field: MediaSearch.SortField)] = [
  (MatchField.created.name, .created), (MatchField.modified.name, .modified),
  (MatchField.captured.name, .captured), (MatchField.title.name, .title),
  (MatchField.inputURL.name, .inputURL), (MatchField.mediaID.name, .mediaID),
  (MatchField.fileSize.name, .fileSize), (MatchField.width.name, .width),
  (MatchField.height.name, .height), (MatchField.faceCount.name, .faceCount),
]

/// The parameters that ``Parameters/mediaSearch(in:)`` reads.
let mediaSearchParameters = mediaFilterParameters + ["Match", "SortBy"]

extension Parameters {
  /// The media that Match and the filters beside it describe, in the order of SortBy.
  func mediaSearch(in library: LibraryID) throws(WireError) -> MediaSearch {
    var search = try mediaFilter(in: library)
    search.sort = try sortKeys()
    return search
  }

  /// The media that Match and the filters beside it describe.
  func mediaFilter(in library: LibraryID) throws(WireError) -> MediaSearch {
    var search = MediaSearch(library: library)
    let filters = try mediaQuery(in: library)
    var parts = filters.matches
    if let match = try match() { parts.append(match) }
    search.match = parts.count > 1 ? .all(parts) : parts.first
    search.customFields = filters.customFields.filter { $0.match.isTextRange }
    return search
  }

  private func match() throws(WireError) -> MatchExpression? {
    guard let text = try string("Match", limit: 8192), !text.trimmed.isEmpty else { return nil }
    do {
      return try MatchExpression(parsing: text)
    } catch {
      throw WireError(
        .invalidParameter, "Match is wrong in \(error).", field: "Match",
        hint: error.hint ?? "PROTOCOL.md has the language of Match.")
    }
  }

  /// `field:Desc`, several with commas between them; without a direction ascending.
  private func sortKeys() throws(WireError) -> [MediaSearch.SortKey] {
    guard let words = try words("SortBy", limit: 8, length: 64) else { return [] }
    var keys: [MediaSearch.SortKey] = []
    for word in words {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false)
      let name = String(parts[0].trimmed).lowercased()
      guard parts.count <= 2, let field = sortFields.first(where: { $0.name.lowercased() == name })
      else {
        throw invalid(
          "SortBy",
          "fields with :Desc or :Asc, out of "
            + sortFields.map(\.name).joined(separator: ", "))
      }
      let order: SortOrder
      switch parts.count == 2 ? parts[1].trimmed.lowercased() : "asc" {
      case "asc": order = .ascending
      case "desc": order = .descending
      default: throw invalid("SortBy", "fields with :Desc or :Asc")
      }
      keys.append(.init(field.field, order))
    }
    return keys
  }
}

extension MediaQuery {
  /// The filters as conditions of a Match, as far as they can be said there.
  fileprivate var matches: [MatchExpression] {
    var conditions: [MatchCondition] = []
    if let mediaType {
      conditions.append(MatchCondition(.mediaType, .equal(.text(mediaType.rawValue))))
    }
    if let namespace { conditions.append(MatchCondition(.namespace, .equal(.text(namespace)))) }
    if created.earliest != nil || created.latest != nil {
      conditions.append(
        MatchCondition(
          .created,
          .within(
            MatchRange(
              lower: created.earliest.map { .init(Double($0.milliseconds), isIncluded: true) },
              upper: created.latest.map { .init(Double($0.milliseconds), isIncluded: true) }))))
    }
    conditions += customFields.compactMap { filter in
      filter.match.test.map { MatchCondition(.custom(filter.field), $0) }
    }
    return conditions.map { .condition($0) }
  }
}

extension CustomFieldCondition.Match {
  /// Whether it compares texts by their order, which a Match cannot.
  fileprivate var isTextRange: Bool { test == nil }

  fileprivate var test: MatchTest? {
    switch self {
    case .equal(let value): return .equal(value.matchValue)
    case .anyOf(let values): return .anyOf(values.map(\.matchValue))
    case .range(let from, let through):
      var ends: [MatchRange.End?] = []
      for end in [from, through] {
        switch end {
        case .integer(let number)?: ends.append(.init(Double(number), isIncluded: true))
        case .text?: return nil
        case nil: ends.append(nil)
        }
      }
      return .within(MatchRange(lower: ends[0], upper: ends[1]))
    }
  }
}

extension CustomValue {
  fileprivate var matchValue: MatchValue {
    switch self {
    case .integer(let number): .number(Double(number))
    case .text(let text): .text(text)
    }
  }
}
