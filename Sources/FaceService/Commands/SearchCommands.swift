internal import Clustering
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Search for media by a face, in the shape of the reference's SearchMediaByFace.
let searchCommands = [
  Command(
    "SearchMediaByFace", .reader,
    libraryParameters + mediaFilterParameters + faceQueryParameters + [
      "Match", "FaceSearchToken", "EntityId", "PageNo", "PageSize",
    ]
  ) { service, parameters, context in
    let page = try parameters.numberedPage()
    let library = try service.store.read { try $0.library(of: parameters) }
    let token = try parameters.string("FaceSearchToken", limit: 256)
    let key = FaceSearchTokens.Key(
      userID: context.caller.userID, library: library.id,
      token: token.flatMap { $0.isEmpty ? nil : $0 } ?? PublicIdentifier.random().hexadecimal)
    let search = try service.search(parameters, key: key, library: library, context)
    return Reply(
      try service.store.read { try $0.answer(search, key.token, page) }, withSuccess: true)
  },
  Command("ForgetFaceSearchToken", .reader, libraryParameters + ["FaceSearchToken"]) {
    service, parameters, context in
    let token = try parameters.requiredString("FaceSearchToken", limit: 256)
    let library = try service.store.read { try $0.library(of: parameters) }
    service.faceSearches.forget(
      .init(userID: context.caller.userID, library: library.id, token: token))
    return Reply(EmptyResult(), withSuccess: true)
  },
]

/// The parameters that say whom a face search is for.
private let faceQueryParameters = [
  "PersonImageUrl", "FigureIndex", "FacePosition", "PersonImageUrls", "FigureIds",
  "FigureClusterIds", "QueryEntityIds", "CounterImageUrls", "CounterFigureIds", "MinScore",
  "FalseAcceptRate",
]

extension WireError {
  fileprivate static func noSearch(field: String) -> WireError {
    WireError(
      .tokenExpired, "The FaceSearchToken names no search, or its search has expired.",
      field: field, hint: "Search again with PersonImageUrl.")
  }
}

/// The images of a request: of the person, and of people who are not meant.
private struct QueryImages {
  var person: LoadedImage?
  var examples: [LoadedImage] = []
  var counterexamples: [LoadedImage] = []

  var isEmpty: Bool { person == nil && examples.isEmpty && counterexamples.isEmpty }

  /// Says whether two requests have the same images.
  var digest: [UInt8] {
    let all = [person.map { [$0] } ?? [], examples, counterexamples]
    return all.flatMap { [UInt8($0.count)] + $0.flatMap { $0.sha256() } }
  }
}

