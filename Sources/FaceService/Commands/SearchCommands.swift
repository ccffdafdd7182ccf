internal import Clustering
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import VectorIndex
internal import WireProtocol

/// Search for media by a face, in the shape of the reference's SearchMediaByFace.
let searchCommands = [
  Command(
    "SearchMediaByFace", .reader,
    libraryParameters + mediaFilterParameters + [
      "PersonImageUrl", "FaceSearchToken", "EntityId", "FigureIndex", "PageNo", "PageSize",
    ]
  ) { service, parameters, context in
    let pageNumber = try parameters.integer("PageNo", in: 1...1_000_000, default: 1)
    let pageSize = try parameters.integer("PageSize", in: 1...50, default: 10)
    let library = try service.store.read { try $0.library(of: parameters) }
    let token = try parameters.string("FaceSearchToken", limit: 256)
    let key = FaceSearchTokens.Key(
      userID: context.caller.userID, library: library.id,
      token: token.flatMap { $0.isEmpty ? nil : $0 } ?? PublicIdentifier.random().hexadecimal)
    if let entity = try parameters.string("EntityId", limit: 64), !entity.isEmpty {
      throw WireError(
        .resourceNotFound, "There is no entity \(JSONValue.string(entity).shown).",
        field: "EntityId")
    }
    let search = try service.search(parameters, key: key, library: library, context)
    return Reply(
      try service.store.read { snapshot in
        try snapshot.answer(search, key.token, pageNumber: pageNumber, pageSize: pageSize)
      }, withSuccess: true)
  }
]

extension Service {
  /// The search that the request's token names, or a new one kept under it.
  ///
  /// The same token with the same conditions continues the search, whether the image is given
  /// again or not; with other conditions it is an error, since its pages would shift.
  fileprivate func search(
    _ parameters: Parameters, key: FaceSearchTokens.Key, library: LibraryRecord,
    _ context: RequestContext
  ) throws -> FaceSearchTokens.Search {
    var members = parameters.all
    for name in ["PageNo", "PageSize", "FaceSearchToken", "PersonImageUrl"] { members[name] = nil }
    let image = try parameters.image("PersonImageUrl")
    let index = try parameters.integer("FigureIndex", in: 0...255)
    let query = try parameters.mediaQuery(in: library.id)
    let loaded = try image.map { try images.load($0, context) }
    let digest = loaded?.sha256()
    let conditions = try LineCodec.content(JSONValue.object(members))

    if let kept = faceSearches.search(key) {
      guard kept.conditions == conditions, digest == nil || digest == kept.imageDigest else {
        throw WireError(
          .tokenConflict, "The FaceSearchToken names a search with another image or conditions.",
          field: "FaceSearchToken", hint: "Use a new token for a new search.")
      }
      return kept
    }
    guard let loaded, let digest else {
      if parameters.has("FaceSearchToken") {
        throw WireError(
          .tokenExpired, "The FaceSearchToken names no search, or its search has expired.",
          field: "FaceSearchToken", hint: "Search again with PersonImageUrl.")
      }
      throw parameters.missing("PersonImageUrl", Parameters.imageForms)
    }
    let found = try analyze(loaded.bytes, thumbnails: false).faces.map(\.face)
    let face = try chosenFace(found, index: index.map(Int.init))
    let search = FaceSearchTokens.Search(
      conditions: conditions, imageDigest: digest, queryFace: face,
      faceCount: found.count, hits: try hits(face, query))
    faceSearches.keep(search, as: key)
    return search
  }

  /// The face to search for: the one that is asked for, or the one with the largest box.
  private func chosenFace(_ faces: [Face], index: Int?) throws(WireError) -> Face {
    guard let largest = faces.max(by: { $0.boundingBox.area < $1.boundingBox.area }) else {
      throw WireError.noFace(field: "PersonImageUrl")
    }
    guard let index else { return largest }
    guard faces.indices.contains(index) else {
      throw WireError(
        .invalidParameter, "FigureIndex is \(index), but the image has \(faces.count) faces.",
        field: "FigureIndex", hint: "DetectImageFaces lists them; the first has index 0.")
    }
    return faces[index]
  }

  /// The media in which the face's person appears, best first.
  ///
  /// A figure is a hit if it resembles the face enough by itself, or if it is in the cluster that
  /// the face would join: so a person's hard pictures are found through the easy ones.
  private func hits(_ face: Face, _ query: MediaQuery) throws -> [FaceSearchTokens.Hit] {
    let faces = try people.faces(of: query.library)
    let calibration = faces.calibration
    let (direct, clusters) = faces.read { clusterer in
      (
        clusterer.neighbors(
          of: face.embedding.values, minimumSimilarity: calibration.minimumSimilarityToReport),
        clusterer.matches(for: face.embedding.values, norm: face.embedding.norm, count: 3)
          .filter(\.isConfident)
      )
    }
    return try store.read { snapshot in
      var found: [MediaID: [FigureID: Float]] = [:]
      func offer(_ figure: FigureRecord, _ probability: Float) {
        let known = found[figure.media]?[figure.id] ?? 0
        found[figure.media, default: [:]][figure.id] = max(known, probability)
      }
      for neighbor in direct {
        guard let figure = try snapshot.figure(neighbor.figure) else { continue }
        let norm = try snapshot.embedding(of: figure.id)?.norm ?? 0
        offer(
          figure,
          calibration.probability(
            similarity: neighbor.similarity, norms: face.embedding.norm, norm))
      }
      for match in clusters {
        for figure in try snapshot.figures(snapshot.figureIDs(in: match.cluster)) {
          offer(figure, match.probability * (figure.clusterConfidence ?? 1))
        }
      }
      let wanted = try snapshot.media(found.keys, fulfilling: query)
      return found.filter { wanted.contains($0.key) }.compactMap(FaceSearchTokens.Hit.init)
        .sorted { ($1.score, $0.media) < ($0.score, $1.media) }
    }
  }
}

extension FaceSearchTokens.Hit {
  /// The best of a medium's figures stands for it, of equal ones the first.
  fileprivate init?(media: MediaID, figures: [FigureID: Float]) {
    let best = figures.min { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let best else { return nil }
    self.init(media: media, figure: best.key, score: best.value, figures: figures)
  }
}

extension Snapshot {
  /// One page of a search's hits; media deleted since are left out.
  fileprivate func answer(
    _ search: FaceSearchTokens.Search, _ token: String, pageNumber: Int, pageSize: Int
  ) throws -> SearchMediaByFaceResult {
    let start = min(search.hits.count, (pageNumber - 1) * pageSize)
    let end = min(search.hits.count, start + pageSize)
    let media = try search.hits[start..<end].compactMap { hit -> MediaMessage? in
      guard let medium = try self.media(hit.media) else { return nil }
      var figures = try messages(figures(of: medium.id))
      if let hitID = try figure(hit.figure)?.publicID.asFigure {
        let position = figures.firstIndex { $0.figureID == hitID } ?? 0
        figures.insert(figures.remove(at: position), at: 0)
      }
      var message = medium.message(figures: figures, video: try video(medium.id))
      message.score = Double(share: hit.score)
      return message
    }
    return SearchMediaByFaceResult(
      mediaInfoList: media, total: search.hits.count, faceSearchToken: token,
      queryFigure: FigureMessage(search.queryFace), queryFigureCount: search.faceCount)
  }
}
