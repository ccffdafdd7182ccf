internal import FaceStore
internal import FaceTypes
internal import MatchLanguage
internal import QueryText
internal import WireProtocol

/// Search by a line of words, in the shape of the reference's SearchMediaByHybrid.
let hybridCommands = [
  Command(
    "SearchMediaByHybrid", .reader,
    libraryParameters + mediaFilterParameters + [
      "Text", "MediaId", "EntityId", "PageNo", "PageSize",
    ]
  ) { service, parameters, _ in
    let page = try parameters.numberedPage()
    let text = try parameters.string("Text", limit: 1024) ?? ""
    let identifier = try parameters.mediaID("MediaId")
    guard !text.trimmed.isEmpty || identifier != nil else {
      throw parameters.missing("Text", "words to search by, or a MediaId in its place")
    }
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        var filter = try parameters.mediaFilter(in: library.id)
        filter.among = try service.mediaOfEntity(parameters, in: library.id, snapshot)
        let query = TextQuery(
          text, names: try snapshot.clusterNames(in: library.id),
          today: CalendarDay(milliseconds: Timestamp.systemNow().milliseconds))
        if let identifier {
          let medium = try snapshot.existingMedia(identifier, field: "MediaId")
          var found = HybridMedia(
            mediaID: medium.publicID.asMedia,
            clipInfo: try snapshot.clips(
              of: medium, words: query.terms, people: query.people.contains))
          var message = medium.message(video: try snapshot.video(medium.id))
          message.aiData = try snapshot.aiData(of: medium, service)
          found.mediaInfo = message
          return SearchMediaByHybridResult(
            mediaList: [found], total: 1, query: text.isEmpty ? nil : query.message)
        }
        let entries = try HybridSearch(query: query, filter: filter).entries(snapshot)
        return SearchMediaByHybridResult(
          mediaList: try entries.dropFirst(page.start).prefix(page.size).compactMap {
            try snapshot.message($0, query)
          },
          total: entries.count, query: query.message)
      }, withSuccess: true)
  }
]

/// A search by several recalls at once.
struct HybridSearch {
  let query: TextQuery
  let filter: MediaSearch

  /// In the order in which answers name them.
  static let recalls: [any Recall] = [
    TogetherRecall(), PeopleRecall(), WordsRecall(), DateRecall(), AttributeRecall(),
  ]

  /// Media that one recall gives at most.
  private static let limit = 1000

  /// The media that the recalls find and the filter lets through, best first.
  func entries(_ snapshot: Snapshot) throws -> [ReciprocalRankFusion.Entry] {
    let scope = RecallScope(snapshot: snapshot, library: filter.library, limit: Self.limit)
    var lists = try Self.recalls.map { try $0.media(for: query, in: scope) }
    if filter.match != nil || !filter.customFields.isEmpty || filter.among != nil {
      var filter = filter
      let found = Set(lists.joined())
      filter.among = (filter.among.map { found.intersection($0) } ?? found).sorted()
      let wanted = Set(try snapshot.media(filter, count: filter.among?.count ?? 0).media)
      lists = lists.map { $0.filter(wanted.contains) }
    }
    return ReciprocalRankFusion.fuse(lists)
  }
}

extension Snapshot {
  /// A medium that was found, and what found it; `nil` if there is none any more.
  fileprivate func message(
    _ entry: ReciprocalRankFusion.Entry, _ query: TextQuery
  ) throws -> HybridMedia? {
    guard let medium = try media(entry.media) else { return nil }
    var message = HybridMedia(
      mediaID: medium.publicID.asMedia,
      clipInfo: try clips(of: medium, words: query.terms, people: query.people.contains))
    message.score = Double(share: Float(entry.score))
    message.foundBy = entry.ranks.map { found in
      let recall = HybridSearch.recalls[found.list]
      return FoundBy(
        recall: recall.name, rank: found.rank, reason: recall.reason(for: query, medium))
    }
    return message
  }
}

extension TextQuery {
  fileprivate var message: HybridQuery {
    HybridQuery(
      people: people,
      dates: dates.map { "\($0.first.text)/\($0.last.text)" }, mediaType: mediaType?.rawValue,
      emotions: emotions.isEmpty ? nil : emotions.map(\.rawValue), terms: terms)
  }
}

extension CalendarDay {
  fileprivate var text: String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(padded(month))-\(padded(day))"
  }
}