extension Service {
  /// The search that the request's token names, or a new one kept under it.
  ///
  /// The same token with the same conditions continues the search, whether the images are given
  /// again or not; with other conditions it is an error, since its pages would shift.
  fileprivate func search(
    _ parameters: Parameters, key: FaceSearchTokens.Key, library: LibraryRecord,
    _ context: RequestContext
  ) throws -> FaceSearchTokens.Search {
    var members = parameters.all
    for name in [
      "PageNo", "PageSize", "FaceSearchToken", "PersonImageUrl", "PersonImageUrls",
      "CounterImageUrls",
    ] { members[name] = nil }
    let conditions = try LineCodec.content(JSONValue.object(members))
    let filter = try parameters.mediaFilter(in: library.id)
    let images = try queryImages(parameters, context)
    if let kept = faceSearches.search(key) {
      guard kept.conditions == conditions, images.isEmpty || images.digest == kept.imageDigest
      else {
        throw WireError(
          .tokenConflict, "The FaceSearchToken names a search with another image or conditions.",
          field: "FaceSearchToken", hint: "Use a new token for a new search.")
      }
      return kept
    }
    let isByStored = ["FigureIds", "FigureClusterIds", "QueryEntityIds"].contains {
      parameters.has($0)
    }
    guard images.person != nil || !images.examples.isEmpty || isByStored else {
      if parameters.has("FaceSearchToken") { throw WireError.noSearch(field: "FaceSearchToken") }
      throw parameters.missing("PersonImageUrl", Parameters.imageForms)
    }
    var query = try parameters.faceQuery(people.faces(of: library.id).calibration)
    var queryFace: (face: Face, index: Int, count: Int)?
    if let person = images.person {
      let faces = try analyze(person.bytes, thumbnails: false).faces.map(\.face)
      let position = try parameters.facePosition()
      let index = try parameters.integer("FigureIndex", in: 0...255).map(Int.init)
      let face = try chosenFace(faces, index: index, position: position, field: "PersonImageUrl")
      queryFace = (face, faces.firstIndex(of: face) ?? 0, faces.count)
      query.examples.append(face.embedding)
    }
    query.examples += try largestFaces(images.examples, field: "PersonImageUrls")
    query.counterexamples += try largestFaces(images.counterexamples, field: "CounterImageUrls")
    let search = try store.read { [query] snapshot in
      var query = query
      try snapshot.addStored(parameters, to: &query)
      var hits: [FaceSearchTokens.Hit] = []
      var position: [MediaID: Int] = [:]
      for hit in try self.hits(query, in: library.id, snapshot) {
        if let known = position[hit.media] {
          hits[known].figures.append(hit)
        } else {
          position[hit.media] = hits.count
          hits.append(FaceSearchTokens.Hit(media: hit.media, figures: [hit]))
        }
      }
      var wanted = Set(hits.map(\.media))
      if let shown = try mediaOfEntity(parameters, in: library.id, snapshot) {
        wanted.formIntersection(shown)
      }
      var filter = filter
      filter.among = wanted.sorted()
      let found = Set(try snapshot.media(filter, count: wanted.count).media)
      return FaceSearchTokens.Search(
        conditions: conditions, imageDigest: images.digest, queryFace: queryFace?.face,
        queryIndex: queryFace?.index, faceCount: queryFace?.count ?? 0,
        hits: hits.filter { found.contains($0.media) })
    }
    faceSearches.keep(search, as: key)
    return search
  }

  private func queryImages(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> QueryImages {
    QueryImages(
      person: try parameters.image("PersonImageUrl").map { try images.load($0, context) },
      examples: try parameters.images("PersonImageUrls", limit: 10).map {
        try images.load($0, context)
      },
      counterexamples: try parameters.images("CounterImageUrls", limit: 10).map {
        try images.load($0, context)
      })
  }

  private func largestFaces(_ images: [LoadedImage], field: String) throws -> [Embedding] {
    try images.map { image in
      let faces = try analyze(image.bytes, thumbnails: false).faces.map(\.face)
      return try chosenFace(faces, index: nil, field: field).embedding
    }
  }

  /// The face that is meant: the one that is asked for, or the one with the largest box.
  func chosenFace(
    _ faces: [Face], index: Int?, position: Point? = nil, field: String
  ) throws(WireError) -> Face {
    guard let largest = faces.max(by: { $0.boundingBox.area < $1.boundingBox.area }) else {
      throw WireError.noFace(field: field)
    }
    if let position {
      guard
        let there = faces.filter({ $0.boundingBox.holds(position) })
          .min(by: { $0.boundingBox.area < $1.boundingBox.area })
      else {
        throw WireError(
          .invalidParameter, "There is no face at FacePosition.", field: "FacePosition",
          hint: "DetectImageFaces lists the faces of the image with their boxes.")
      }
      return there
    }
    guard let index else { return largest }
    guard faces.indices.contains(index) else {
      throw WireError(
        .invalidParameter, "FigureIndex is \(index), but the image has \(faces.count) faces.",
        field: "FigureIndex", hint: "DetectImageFaces lists them; the first has index 0.")
    }
    return faces[index]
  }
}

extension BoundingBox {
  fileprivate func holds(_ point: Point) -> Bool {
    (x...(x + width)).contains(point.x) && (y...(y + height)).contains(point.y)
  }
}

extension Parameters {
  /// Several images.
  fileprivate func images(_ name: String, limit: Int) throws(WireError) -> [ImageReference] {
    guard let elements = try array(name, limit: limit) else { return [] }
    var images: [ImageReference] = []
    for (index, element) in elements.enumerated() {
      let single = Parameters(["\(name)[\(index)]": element])
      images.append(try single.requiredImage("\(name)[\(index)]"))
    }
    return images
  }

