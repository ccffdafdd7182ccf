internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// The clips of one video that a search has found, in the shape of the reference's
/// SearchMediaClipByFace.
let clipCommands = [
  Command(
    "SearchMediaClipByFace", .reader,
    libraryParameters + ["FaceSearchToken", "EntityId", "MediaId", "PageNo", "PageSize"]
  ) { service, parameters, context in
    let pageNumber = try parameters.integer("PageNo", in: 1...1_000_000, default: 1)
    let pageSize = try parameters.integer("PageSize", in: 1...50, default: 10)
    guard let identifier = try parameters.mediaID("MediaId") else {
      throw parameters.missing("MediaId", "a MediaId: 32 hexadecimal digits")
    }
    let token = try parameters.requiredString("FaceSearchToken", limit: 256)
    let library = try service.store.read { try $0.library(of: parameters) }
    let key = FaceSearchTokens.Key(
      userID: context.caller.userID, library: library.id, token: token)
    guard let search = service.faceSearches.search(key) else {
      throw WireError(
        .tokenExpired, "The FaceSearchToken names no search, or its search has expired.",
        field: "FaceSearchToken", hint: "Search again with SearchMediaByFace.")
    }
    return Reply(
      try service.store.read { snapshot in
        let medium = try snapshot.existingMedia(identifier, field: "MediaId")
        let hit = search.hits.first { $0.media == medium.id }
        let scores = (hit?.figures ?? []).map { ($0.figure, $0.score) }
        let entity = try snapshot.entity(parameters)?.publicID.hexadecimal
        let enrolled = try service.enrolledPeople.enrolled(for: library.id, snapshot)
        let clips = try snapshot.clips(of: Dictionary(scores, uniquingKeysWith: max))
          .map { try snapshot.identified($0, enrolled) }
          .filter { entity == nil || $0.entityID == entity }
        let start = min(clips.count, (pageNumber - 1) * pageSize)
        let end = min(clips.count, start + pageSize)
        return SearchMediaClipByFaceResult(
          mediaClipList: Array(clips[start..<end]), total: clips.count)
      }, withSuccess: true)
  }
]

extension Snapshot {
  /// A clip with the enrolled person whom its faces show, if it is one.
  fileprivate func identified(
    _ clip: MediaClipMessage, _ enrolled: Enrolled
  ) throws -> MediaClipMessage {
    var clip = clip
    for text in Set(clip.occurrencesInfos.compactMap(\.figureID)).sorted() {
      guard let identifier = PublicIdentifier(text),
        let figure = try figure(withPublicID: identifier),
        let entity = try identity(of: figure, enrolled)
      else { continue }
      clip.entityID = entity.publicID.hexadecimal
      clip.labelName = entity.name
      clip.category = entity.category.rawValue
      break
    }
    return clip
  }
}
