internal import FaceStore
internal import FaceTypes
internal import MatchLanguage
internal import WireProtocol

/// What SearchMediaByAILabel searches in.
private enum LabelSearchType: String, CaseIterable {
  case personName = "PersonName"
  case ocr = "Ocr"
  case aiCategory = "AiCategory"
  case fullSearch = "FullSearch"

  var fields: [MatchField] {
    switch self {
    case .personName: [.person]
    case .ocr: [.ocr]
    case .aiCategory: [.labelCategory]
    case .fullSearch: [.person, .ocr, .speech, .labelName, .labelCategory, .title, .tags]
    }
  }
}

private enum MatchingMode: String, CaseIterable {
  case fuzzy, precise

  func isMet(by name: String, _ text: String) -> Bool {
    switch self {
    case .precise: name == text
    case .fuzzy: name.lowercased().contains(text.lowercased())
    }
  }
}

private enum CreationOrder: String, CaseIterable {
  case descending = "CreationTime:Desc"
  case ascending = "CreationTime:Asc"
}

/// Search by names and labels, in the shape of the reference's SearchMediaByAILabel.
let labelSearchCommands = [
  Command(
    "SearchMediaByAILabel", .reader,
    libraryParameters + mediaFilterParameters + [
      "Text", "MultimodalSearchType", "MatchingMode", "SpecificSearch", "MediaId", "EntityId",
      "SortBy", "PageNo", "PageSize",
    ]
  ) { service, parameters, _ in
    let page = try parameters.numberedPage()
    let text = try parameters.requiredString("Text", limit: 1024)
    let type = try parameters.choice("MultimodalSearchType", LabelSearchType.self) ?? .fullSearch
    let mode = try parameters.choice("MatchingMode", MatchingMode.self) ?? .fuzzy
    let order = try parameters.choice("SortBy", CreationOrder.self) ?? .descending
    let withClips = try parameters.boolean("SpecificSearch", default: false)
    let medium = try parameters.mediaID("MediaId")
    var conditions = type.fields.map { field -> MatchExpression in
      .condition(
        MatchCondition(field, mode == .precise ? .equal(.text(text)) : .contains(text)))
    }
    if conditions.count > 1 { conditions = [.any(conditions)] }
    if let medium {
      conditions.append(
        .condition(MatchCondition(.mediaID, .equal(.text(medium.hexadecimal)))))
    }
    return Reply(
      try service.store.read { [conditions] snapshot in
        let library = try snapshot.library(of: parameters)
        var search = try parameters.mediaFilter(in: library.id)
        search.among = try service.mediaOfEntity(parameters, in: library.id, snapshot)
        let parts = conditions + (search.match.map { [$0] } ?? [])
        search.match = parts.count > 1 ? .all(parts) : parts[0]
        search.sort = [.init(.created, order == .descending ? .descending : .ascending)]
        let (media, total) = try snapshot.media(
          search, offset: page.start, count: page.size, countsAll: true)
        return SearchMediaByHybridResult(
          mediaList: try snapshot.media(media).map { medium in
            var found = HybridMedia(
              mediaID: medium.publicID.asMedia,
              clipInfo: withClips
                ? try snapshot.clips(
                  of: medium, words: [text], kinds: type.textKinds,
                  people: { type.searchesNames && mode.isMet(by: $0, text) }) : [])
            found.mediaInfo = medium.message(video: try snapshot.video(medium.id))
            return found
          }, total: total.count, query: nil)
      }, withSuccess: true)
  }
]

extension LabelSearchType {
  fileprivate var searchesNames: Bool { fields.contains(.person) }

  /// The attached texts that clips are made of.
  fileprivate var textKinds: Set<AttachedTextKind> {
    switch self {
    case .personName: []
    case .ocr: [.ocr]
    case .aiCategory: [.label]
    case .fullSearch: [.ocr, .speech, .label]
    }
  }
}