  /// `{"X": pixels, "Y": pixels}`.
  fileprivate func facePosition() throws(WireError) -> Point? {
    guard let position = try object("FacePosition") else { return nil }
    try position.allowOnly(["X", "Y"])
    guard let x = try position.number("X", in: 0...1e6),
      let y = try position.number("Y", in: 0...1e6)
    else { throw position.missing("X", "a number of pixels, and Y likewise") }
    return Point(x: Float(x), y: Float(y))
  }

  /// The thresholds; nobody is searched for yet.
  fileprivate func faceQuery(_ calibration: PairCalibration) throws(WireError) -> FaceQuery {
    var query = FaceQuery(minimumSimilarity: calibration.minimumSimilarityToReport)
    if let rate = try number("FalseAcceptRate", in: FalseAcceptCalibration.rates) {
      query.minimumSimilarity = FalseAcceptCalibration().similarity(falseAcceptRate: rate)
      query.isStrict = true
    }
    query.minimumScore = Float(try number("MinScore", in: 0...1) ?? 0)
    return query
  }
}

extension Snapshot {
  /// Examples that are in the store: figures, clusters with their best figures, enrolled people.
  fileprivate func addStored(_ parameters: Parameters, to query: inout FaceQuery) throws {
    query.examples += try embeddings(of: parameters, "FigureIds")
    query.counterexamples += try embeddings(of: parameters, "CounterFigureIds")
    for identifier in try parameters.clusterIDs("FigureClusterIds") ?? [] {
      let cluster = try existingCluster(identifier, field: "FigureClusterIds")
      query.clusters.append(cluster.id)
      let best = try figures(figureIDs(in: cluster.id))
        .sorted { $0.quality.value > $1.quality.value }.prefix(Self.exemplarCount)
      query.examples += try best.compactMap { try embedding(of: $0.id) }
    }
    for text in try parameters.words("QueryEntityIds", limit: 20, length: 64) ?? [] {
      guard let identifier = PublicIdentifier(text),
        let entity = try entity(withPublicID: identifier)
      else {
        throw WireError(
          .resourceNotFound, "There is no entity \(JSONValue.string(text).shown).",
          field: "QueryEntityIds")
      }
      query.examples += try samples(of: entity.id).map(\.embedding)
    }
  }

  /// Figures of a cluster that stand for it in a search.
  private static var exemplarCount: Int { 8 }

  private func embeddings(
    of parameters: Parameters, _ field: String
  ) throws -> [Embedding] {
    guard parameters.has(field) else { return [] }
    return try parameters.figureIDs(field).map { identifier in
      guard let figure = try figure(withPublicID: identifier),
        let embedding = try embedding(of: figure.id)
      else {
        throw WireError(
          .resourceNotFound, "There is no figure \(identifier.asFigure).", field: field)
      }
      return embedding
    }
  }

  /// One page of a search's hits; media deleted since are left out.
  fileprivate func answer(
    _ search: FaceSearchTokens.Search, _ token: String, _ page: NumberedPage
  ) throws -> SearchMediaByFaceResult {
    let media = try search.hits.dropFirst(page.start).prefix(page.size).compactMap {
      hit -> MediaMessage? in
      guard let medium = try self.media(hit.media), let best = hit.figures.first else { return nil }
      var figures = try messages(figures(of: medium.id))
      if let hitID = try figure(best.figure)?.publicID.asFigure {
        let position = figures.firstIndex { $0.figureID == hitID } ?? 0
        figures.insert(figures.remove(at: position), at: 0)
      }
      var message = medium.message(figures: figures, video: try video(medium.id))
      message.score = Double(share: best.score)
      message.cosine = best.similarity.map { Double(share: $0) }
      return message
    }
    return SearchMediaByFaceResult(
      mediaInfoList: media, total: search.hits.count, faceSearchToken: token,
      queryFigure: search.queryFace.map { FigureMessage($0) },
      queryFigureIndex: search.queryIndex, queryFigureCount: search.faceCount)
  }

  /// The enrolled person whom a figure shows: by its cluster, else by itself.
  func identity(of figure: FigureRecord, _ enrolled: Enrolled) throws -> EntityRecord? {
    if let cluster = figure.cluster, let tied = try entity(of: cluster),
      let entity = enrolled[tied]
    {
      return entity
    }
    guard enrolled.count > 0, let embedding = try embedding(of: figure.id) else { return nil }
    return enrolled.match(embedding)?.entity
  }
}
