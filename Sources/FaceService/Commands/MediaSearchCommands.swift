internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Search for media by what is known of them, in the shape of the reference's SearchMedia.
let mediaSearchCommands = [
  Command(
    "SearchMedia", .reader,
    libraryParameters + mediaSearchParameters + [
      "EntityId", "PageNo", "PageSize", "ScrollToken", "WithTotalCount",
    ]
  ) { service, parameters, context in
    let page = try parameters.numberedPage()
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        var search = try parameters.mediaSearch(in: library.id)
        search.among = try service.mediaOfEntity(parameters, in: library.id, snapshot)
        var members = parameters.all
        for name in ["PageNo", "PageSize", "ScrollToken", "WithTotalCount"] { members[name] = nil }
        let conditions = try LineCodec.content(JSONValue.object(members))
        var place: MediaScrolls.Place?
        let media: [MediaID]
        let total: MediaTotal
        if let token = try parameters.string("ScrollToken", limit: 64), !token.isEmpty {
          let kept = try service.scrolls.place(
            token, conditions: conditions, userID: context.caller.userID, library: library.id)
          (place, total) = (kept, kept.total)
          media = Array(kept.media[kept.shown...].prefix(page.size))
        } else if page.end <= MediaScrolls.limit {
          let found = try snapshot.media(search, count: MediaScrolls.limit, countsAll: withTotal)
          total = found.total
          media = Array(found.media.dropFirst(page.start).prefix(page.size))
          place = MediaScrolls.Place(
            conditions: conditions, media: found.media, total: total, shown: page.start)
        } else {
          (media, total) = try snapshot.media(
            search, offset: page.start, count: page.size, countsAll: withTotal)
        }
        place?.shown += media.count
        return SearchMediaResult(
          mediaInfoList: try snapshot.media(media).map { medium in
            var message = medium.message(video: try snapshot.video(medium.id))
            message.aiData = try snapshot.aiData(of: medium, service)
            return message
          },
          scrollToken: place.map {
            service.scrolls.token(for: $0, userID: context.caller.userID, library: library.id)
          },
          total: total.count, totalIsLowerBound: total.isLowerBound ? true : nil)
      }, withSuccess: true)
  }
]

extension MediaScrolls {
  /// The place that a request's token names.
  fileprivate func place(
    _ token: String, conditions: [UInt8], userID: UInt32, library: LibraryID
  ) throws(WireError) -> Place {
    guard let place = place(Key(userID: userID, library: library, token: token)) else {
      throw WireError(
        .invalidParameter, "The ScrollToken names no search, or its search has expired.",
        field: "ScrollToken", hint: "Search again without it.")
    }
    guard place.conditions == conditions else {
      throw WireError(
        .invalidParameter, "The ScrollToken belongs to another search.", field: "ScrollToken",
        hint: "Repeat all parameters of the search but PageNo and PageSize, or leave the token out."
      )
    }
    return place
  }
}

/// A page that is asked for by its number.
struct NumberedPage: Sendable {
  /// How many come before it.
  let start: Int
  let size: Int
  var end: Int { start + size }
}

extension Parameters {
  /// `PageNo`, from 1, and `PageSize`, 10 unless said otherwise and at most 50.
  func numberedPage() throws(WireError) -> NumberedPage {
    let number = try integer("PageNo", in: 1...1_000_000, default: 1)
    let size = try integer("PageSize", in: 1...50, default: 10)
    return NumberedPage(start: (number - 1) * size, size: size)
  }
}
